/**
 * message.c - see message.h.
 */
#include "mnos/message.h"

#include "core/bytes.h"
#include "mnos/syscall.h"

/** The registers of CALL and REPLY_RECV. */
struct registers {
    uint64_t slot; /**< after it: the badge */
    uint64_t info;
    uint64_t words[MN_MESSAGE_WORDS];
    uint64_t deadline_ns;
};

/** Makes the call; inlined so that the number is a constant. */
__attribute__((always_inline)) static inline mn_status
transfer(enum mn_syscall number, struct registers *registers)
{
    uint64_t *words = registers->words;
    mn_status status = number;
    register uint64_t r10 __asm__("r10") = words[1];
    register uint64_t r8 __asm__("r8") = words[2];
    register uint64_t r9 __asm__("r9") = words[3];
    register uint64_t r12 __asm__("r12") = words[5];
    register uint64_t r13 __asm__("r13") = words[6];
    register uint64_t r14 __asm__("r14") = words[7];
    register uint64_t r15 __asm__("r15") = registers->deadline_ns;

    __asm__ volatile("syscall"
                     : "+a"(status), "+D"(registers->slot), "+S"(registers->info),
                       "+d"(words[0]), "+r"(r10), "+r"(r8), "+r"(r9), "+b"(words[4]),
                       "+r"(r12), "+r"(r13), "+r"(r14)
                     : "r"(r15)
                     : "rcx", "r11", "memory", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
                       "xmm5", "xmm6", "xmm7", "xmm8", "xmm9", "xmm10", "xmm11",
                       "xmm12", "xmm13", "xmm14", "xmm15");
    words[1] = r10;
    words[2] = r8;
    words[3] = r9;
    words[5] = r12;
    words[6] = r13;
    words[7] = r14;
    return status;
}

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
    struct registers registers = {.slot = slot, .deadline_ns = message->deadline_ns};
    uint32_t used =
        message->length < MN_MESSAGE_WORDS ? message->length : MN_MESSAGE_WORDS;
    mn_status status;

    if (!write_out(buffer, message, &registers.info)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    memcpy(registers.words, message->words, used * sizeof(uint64_t));
    status = transfer(number, &registers);
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
