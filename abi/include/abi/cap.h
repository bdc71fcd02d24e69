/**
 * cap.h - the types of capabilities, and what CAP_INFO tells of one.
 */
#ifndef ABI_CAP_H
#define ABI_CAP_H

#include <stdint.h>

/** What a slot can hold. CAP_INFO's words a, b and c are given behind each type. */
enum mn_cap_type {
    MN_CAP_EMPTY = 0,
    MN_CAP_PMM_ALLOCATOR =
        1,              /**< a memory account: a frames limit, b frames used, c id */
    MN_CAP_IO_PORT = 2, /**< x86 I/O ports: a first port, b number of ports */
    MN_CAP_PROCESS = 3, /**< a pid, b enum mn_process_state, c exit code */
    MN_CAP_MEMORY_FRAME = 4, /**< a block of frames: a bytes, b mappings of it */
    MN_CAP_ENDPOINT = 5,     /**< where messages are sent and received: a badge */
    MN_CAP_INTERRUPT = 6, /**< interrupt lines: a first, b number, c where those begin
                               that are messages of devices (MSI) */
    MN_CAP_MACHINE = 7,   /**< the machine: read the kernel's log [R], end it [EXEC] */
    MN_CAP_NOTIFICATION = 8, /**< bits to signal and wait for: a badge, b bits set */
    MN_CAP_THREAD = 9,       /**< a thread: a id, b MN_THREAD_STATE() and more, c pid */
    MN_CAP_BUDGET = 10, /**< processor time: a ns, b in each period of ns, c ns left */
    MN_CAP_INSPECTOR = 11, /**< everything there is, to look at */
    MN_CAP_DEVICE_MEMORY =
        12,          /**< physical pages that are not RAM: a first page, b number */
    MN_CAP_DMA = 13, /**< the right to learn a frame's physical address */
    MN_CAP_TYPES
};

/** The life of a process, as CAP_INFO tells it. */
enum mn_process_state {
    MN_PROCESS_RUNNING = 0, /**< it may still run: it exists, with or without threads */
    MN_PROCESS_ENDING = 1,  /**< it is being taken apart */
    MN_PROCESS_GONE = 2     /**< everything it had is given back */
};

/** CAP_INFO answers in RDI: type in bits 0 to 7, rights in bits 8 to 15. */
#define MN_CAP_INFO_TYPE(word)   ((uint32_t)((word)&0xff))
#define MN_CAP_INFO_RIGHTS(word) ((uint32_t)((word) >> 8 & 0xff))

/** What CAP_INFO tells of a slot, as libmnos hands it out. */
struct mn_cap_info {
    uint32_t type;   /**< enum mn_cap_type */
    uint32_t rights; /**< MN_RIGHT_* */
    uint64_t a;      /**< RSI; by type, see enum mn_cap_type */
    uint64_t b;      /**< RDX */
    uint64_t c;      /**< R10 */
};
_Static_assert(sizeof(struct mn_cap_info) == 32, "no holes");

/** The slots that Init is born with. The rest of its CNode is Empty. */
enum mn_init_slot {
    MN_INIT_SLOT_NONE = 0,
    MN_INIT_SLOT_MEMORY = 1, /**< PmmAllocator: all free memory */
    MN_INIT_SLOT_COM1 = 2,   /**< IoPort 0x3F8, 8 */
    MN_INIT_SLOT_SELF = 3,   /**< Process, pid 1 */
    MN_INIT_SLOT_VIRTIO_BLK =
        4,                    /**< IoPort, BAR 0 of the legacy virtio-blk; or Empty */
    MN_INIT_SLOT_MACHINE = 5, /**< Machine */
    MN_INIT_SLOT_INTERRUPTS = 6, /**< Interrupt: every line */
    MN_INIT_SLOT_PCI_CONFIG = 7, /**< IoPort 0xCF8, 8; Empty on a machine without PCI */
    MN_INIT_SLOT_INSPECTOR = 8,  /**< Inspector */
    MN_INIT_SLOT_DEVICE_MEMORY = 9, /**< DeviceMemory: every page below 16 TiB */
    MN_INIT_SLOT_DMA = 10,          /**< Dma */
    MN_INIT_SLOT_RTC = 11,          /**< IoPort 0x70, 2: the CMOS clock */
    MN_INIT_SLOT_PCI_PORTS = 12, /**< IoPort 0x1000, 0xF000: where BARs lie; or Empty */
    MN_INIT_SLOT_FIRST_FREE = 13
};

/** A CNode begins with this many slots. Slot numbers are below the CNode's size. */
#define MN_CNODE_INITIAL_SLOTS 64
#define MN_CNODE_SLOTS_MAX     65536 /**< to which GROW_CNODE lets it grow */

#endif
