/**
 * message.c - see message.h.
 */
#include "mnos/message.h"

#include "core/bytes.h"
#include "mnos/call.h"
#include "mnos/syscall.h"

/** Puts into the buffer what goes by it; the info word. False: it does not fit. */
static bool write_out(struct mn_ipc_buffer *buffer, const struct mnos_message *message,
                      uint64_t *out_info)
{
    uint32_t more =
        message->length > MN_MESSAGE_WORDS ? message->length - MN_MESSAGE_WORDS : 0;

    if (more > MN_MESSAGE_MORE_WORDS || message->cap_count > MN_MESSAGE_CAPS_MAX ||
        (buffer == NULL && (more > 0 || message->cap_count > 0))) {
        return false;
    }
    if (more > 0) {
        memcpy(buffer->words, message->words + MN_MESSAGE_WORDS,
               more * sizeof(uint64_t));
    }
    if (message->cap_count > 0) {
        memcpy(buffer->send, message->caps, sizeof(buffer->send));
    }
    *out_info = MN_MESSAGE_INFO(message->label) | message->flags |
                MN_MESSAGE_CAPS(message->cap_count) | MN_MESSAGE_MORE(more);
    return true;
}

static void read_in(const struct mn_ipc_buffer *buffer, uint64_t info,
                    struct mnos_message *message)
{
    unsigned more = buffer == NULL ? 0 : MN_MESSAGE_MORE_COUNT(info);

    if (more > 0) {
        memcpy(message->words + MN_MESSAGE_WORDS, buffer->words,
               more * sizeof(uint64_t));
    }
    message->label = MN_MESSAGE_LABEL(info);
    message->length = MN_MESSAGE_WORDS + more;
    message->cap_count = 0;
    message->signalled = (info & MN_MESSAGE_SIGNAL) != 0;
    message->shortened = (info & MN_MESSAGE_SHORTENED) != 0;
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        message->received[n] =
            buffer != NULL && MN_MESSAGE_ARRIVED(info, n) ? buffer->receive[n] : 0;
    }
}

/** Makes the call with a copy of the first words: after an error they are as they were. */
__attribute__((always_inline)) static inline mn_status
exchange(enum mn_syscall number, struct mn_ipc_buffer *buffer, uint64_t slot,
         struct mnos_message *message)
{
    struct mnos_call_registers registers = {.slot = slot,
                                            .deadline_ns = message->deadline_ns};
    uint32_t used =
        message->length < MN_MESSAGE_WORDS ? message->length : MN_MESSAGE_WORDS;
    mn_status status;

    if (!write_out(buffer, message, &registers.info)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    memcpy(registers.words, message->words, used * sizeof(uint64_t));
    status = mnos_call_registers(number, &registers);
    if (status == MN_OK) {
        memcpy(message->words, registers.words, sizeof(registers.words));
        message->badge = registers.slot;
        read_in(buffer, registers.info, message);
    }
    return status;
}

mn_status mnos_message_call(struct mn_ipc_buffer *buffer, uint64_t slot,
                            struct mnos_message *message)
{
    return exchange(MN_SYS_CALL, buffer, slot, message);
}

mn_status mnos_message_reply_recv(struct mn_ipc_buffer *buffer, uint64_t slot,
                                  struct mnos_message *message)
{
    return exchange(MN_SYS_REPLY_RECV, buffer, slot, message);
}

mn_status sys_set_buffer(struct mn_ipc_buffer *buffer)
{
    struct syscall_registers registers = {.rdi = (uint64_t)buffer};

    return syscall_extended(MN_SYS_SET_BUFFER, &registers);
}

static void add(struct mnos_message *message, struct mn_ipc_cap cap)
{
    if (message->cap_count < MN_MESSAGE_CAPS_MAX) {
        message->caps[message->cap_count] = cap;
    }
    /* One too many makes the call fail. */
    message->cap_count++;
}

void mnos_message_add_cap(struct mnos_message *message, uint64_t slot, uint32_t rights)
{
    add(message, (struct mn_ipc_cap){slot, rights, 0});
}

void mnos_message_move_cap(struct mnos_message *message, uint64_t slot)
{
    add(message, (struct mn_ipc_cap){slot, MN_RIGHTS_SAME, MN_IPC_CAP_MOVE});
}
