/**
 * topic_arguments.c - arguments that are no slots: ports and widths, addresses, orders,
 * flags, masks, numbers of calls. Everything else about the call is good.
 */
#include "abi/ipc_message.h"
#include "abi/user_memory_map.h"
#include "guest/common/registers.h"
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/machine.h"
#include "mnos/process.h"

/** Arguments from `from` on replace the good ones of the call. */
struct row {
    const char *name;
    uint64_t number;
    unsigned from;
    unsigned count;
    uint64_t values[4];
    uint64_t expected;
};

#define PORT   MN_ERROR_RIGHTS
#define INVAL  MN_ERROR_INVALID_ARGUMENT
#define NOMEM  MN_ERROR_NO_MEMORY
#define NOMAP  MN_ERROR_MAPPING
#define BADADR MN_ERROR_BAD_ADDRESS

#define KERNEL_TEXT 0xffffffff80200000ul
#define DIRECT_MAP  0xffff800000100000ul
#define HOLE_BELOW  0x0000800000000000ul
#define HOLE_ABOVE  0xffff7ffffffffff0ul

static const struct row rows[] = {
    {"PORT_OUT below the range", MN_SYS_PORT_OUT, 1, 1, {0x3f7}, PORT},
    {"PORT_OUT behind the range", MN_SYS_PORT_OUT, 1, 1, {0x400}, PORT},
    {"PORT_OUT to port 0", MN_SYS_PORT_OUT, 1, 1, {0}, PORT},
    {"PORT_OUT to port 2^16 + a good one", MN_SYS_PORT_OUT, 1, 1, {0x103f8}, PORT},
    {"PORT_OUT to port 2^32 + a good one", MN_SYS_PORT_OUT, 1, 1, {0x1000003f8}, PORT},
    {"PORT_OUT to port -1", MN_SYS_PORT_OUT, 1, 1, {~0ul}, PORT},
    {"PORT_OUT of a word over the end", MN_SYS_PORT_OUT, 1, 3, {0x3ff, 0, 2}, PORT},
    {"PORT_OUT of a dword over the end", MN_SYS_PORT_OUT, 1, 3, {0x3fd, 0, 4}, PORT},
    {"PORT_OUT of width 3", MN_SYS_PORT_OUT, 3, 1, {3}, INVAL},
    {"PORT_OUT of width 8", MN_SYS_PORT_OUT, 3, 1, {8}, INVAL},
    {"PORT_OUT of width 2^32 + 1", MN_SYS_PORT_OUT, 3, 1, {0x100000001}, INVAL},
    {"PORT_OUT of width -1", MN_SYS_PORT_OUT, 3, 1, {~0ul}, INVAL},
    {"PORT_OUT of width 0", MN_SYS_PORT_OUT, 3, 1, {0}, MN_OK},
    {"PORT_IN below the range", MN_SYS_PORT_IN, 1, 1, {0x3f7}, PORT},
    {"PORT_IN behind the range", MN_SYS_PORT_IN, 1, 1, {0x400}, PORT},
    {"PORT_IN of a word over the end", MN_SYS_PORT_IN, 1, 3, {0x3ff, 0, 2}, PORT},
    {"PORT_IN of a dword over the end", MN_SYS_PORT_IN, 1, 3, {0x3fe, 0, 4}, PORT},
    {"PORT_IN of a dword at the end", MN_SYS_PORT_IN, 1, 3, {0x3fc, 0, 4}, MN_OK},
    {"PORT_IN from port 2^63", MN_SYS_PORT_IN, 1, 1, {1ul << 63}, PORT},
    {"PORT_IN of width 3", MN_SYS_PORT_IN, 3, 1, {3}, INVAL},
    {"PORT_IN of width -1", MN_SYS_PORT_IN, 3, 1, {~0ul}, INVAL},

    {"ALLOC_MEMORY of order 19", MN_SYS_ALLOC_MEMORY, 2, 1, {19}, NOMEM},
    {"ALLOC_MEMORY of order 63", MN_SYS_ALLOC_MEMORY, 2, 1, {63}, NOMEM},
    {"ALLOC_MEMORY of order 64", MN_SYS_ALLOC_MEMORY, 2, 1, {64}, NOMEM},
    {"ALLOC_MEMORY of order 2^32", MN_SYS_ALLOC_MEMORY, 2, 1, {1ul << 32}, NOMEM},
    {"ALLOC_MEMORY of order -1", MN_SYS_ALLOC_MEMORY, 2, 1, {~0ul}, NOMEM},
    {"ALLOC_MEMORY of more than there is", MN_SYS_ALLOC_MEMORY, 2, 1, {18}, NOMEM},

    {"MAP_MEMORY at 0", MN_SYS_MAP_MEMORY, 2, 1, {0}, NOMAP},
    {"MAP_MEMORY below the lowest page", MN_SYS_MAP_MEMORY, 2, 1, {0xf000}, NOMAP},
    {"MAP_MEMORY at the lowest page", MN_SYS_MAP_MEMORY, 2, 1, {MN_USER_BASE}, MN_OK},
    {"MAP_MEMORY at the last page but one",
     MN_SYS_MAP_MEMORY,
     2,
     1,
     {MN_USER_LIMIT - MN_PAGE_SIZE},
     MN_OK},
    {"MAP_MEMORY at the last page", MN_SYS_MAP_MEMORY, 2, 1, {MN_USER_LIMIT}, NOMAP},
    {"MAP_MEMORY at the hole", MN_SYS_MAP_MEMORY, 2, 1, {HOLE_BELOW}, NOMAP},
    {"MAP_MEMORY in the kernel", MN_SYS_MAP_MEMORY, 2, 1, {KERNEL_TEXT}, NOMAP},
    {"MAP_MEMORY in the direct map", MN_SYS_MAP_MEMORY, 2, 1, {DIRECT_MAP}, NOMAP},
    {"MAP_MEMORY at the very last page", MN_SYS_MAP_MEMORY, 2, 1, {-4096ul}, NOMAP},
    {"MAP_MEMORY unaligned by 1", MN_SYS_MAP_MEMORY, 2, 1, {FIXTURE_VADDR + 1}, NOMEM},
    {"MAP_MEMORY unaligned by half",
     MN_SYS_MAP_MEMORY,
     2,
     1,
     {FIXTURE_VADDR + 2048},
     NOMEM},
    {"MAP_MEMORY writable and executable", MN_SYS_MAP_MEMORY, 3, 1, {3}, NOMAP},
    {"MAP_MEMORY with flag bit 4", MN_SYS_MAP_MEMORY, 3, 1, {16}, INVAL},
    {"MAP_MEMORY with flag bit 32", MN_SYS_MAP_MEMORY, 3, 1, {1ul << 32}, INVAL},
    {"MAP_MEMORY with all flags", MN_SYS_MAP_MEMORY, 3, 1, {~0ul}, INVAL},

    {"MAP_MEMORY of a frame, uncached", MN_SYS_MAP_MEMORY, 3, 1, {4}, INVAL},
    {"MAP_MEMORY of a frame, combining", MN_SYS_MAP_MEMORY, 3, 1, {9}, INVAL},
    {"FRAME_ADDRESS with flag bit 1", MN_SYS_FRAME_ADDRESS, 2, 1, {2}, INVAL},
    {"FRAME_ADDRESS with all flags", MN_SYS_FRAME_ADDRESS, 2, 1, {~0ul}, INVAL},

    {"UNMAP_MEMORY unaligned", MN_SYS_UNMAP_MEMORY, 1, 1, {FIXTURE_VADDR + 8}, NOMEM},
    {"UNMAP_MEMORY of nothing mapped",
     MN_SYS_UNMAP_MEMORY,
     1,
     2,
     {FIXTURE_VADDR, 1000},
     MN_OK},
    {"UNMAP_MEMORY of 0 pages", MN_SYS_UNMAP_MEMORY, 2, 1, {0}, MN_OK},
    {"UNMAP_MEMORY into the last page",
     MN_SYS_UNMAP_MEMORY,
     1,
     2,
     {MN_USER_LIMIT, 1},
     INVAL},
    {"UNMAP_MEMORY of the lower half",
     MN_SYS_UNMAP_MEMORY,
     1,
     2,
     {0, MN_USER_LIMIT / MN_PAGE_SIZE},
     MN_OK},
    {"UNMAP_MEMORY of 2^52 pages", MN_SYS_UNMAP_MEMORY, 2, 1, {1ul << 52}, INVAL},
    {"UNMAP_MEMORY of -1 pages", MN_SYS_UNMAP_MEMORY, 2, 1, {~0ul}, INVAL},
    {"UNMAP_MEMORY in the kernel", MN_SYS_UNMAP_MEMORY, 1, 1, {KERNEL_TEXT}, INVAL},

    {"SPAWN_THREAD with rip in the last page",
     MN_SYS_SPAWN_THREAD,
     1,
     1,
     {MN_USER_LIMIT},
     INVAL},
    {"SPAWN_THREAD with rip in the hole",
     MN_SYS_SPAWN_THREAD,
     1,
     1,
     {HOLE_BELOW},
     INVAL},
    {"SPAWN_THREAD with rip in the kernel",
     MN_SYS_SPAWN_THREAD,
     1,
     1,
     {KERNEL_TEXT},
     INVAL},
    {"SPAWN_THREAD with rip -1", MN_SYS_SPAWN_THREAD, 1, 1, {~0ul}, INVAL},
    {"SPAWN_THREAD with rsp in the hole",
     MN_SYS_SPAWN_THREAD,
     2,
     1,
     {HOLE_BELOW},
     INVAL},
    {"SPAWN_THREAD with rsp above the hole",
     MN_SYS_SPAWN_THREAD,
     2,
     1,
     {HOLE_ABOVE},
     INVAL},
    {"SPAWN_THREAD with rsp in the kernel",
     MN_SYS_SPAWN_THREAD,
     2,
     1,
     {DIRECT_MAP},
     INVAL},
    {"SPAWN_THREAD on CPU 65", MN_SYS_SPAWN_THREAD, 4, 1, {65}, INVAL},
    {"SPAWN_THREAD on CPU 2^32 + 1",
     MN_SYS_SPAWN_THREAD,
     4,
     1,
     {(1ul << 32) + 1},
     INVAL},
    {"SPAWN_THREAD on CPU -1", MN_SYS_SPAWN_THREAD, 4, 1, {~0ul}, INVAL},

    {"DELEGATE with a mask of 32", MN_SYS_DELEGATE, 3, 1, {32}, INVAL},
    {"DELEGATE with a mask of -1", MN_SYS_DELEGATE, 3, 1, {~0ul}, INVAL},
    {"DELEGATE with a mask of 2^32", MN_SYS_DELEGATE, 3, 1, {1ul << 32}, INVAL},
    {"MINT_CAP with a mask of 32", MN_SYS_MINT_CAP, 2, 1, {32}, INVAL},
    {"MINT_CAP with a mask of 2^32 + 1",
     MN_SYS_MINT_CAP,
     2,
     1,
     {(1ul << 32) + 1},
     INVAL},
    {"MINT_CAP that narrows a frame", MN_SYS_MINT_CAP, 3, 1, {1}, INVAL},

    {"GROW_CNODE to 65,537", MN_SYS_GROW_CNODE, 1, 1, {65537}, INVAL},
    {"GROW_CNODE to 2^32", MN_SYS_GROW_CNODE, 1, 1, {1ul << 32}, INVAL},
    {"GROW_CNODE to -1", MN_SYS_GROW_CNODE, 1, 1, {~0ul}, INVAL},
    {"GROW_CNODE to 0", MN_SYS_GROW_CNODE, 1, 1, {0}, MN_OK},

    {"PROTECT_MEMORY unaligned",
     MN_SYS_PROTECT_MEMORY,
     1,
     1,
     {FIXTURE_VADDR + 8},
     NOMEM},
    {"PROTECT_MEMORY of -1 pages", MN_SYS_PROTECT_MEMORY, 2, 1, {~0ul}, INVAL},
    {"PROTECT_MEMORY in the kernel", MN_SYS_PROTECT_MEMORY, 1, 1, {KERNEL_TEXT}, INVAL},
    {"PROTECT_MEMORY both ways", MN_SYS_PROTECT_MEMORY, 3, 1, {3}, INVAL},
    {"PROTECT_MEMORY with flag bit 2", MN_SYS_PROTECT_MEMORY, 3, 1, {4}, INVAL},

    {"INSPECT of no kind", MN_SYS_INSPECT, 1, 1, {0}, INVAL},
    {"INSPECT of a sixth kind", MN_SYS_INSPECT, 1, 1, {32}, INVAL},
    {"INSPECT of all bits", MN_SYS_INSPECT, 1, 1, {~0ul}, INVAL},
    {"INSPECT from cursor 1", MN_SYS_INSPECT, 2, 1, {1}, INVAL},
    {"INSPECT from cursor -1", MN_SYS_INSPECT, 2, 1, {~0ul}, INVAL},
    {"INSPECT from kernel text", MN_SYS_INSPECT, 2, 1, {KERNEL_TEXT}, INVAL},
    {"INSPECT to address 0", MN_SYS_INSPECT, 3, 1, {0}, BADADR},
    {"INSPECT to kernel text", MN_SYS_INSPECT, 3, 1, {KERNEL_TEXT}, BADADR},
    {"INSPECT to the hole", MN_SYS_INSPECT, 3, 1, {HOLE_BELOW - 8}, BADADR},
    {"INSPECT over the stack's end",
     MN_SYS_INSPECT,
     3,
     1,
     {MN_INIT_STACK_TOP - 8},
     BADADR},
    {"INSPECT into 0 bytes", MN_SYS_INSPECT, 4, 1, {0}, INVAL},
    {"INSPECT into 63 bytes", MN_SYS_INSPECT, 4, 1, {63}, INVAL},
    {"INSPECT into -1 bytes", MN_SYS_INSPECT, 4, 1, {~0ul}, MN_OK},

    {"READ_LOG to address 0", MN_SYS_READ_LOG, 1, 1, {0}, BADADR},
    {"READ_LOG to unmapped memory", MN_SYS_READ_LOG, 1, 1, {TEST_AREA}, BADADR},
    {"READ_LOG to kernel text", MN_SYS_READ_LOG, 1, 1, {KERNEL_TEXT}, BADADR},
    {"READ_LOG to the direct map", MN_SYS_READ_LOG, 1, 1, {DIRECT_MAP}, BADADR},
    {"READ_LOG to the hole", MN_SYS_READ_LOG, 1, 1, {HOLE_BELOW}, BADADR},
    {"READ_LOG into the hole", MN_SYS_READ_LOG, 1, 2, {HOLE_BELOW - 8, 16}, BADADR},
    {"READ_LOG to the hole's end", MN_SYS_READ_LOG, 1, 1, {HOLE_ABOVE}, BADADR},
    {"READ_LOG to -1", MN_SYS_READ_LOG, 1, 1, {~0ul}, BADADR},
    {"READ_LOG over the top", MN_SYS_READ_LOG, 1, 2, {-8ul, 16}, BADADR},
    {"READ_LOG to its text", MN_SYS_READ_LOG, 1, 1, {MN_INIT_ELF_BASE}, BADADR},
    {"READ_LOG to the initrd", MN_SYS_READ_LOG, 1, 1, {MN_INIT_INITRD}, BADADR},
    {"READ_LOG to the stack's guard",
     MN_SYS_READ_LOG,
     1,
     1,
     {MN_INIT_STACK_TOP - (MN_INIT_STACK_PAGES + 1) * MN_PAGE_SIZE},
     BADADR},
    {"READ_LOG over a page's end",
     MN_SYS_READ_LOG,
     1,
     2,
     {MN_INIT_STACK_TOP - 4, 16},
     BADADR},
    {"READ_LOG of 0 bytes", MN_SYS_READ_LOG, 2, 1, {0}, INVAL},
    {"READ_LOG with flag bit 1", MN_SYS_READ_LOG, 4, 1, {2}, INVAL},
    {"READ_LOG with flag bit 32", MN_SYS_READ_LOG, 4, 1, {1ul << 32}, INVAL},
    {"READ_LOG from the far future", MN_SYS_READ_LOG, 3, 1, {~0ul}, 0},
    {"CALL with flag bit 2", MN_SYS_CALL, 1, 1, {4}, INVAL},
    {"CALL with flag bit 3", MN_SYS_CALL, 1, 1, {8}, INVAL},
    {"CALL with flag bit 14", MN_SYS_CALL, 1, 1, {MN_MESSAGE_SHORTENED}, INVAL},
    {"CALL with flag bit 15", MN_SYS_CALL, 1, 1, {MN_MESSAGE_SIGNAL}, INVAL},
    {"CALL with all bits", MN_SYS_CALL, 1, 1, {~0ul}, INVAL},
    {"CALL that may not wait",
     MN_SYS_CALL,
     1,
     1,
     {MN_MESSAGE_INFO(~0ul) | MN_MESSAGE_NO_WAIT},
     MN_ERROR_WOULD_BLOCK},
    {"CALL with five capabilities", MN_SYS_CALL, 1, 1, {MN_MESSAGE_CAPS(5)}, INVAL},
    {"CALL with 65 words", MN_SYS_CALL, 1, 1, {MN_MESSAGE_MORE(57)}, INVAL},
    {"CALL with 64 words", MN_SYS_CALL, 1, 1, {MN_MESSAGE_MORE(56)}, BADADR},
    {"CALL with a capability", MN_SYS_CALL, 1, 1, {MN_MESSAGE_CAPS(1)}, BADADR},
    {"REPLY_RECV that may not wait",
     MN_SYS_REPLY_RECV,
     1,
     1,
     {MN_MESSAGE_NO_WAIT},
     MN_ERROR_WOULD_BLOCK},
    {"REPLY_RECV with 65 words", MN_SYS_REPLY_RECV, 1, 1, {MN_MESSAGE_MORE(57)}, INVAL},
    {"REPLY_RECV with 64 words",
     MN_SYS_REPLY_RECV,
     1,
     1,
     {MN_MESSAGE_MORE(56)},
     BADADR},
    {"REPLY_RECV with flag bit 15",
     MN_SYS_REPLY_RECV,
     1,
     1,
     {MN_MESSAGE_SIGNAL},
     INVAL},
    {"REPLY_RECV with all bits", MN_SYS_REPLY_RECV, 1, 1, {~0ul}, INVAL},
    {"CREATE_ACCOUNT of no frames", MN_SYS_CREATE_ACCOUNT, 2, 1, {0}, MN_OK},
    {"CREATE_ACCOUNT of its parent's limit",
     MN_SYS_CREATE_ACCOUNT,
     2,
     1,
     {FIXTURE_FRAMES},
     NOMEM},
    {"CREATE_ACCOUNT of 2^52 frames", MN_SYS_CREATE_ACCOUNT, 2, 1, {1ul << 52}, NOMEM},
    {"CREATE_ACCOUNT of -1 frames", MN_SYS_CREATE_ACCOUNT, 2, 1, {~0ul}, NOMEM},
    {"CLOSE_ACCOUNT of the root account",
     MN_SYS_CLOSE_ACCOUNT,
     0,
     1,
     {MN_INIT_SLOT_MEMORY},
     INVAL},
    {"SIGNAL of no bits", MN_SYS_SIGNAL, 1, 1, {0}, MN_OK},
    {"WAIT_SIGNAL with flag bit 2", MN_SYS_WAIT_SIGNAL, 1, 1, {4}, INVAL},
    {"WAIT_SIGNAL with flag bit 32", MN_SYS_WAIT_SIGNAL, 1, 1, {1ul << 32}, INVAL},
    {"WAIT_SIGNAL with all bits", MN_SYS_WAIT_SIGNAL, 1, 1, {~0ul}, INVAL},
    {"END_MACHINE with 2", MN_SYS_END_MACHINE, 1, 1, {2}, INVAL},
    {"END_MACHINE with 2^32", MN_SYS_END_MACHINE, 1, 1, {1ul << 32}, INVAL},
    {"END_MACHINE with -1", MN_SYS_END_MACHINE, 1, 1, {~0ul}, INVAL},
};

