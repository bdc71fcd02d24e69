/**
 * sys_signal.c - CREATE_NOTIFICATION, SIGNAL, WAIT_SIGNAL, BIND_SIGNAL.
 */
#include "abi/syscall.h"
#include "cap/account_cap.h"
#include "ipc/notification.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

uint64_t syscall_create_notification(struct trap_frame *frame)
{
    struct account *account;
    struct slot *target;
    struct notification *notification;
    mn_status status = lookup_account(frame->rdi, &account);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rsi, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    notification = notification_create(account);
    if (notification == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    capability_install(target, &account_cap_of(account)->anchor,
                       SLOT_WORD(MN_CAP_NOTIFICATION, MN_RIGHTS_ALL), notification, 0);
    notification_ops.retain(target);
    return MN_OK;
}

/** SIGNAL by any capability, one-shot ones too. */
static __attribute__((noinline)) uint64_t signal_plain(const struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status =
        lookup(frame->rdi, MN_CAP_NOTIFICATION, MN_RIGHT_WRITE | CNODE_USES_UP, &slot);

    if (status != MN_OK) {
        return status;
    }
    notification_signal(slot->object, slot->value != 0 ? slot->value : frame->rsi);
    capability_used(slot);
    return scheduler_prefer(MN_OK);
}

uint64_t syscall_signal(struct trap_frame *frame)
{
    struct slot *slot =
        lookup_quick(thread_current(), frame->rdi, MN_CAP_NOTIFICATION, MN_RIGHT_WRITE);

    if (slot == NULL) {
        return signal_plain(frame);
    }
    return notification_signal_direct(slot->object,
                                      slot->value != 0 ? slot->value : frame->rsi);
}

uint64_t syscall_wait_signal(struct trap_frame *frame)
{
    mn_status status;
    struct slot *slot =
        lookup_hot(frame->rdi, MN_CAP_NOTIFICATION, MN_RIGHT_READ, &status);

    if (slot == NULL) {
        return status;
    }
    if ((frame->rsi & ~(uint64_t)(MN_WAIT_SIGNAL_POLL | MN_WAIT_SIGNAL_DEADLINE)) !=
        0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return notification_wait(slot, frame->rsi, frame->rdx);
}

uint64_t syscall_bind_signal(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_NOTIFICATION, MN_RIGHT_READ, &slot);

    return status == MN_OK ? notification_bind(slot->object, thread_current()) : status;
}
