/**
 * fault_message.c - see fault_message.h.
 */
#include "ipc/fault_message.h"

#include "abi/fault.h"
#include "abi/ipc_message.h"
#include "core/user_registers.h"

void fault_message_fill(const struct thread *thread, struct thread *receiver)
{
    const struct trap_frame *from = &thread->frame;
    struct trap_frame *to = &receiver->frame;
    uint64_t info = MN_MESSAGE_INFO(MN_FAULT_EXCEPTION);
    uint64_t cause = from->vector | from->error << 32;

    if (receiver->ipc == THREAD_RECEIVES) {
        to->rdi = info;
        to->rsi = cause;
        to->rdx = thread->fault.address;
        to->r10 = thread->badge;
        return;
    }
    to->rdi = thread->badge;
    to->rsi = info;
    to->rdx = cause;
    to->r10 = thread->fault.address;
    to->r8 = from->rip;
    to->r9 = from->rsp;
    to->rbx = thread->id;
    to->r12 = thread->fault.pid;
    to->r13 = from->rflags;
    to->r14 = from->rax;
}

void fault_message_answer(const struct trap_frame *reply, struct thread *thread)
{
    struct trap_frame *frame = &thread->frame;

    switch (MN_MESSAGE_LABEL(reply->rsi)) {
    case MN_FAULT_REDIRECT:
        if (!user_registers_rip_is_valid(reply->rdx)) {
            return;
        }
        frame->rip = reply->rdx;
        frame->rsp = reply->r10;
        frame->rdi = reply->r8;
        break;
    case MN_FAULT_RESUME:
        if (!user_registers_rip_is_valid(frame->rip)) {
            return;
        }
        break;
    default:
        return;
    }
    thread->holds &= ~(uint32_t)THREAD_FAULTED;
    if (thread->holds == 0) {
        thread->continuation = NULL;
    }
}