static const struct call *call_of(uint64_t number)
{
    for (unsigned i = 0; i < call_count; i++) {
        if (calls[i].number == number) {
            return &calls[i];
        }
    }
    return NULL;
}

static void run_row(const void *data)
{
    const struct row *row = data;
    const struct call *call = call_of(row->number);
    uint64_t arguments[6];

    fixture_create();
    call_good_arguments(call, arguments);
    for (unsigned i = 0; i < row->count; i++) {
        arguments[row->from + i] = row->values[i];
    }
    CHECK_EQUAL(raw_syscall(row->number, arguments), row->expected);
}

/** A number that is no call's; 2^32 + a call's must not be taken for the call. */
static void run_number(const void *data)
{
    const uint64_t *number = data;
    const uint64_t arguments[6] = {0};

    CHECK_EQUAL(raw_syscall(*number, arguments), MN_ERROR_NO_SUCH_CALL);
}

void topic_arguments(void)
{
    static const uint64_t numbers[] = {MN_SYSCALL_COUNT,
                                       MN_SYSCALL_COUNT + 1,
                                       64,
                                       255,
                                       256,
                                       4096,
                                       0x7fffffff,
                                       0x80000000,
                                       0xffffffff,
                                       1ul << 32,
                                       (1ul << 32) + 21,
                                       1ul << 61,
                                       1ul << 63,
                                       (1ul << 63) + 14,
                                       ~0ul,
                                       ~0ul - 21,
                                       (1ul << 61) + 21,
                                       (1ul << 60) + 5};

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_row, &rows[i], "arguments: %s", rows[i].name);
    }
    for (unsigned i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        test_run(run_number, &numbers[i], "arguments: call number 0x%llx",
                 (unsigned long long)numbers[i]);
    }
}
