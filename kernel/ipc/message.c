/**
 * message.c - see message.h.
 */
#include "ipc/message.h"

#include "abi/user_memory_map.h"
#include "mem/address_space.h"
#include "sched/thread.h"

/** Finds the buffer of a thread anew. */
__attribute__((noinline)) static void find_buffer(struct thread *thread)
{
    struct thread_buffer *buffer = &thread->buffer;

    buffer->found = buffer->virtual == 0
                        ? NULL
                        : address_space_find_writable(thread->cr3, buffer->virtual);
    buffer->losses = buffer->space->losses;
}

/** The buffer of a thread as it is mapped now. Other threads write to it meanwhile: what is
 *  checked is read once. NULL: it has none that ring 3 could write to. */
static struct mn_ipc_buffer *buffer_of(struct thread *thread)
{
    const struct thread_buffer *buffer = &thread->buffer;

    if (buffer->found == NULL || buffer->losses != buffer->space->losses) {
        find_buffer(thread);
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

/** What of a thread's message is not in registers. */
static struct message_side side_of(struct thread *thread)
{
    return (struct message_side){thread->cnode, buffer_of(thread)};
}

mn_status message_check(struct thread *from)
{
    uint64_t info = from->frame.rsi;

    if ((info & MN_MESSAGE_FLAGS) == 0) {
        return MN_OK;
    }
    if (!message_info_is_valid(info)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    if (!message_needs_buffer(info)) {
        return MN_OK;
    }
    return message_check_caps(side_of(from), info);
}

void message_transfer(struct thread *from, struct thread *to)
{
    uint64_t info = from->frame.rsi;

    message_copy(&from->frame, &to->frame);
    /* The flags were for the kernel: a server may give back what it got. */
    to->frame.rsi = info & ~(uint64_t)MN_MESSAGE_FLAGS;
    if (message_needs_buffer(info)) {
        to->frame.rsi |= message_transfer_more(side_of(from), side_of(to), info);
    }
}
