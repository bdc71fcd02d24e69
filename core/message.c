/**
 * message.c - see message.h.
 */
#include "core/message.h"

#include "core/bytes.h"
#include "core/capability.h"

void message_from_send(const struct trap_frame *from, uint64_t badge,
                       struct trap_frame *to)
{
    uint64_t label = from->rsi;
    uint64_t data0 = from->rdx;
    uint64_t data1 = from->r10;

    message_clear(to);
    to->rdi = badge;
    to->rsi = MN_MESSAGE_INFO(label);
    to->rdx = data0;
    to->r10 = data1;
}

void message_send_to_recv(const struct trap_frame *from, uint64_t badge,
                          struct trap_frame *to)
{
    to->rdi = from->rsi;
    to->rsi = from->rdx;
    to->rdx = from->r10;
    to->r10 = badge;
}

void message_call_to_recv(const struct trap_frame *from, uint64_t badge,
                          struct trap_frame *to)
{
    uint64_t info = from->rsi;

    message_send_to_recv(from, badge, to);
    to->rdi = (info & ~(uint64_t)MN_MESSAGE_FLAGS) |
              (message_needs_buffer(info) ? MN_MESSAGE_SHORTENED : 0);
}

/** Reads one capability that is to go out; what is in its slot, if it may go. */
static mn_status read_cap(struct message_side from, unsigned n,
                          struct mn_ipc_cap *out_cap, struct slot **out_slot)
{
    const volatile struct mn_ipc_cap *cap = &from.buffer->send[n];

    out_cap->slot = cap->slot;
    out_cap->rights = cap->rights;
    out_cap->flags = cap->flags;
    if ((out_cap->rights & ~MN_RIGHTS_ALL) != 0 ||
        (out_cap->flags & ~MN_IPC_CAP_MOVE) != 0 ||
        (out_cap->flags != 0 && out_cap->rights != MN_RIGHTS_SAME)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    *out_slot = cnode_slot(from.cnode, out_cap->slot);
    if (*out_slot == NULL || slot_is_empty(*out_slot)) {
        return MN_ERROR_INVALID_SLOT;
    }
    return (slot_rights(*out_slot) & MN_RIGHT_GRANT) != 0 ? MN_OK : MN_ERROR_RIGHTS;
}

mn_status message_check_caps(struct message_side from, uint64_t info)
{
    mn_status status = MN_OK;

    if (from.buffer == NULL) {
        return MN_ERROR_BAD_ADDRESS;
    }
    for (unsigned n = 0; status == MN_OK && n < MN_MESSAGE_CAP_COUNT(info); n++) {
        struct mn_ipc_cap cap;
        struct slot *source;

        status = read_cap(from, n, &cap, &source);
    }
    return status;
}

/** Hands over one capability; false: it stays. */
static bool transfer_cap(struct message_side from, struct message_side to, unsigned n)
{
    uint64_t index = *(const volatile uint64_t *)&to.buffer->receive[n];
    struct mn_ipc_cap cap;
    struct slot *source;
    struct slot *target;

    if (cnode_lookup_empty(to.cnode, index, &target) != MN_OK ||
        read_cap(from, n, &cap, &source) != MN_OK) {
        return false;
    }
    if (cap.flags == MN_IPC_CAP_MOVE) {
        capability_move(source, target);
        return true;
    }
    return capability_copy(source, target,
                           &(struct capability_copy){.rights = cap.rights}) == MN_OK;
}

uint64_t message_transfer_more(struct message_side from, struct message_side to,
                               uint64_t info)
{
    uint64_t result = info & MN_MESSAGE_MORE_MASK;

    if (from.buffer == NULL || to.buffer == NULL) {
        return MN_MESSAGE_SHORTENED;
    }
    memcpy(to.buffer->words, from.buffer->words,
           MN_MESSAGE_MORE_COUNT(info) * sizeof(to.buffer->words[0]));
    for (unsigned n = 0; n < MN_MESSAGE_CAP_COUNT(info); n++) {
        result |= transfer_cap(from, to, n) ? (uint64_t)MN_MESSAGE_CAPS(1) << n
                                            : MN_MESSAGE_SHORTENED;
    }
    return result;
}
