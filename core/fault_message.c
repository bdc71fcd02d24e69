/**
 * fault_message.c - see fault_message.h.
 */
#include "core/fault_message.h"

#include "abi/fault.h"
#include "abi/ipc_message.h"
#include "core/user_registers.h"

static uint64_t cause(const struct fault_message *message)
{
    return message->registers->vector | message->registers->error << 32;
}

void fault_message_fill(const struct fault_message *message, struct trap_frame *to)
{
    const struct trap_frame *from = message->registers;

    to->rdi = message->badge;
    to->rsi = MN_MESSAGE_INFO(MN_FAULT_EXCEPTION);
    to->rdx = cause(message);
    to->r10 = message->address;
    to->r8 = from->rip;
    to->r9 = from->rsp;
    to->rbx = message->thread;
    to->r12 = message->pid;
    to->r13 = from->rflags;
    to->r14 = from->rax;
}

void fault_message_to_recv(const struct fault_message *message, struct trap_frame *to)
{
    to->rdi = MN_MESSAGE_INFO(MN_FAULT_EXCEPTION);
    to->rsi = cause(message);
    to->rdx = message->address;
    to->r10 = message->badge;
}

bool fault_message_answer(const struct trap_frame *reply, struct trap_frame *frame)
{
    switch (MN_MESSAGE_LABEL(reply->rsi)) {
    case MN_FAULT_REDIRECT:
        if (!user_registers_rip_is_valid(reply->rdx)) {
            return false;
        }
        frame->rip = reply->rdx;
        frame->rsp = reply->r10;
        frame->rdi = reply->r8;
        return true;
    case MN_FAULT_RESUME:
        return user_registers_rip_is_valid(frame->rip);
    default:
        return false;
    }
}
