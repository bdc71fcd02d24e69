/**
 * fuzz_user_registers.c - any trap frame: what is admitted can be loaded by IRETQ in ring 0
 * without a fault and without a privilege, and says the same when it is admitted again.
 */
#include "core/user_registers.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/** IF and bit 1 set; IOPL, NT, VM, VIF, VIP and what is reserved clear. */
static bool flags_are_ring_3s(uint64_t rflags)
{
    return (rflags & 0x202) == 0x202 && (rflags & 0x1a7028) == 0 && rflags >> 22 == 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct mn_trap_frame frame = {0};
    struct mn_trap_frame again;

    memcpy(&frame, data, size < sizeof(frame) ? size : sizeof(frame));
    again = frame;
    if (!user_registers_admit(&frame)) {
        require(frame.rip >= 0x7ffffffff000);
        require(memcmp(&frame, &again, sizeof(frame)) == 0);
        return 0;
    }
    /* The upper bits of RIP are 0, so it is canonical, and not in the last lower page. */
    require(frame.rip >> 47 == 0 && frame.rip < 0x7ffffffff000);
    require(flags_are_ring_3s(frame.rflags));
    require(frame.vector == 0 && frame.cs == 0 && frame.ss == 0);
    require(memcmp(&frame, &again, offsetof(struct mn_trap_frame, vector)) == 0);
    require(frame.rsp == again.rsp && frame.address == again.address);
    again = frame;
    require(user_registers_admit(&again));
    require(memcmp(&frame, &again, sizeof(frame)) == 0);
    return 0;
}
