/**
 * sys_ipc.c - SEND, RECV, CALL, REPLY_RECV, SET_BUFFER, WATCH_BADGES, TAKE_GONE_BADGE,
 * CREATE_ENDPOINT.
 */
#include "abi/ipc_message.h"
#include "abi/syscall.h"
#include "cap/account_cap.h"
#include "ipc/badge_watch.h"
#include "ipc/endpoint.h"
#include "ipc/message.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

_Static_assert(MN_SYS_CALL == FAST_CALL && MN_SYS_REPLY_RECV == FAST_REPLY_RECV,
               "fast_path.S");
_Static_assert(SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHT_WRITE) == CAP_WORD_ENDPOINT_SEND &&
                   SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHT_READ) ==
                       CAP_WORD_ENDPOINT_RECEIVE &&
                   CAP_WORD_COMPARED == (0xff | SLOT_ONE_SHOT),
               "fast_path.S");

uint64_t syscall_send(struct trap_frame *frame)
{
    mn_status status;
    struct slot *slot =
        lookup_hot(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE, &status);

    return slot != NULL ? endpoint_send(slot) : status;
}

uint64_t syscall_recv(struct trap_frame *frame)
{
    mn_status status;
    struct slot *slot = lookup_hot(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &status);

    return slot != NULL ? endpoint_receive(slot) : status;
}

/** CALL by any capability, one-shot ones too. */
static __attribute__((noinline)) uint64_t call_any(const struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status =
        lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE | CNODE_USES_UP, &slot);

    if (status == MN_OK) {
        status = message_check(thread_current());
    }
    return status == MN_OK ? endpoint_call_any(slot) : status;
}

uint64_t syscall_call(struct trap_frame *frame)
{
    struct thread *self = thread_current();
    struct slot *slot = lookup_quick(self, frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE);
    mn_status status;

    if (slot == NULL) {
        return call_any(frame);
    }
    status = message_check(self);
    return status == MN_OK ? endpoint_call(slot) : status;
}

uint64_t syscall_reply_recv(struct trap_frame *frame)
{
    mn_status status;
    struct slot *slot = lookup_hot(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &status);

    if (slot != NULL) {
        status = message_check(thread_current());
    }
    return status == MN_OK ? endpoint_reply_receive(slot) : status;
}

uint64_t syscall_set_buffer(struct trap_frame *frame)
{
    return message_set_buffer(thread_current(), frame->rdi);
}

uint64_t syscall_watch_badges(struct trap_frame *frame)
{
    struct slot *slot;
    struct slot *notification;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &slot);

    if (status == MN_OK) {
        status = lookup(frame->rsi, MN_CAP_NOTIFICATION, MN_RIGHT_WRITE, &notification);
    }
    return status == MN_OK ? badge_watch_bind(slot->object, notification) : status;
}

uint64_t syscall_take_gone_badge(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &slot);

    return status == MN_OK ? badge_watch_take(slot->object, &frame->rdi) : status;
}

uint64_t syscall_create_endpoint(struct trap_frame *frame)
{
    struct account *account;
    struct slot *target;
    struct endpoint *endpoint;
    mn_status status = lookup_account(frame->rdi, &account);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rsi, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    endpoint = endpoint_create(account);
    if (endpoint == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    capability_install(target, &account_cap_of(account)->anchor,
                       SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHTS_ALL), endpoint, 0);
    endpoint_ops.retain(target);
    return MN_OK;
}
