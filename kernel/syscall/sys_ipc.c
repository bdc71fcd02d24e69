/**
 * sys_ipc.c - SEND, RECV, CALL, REPLY_RECV, CREATE_ENDPOINT.
 */
#include "abi/ipc_message.h"
#include "abi/syscall.h"
#include "cap/account_cap.h"
#include "ipc/endpoint.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

_Static_assert(MN_SYS_CALL == FAST_CALL && MN_SYS_REPLY_RECV == FAST_REPLY_RECV,
               "fast_path.S");
_Static_assert(SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHT_WRITE) == CAP_WORD_ENDPOINT_SEND &&
                   SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHT_READ) ==
                       CAP_WORD_ENDPOINT_RECEIVE,
               "fast_path.S");

uint64_t syscall_send(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE, &slot);

    return status == MN_OK ? endpoint_send(slot) : status;
}

uint64_t syscall_recv(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &slot);

    return status == MN_OK ? endpoint_receive(slot) : status;
}

uint64_t syscall_call(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_WRITE, &slot);

    if (status == MN_OK && (frame->rsi & MN_MESSAGE_FLAGS & ~MN_MESSAGE_NO_WAIT) != 0) {
        status = MN_ERROR_INVALID_ARGUMENT;
    }
    return status == MN_OK ? endpoint_call(slot) : status;
}

uint64_t syscall_reply_recv(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_ENDPOINT, MN_RIGHT_READ, &slot);

    if (status == MN_OK && (frame->rsi & MN_MESSAGE_FLAGS) != 0) {
        status = MN_ERROR_INVALID_ARGUMENT;
    }
    return status == MN_OK ? endpoint_reply_receive(slot) : status;
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
