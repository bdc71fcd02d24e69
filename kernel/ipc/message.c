/**
 * message.c - see message.h.
 */
#include "ipc/message.h"

#include "abi/ipc_message.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "core/cnode.h"
#include "mem/address_space.h"
#include "sched/thread.h"

#define MESSAGE_OUT                                                         \
    (MN_MESSAGE_NO_WAIT | MN_MESSAGE_DEADLINE | MN_MESSAGE_CAP_COUNT_MASK | \
     MN_MESSAGE_MORE_MASK)

/** Is there more than what registers carry? */
static bool needs_buffer(uint64_t info)
{
    return (info & (MN_MESSAGE_CAP_COUNT_MASK | MN_MESSAGE_MORE_MASK)) != 0;
}

/** The buffer of a thread as it is mapped now. Other threads write to it meanwhile: what is
 *  checked is read once. NULL: it has none that ring 3 could write to. */
static struct mn_ipc_buffer *buffer_of(struct thread *thread)
{
    struct thread_buffer *buffer = &thread->buffer;

    if (buffer->found == NULL || buffer->losses != buffer->space->losses) {
        buffer->found = buffer->virtual == 0
                            ? NULL
                            : address_space_find_writable(thread->cr3, buffer->virtual);
        buffer->losses = buffer->space->losses;
    }
    return buffer->found;
}

mn_status message_set_buffer(struct thread *thread, uint64_t virtual)
{
    if (virtual % MN_IPC_BUFFER_SIZE != 0 || virtual >= MN_USER_LIMIT) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (virtual != 0 && address_space_find_writable(thread->cr3, virtual) == NULL) {
        return MN_ERROR_BAD_ADDRESS;
    }
    thread->buffer.virtual = virtual;
    thread->buffer.found = NULL;
    return MN_OK;
}

/** Reads one capability that is to go out; what is in its slot, if it may go. */
static mn_status read_cap(const struct thread *from, const struct mn_ipc_buffer *buffer,
                          unsigned n, struct mn_ipc_cap *out_cap,
                          struct slot **out_slot)
{
    const volatile struct mn_ipc_cap *cap = &buffer->send[n];

    out_cap->slot = cap->slot;
    out_cap->rights = cap->rights;
    out_cap->flags = cap->flags;
    if ((out_cap->rights & ~MN_RIGHTS_ALL) != 0 ||
        (out_cap->flags & ~MN_IPC_CAP_MOVE) != 0 ||
        (out_cap->flags != 0 && out_cap->rights != MN_RIGHTS_SAME)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    *out_slot = cnode_slot(from->cnode, out_cap->slot);
    if (*out_slot == NULL || slot_is_empty(*out_slot)) {
        return MN_ERROR_INVALID_SLOT;
    }
    return (slot_rights(*out_slot) & MN_RIGHT_GRANT) != 0 ? MN_OK : MN_ERROR_RIGHTS;
}

mn_status message_check(struct thread *from)
{
    uint64_t info = from->frame.rsi;
    const struct mn_ipc_buffer *buffer;
    mn_status status = MN_OK;

    if ((info & MN_MESSAGE_FLAGS) == 0) {
        return MN_OK;
    }
    if ((info & MN_MESSAGE_FLAGS & ~(uint64_t)MESSAGE_OUT) != 0 ||
        MN_MESSAGE_CAP_COUNT(info) > MN_MESSAGE_CAPS_MAX ||
        MN_MESSAGE_MORE_COUNT(info) > MN_MESSAGE_MORE_WORDS) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!needs_buffer(info)) {
        return MN_OK;
    }
    buffer = buffer_of(from);
    if (buffer == NULL) {
        return MN_ERROR_BAD_ADDRESS;
    }
    for (unsigned n = 0; status == MN_OK && n < MN_MESSAGE_CAP_COUNT(info); n++) {
        struct mn_ipc_cap cap;
        struct slot *source;

        status = read_cap(from, buffer, n, &cap, &source);
    }
    return status;
}

/** Hands over one capability; false: it stays. */
static bool transfer_cap(const struct thread *from, const struct thread *to,
                         const struct mn_ipc_buffer *source_buffer,
                         const struct mn_ipc_buffer *target_buffer, unsigned n)
{
    uint64_t index = *(const volatile uint64_t *)&target_buffer->receive[n];
    struct mn_ipc_cap cap;
    struct slot *source;
    struct slot *target;

    if (cnode_lookup_empty(to->cnode, index, &target) != MN_OK ||
        read_cap(from, source_buffer, n, &cap, &source) != MN_OK) {
        return false;
    }
    if (cap.flags == MN_IPC_CAP_MOVE) {
        capability_move(source, target);
        return true;
    }
    return capability_copy(source, target,
                           &(struct capability_copy){.rights = cap.rights}) == MN_OK;
}

/** What of a message is in buffers; the bits of the receiver's info that tell of it. */
static uint64_t transfer_buffer(struct thread *from, struct thread *to, uint64_t info)
{
    struct mn_ipc_buffer *source = buffer_of(from);
    struct mn_ipc_buffer *target = buffer_of(to);
    uint64_t result = info & MN_MESSAGE_MORE_MASK;

    if (source == NULL || target == NULL) {
        return MN_MESSAGE_SHORTENED;
    }
    memcpy(target->words, source->words,
           MN_MESSAGE_MORE_COUNT(info) * sizeof(target->words[0]));
    for (unsigned n = 0; n < MN_MESSAGE_CAP_COUNT(info); n++) {
        result |= transfer_cap(from, to, source, target, n)
                      ? (uint64_t)MN_MESSAGE_CAPS(1) << n
                      : MN_MESSAGE_SHORTENED;
    }
    return result;
}

void message_transfer(struct thread *from, struct thread *to)
{
    uint64_t info = from->frame.rsi;

    message_copy(&from->frame, &to->frame);
    /* The flags were for the kernel: a server may give back what it got. */
    to->frame.rsi = info & ~(uint64_t)MN_MESSAGE_FLAGS;
    if (needs_buffer(info)) {
        to->frame.rsi |= transfer_buffer(from, to, info);
    }
}

uint64_t message_info_for_recv(uint64_t info)
{
    return (info & ~(uint64_t)MN_MESSAGE_FLAGS) |
           (needs_buffer(info) ? MN_MESSAGE_SHORTENED : 0);
}
