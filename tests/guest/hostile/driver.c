/**
 * driver.c - a driver of the edu device that never finishes what it began.
 */
#include "abi/user_memory_map.h"
#include "guest/common/edu.h"
#include "guest/hostile/hostile.h"
#include "mnos/memory.h"
#include "mnos/process.h"

#define REGISTERS 0x30000000ul
#define BUFFER    0x31000000ul

enum { SLOT_DMA = CHILD_SLOT_ENDPOINT, SLOT_FRAME = 8 };

uint64_t scenario_drive_dma(uint64_t parameter)
{
    uint64_t physical = parameter;

    if (sys_map_memory(CHILD_SLOT_SELF, CHILD_SLOT_EXTRA, REGISTERS, MN_MAP_WRITABLE) !=
            MN_OK ||
        sys_alloc_memory(CHILD_SLOT_ACCOUNT, SLOT_FRAME, 0) != MN_OK ||
        sys_map_memory(CHILD_SLOT_SELF, SLOT_FRAME, BUFFER, MN_MAP_WRITABLE) != MN_OK ||
        sys_frame_address(SLOT_DMA, SLOT_FRAME, &physical) != MN_OK) {
        return SCENARIO_BAD;
    }
    edu_copy(REGISTERS, physical, EDU_DMA_TO_MEMORY | EDU_DMA_INTERRUPT);
    shared()->go = 1;
    for (;;) {
    }
}
