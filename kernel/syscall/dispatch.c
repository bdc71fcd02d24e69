/**
 * dispatch.c - the tables that lower layers reach upper ones by.
 */
#include "abi/syscall.h"
#include "arch/x86_64/kernel_lock.h"
#include "core/frame.h"
#include "core/range.h"
#include "core/speculation.h"
#include "device/interrupt.h"
#include "ipc/endpoint.h"
#include "ipc/notification.h"
#include "process/account_close.h"
#include "process/process.h"
#include "process/thread_cap.h"
#include "sched/budget.h"
#include "sched/scheduler.h"
#include "syscall/syscalls.h"

_Static_assert((SYSCALLS_DIRECT & 0xfff) == 0, "calls 0 to 11 keep all registers");

static uint64_t no_such_call(struct trap_frame *frame)
{
    (void)frame;
    return MN_ERROR_NO_SUCH_CALL;
}

syscall_handler *const syscall_table[MN_SYSCALL_COUNT + 1] = {
#define SYSCALL(number, name, handler, arguments) [number] = syscall_##handler,
#include "abi/syscall_numbers.def"
#undef SYSCALL
    [MN_SYSCALL_COUNT] = no_such_call,
};

const uint64_t syscall_count = MN_SYSCALL_COUNT;

/** Of capabilities that are rights and nothing else. */
static const struct object_ops plain_ops = {NULL, NULL, NULL, NULL, NULL};

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_PMM_ALLOCATOR] = &account_ops, [MN_CAP_IO_PORT] = &range_ops,
    [MN_CAP_PROCESS] = &process_ops,       [MN_CAP_MEMORY_FRAME] = &frame_ops,
    [MN_CAP_ENDPOINT] = &endpoint_ops,     [MN_CAP_INTERRUPT] = &interrupt_ops,
    [MN_CAP_MACHINE] = &plain_ops,         [MN_CAP_NOTIFICATION] = &notification_ops,
    [MN_CAP_BUDGET] = &budget_ops,         [MN_CAP_INSPECTOR] = &plain_ops,
    [MN_CAP_DEVICE_MEMORY] = &range_ops,   [MN_CAP_DMA] = &plain_ops,
    [MN_CAP_THREAD] = &thread_ops,
};

uint64_t on_syscall_locked(struct trap_frame *frame)
{
    uint64_t limit = MN_SYSCALL_COUNT + 1;
    uint64_t number = frame->rax < limit ? frame->rax : MN_SYSCALL_COUNT;
    uint64_t result;

    kernel_lock();
    result =
        scheduler_end_direct(syscall_table[speculation_clamp(number, limit)](frame));
    kernel_unlock_to_ring_3();
    return result;
}
