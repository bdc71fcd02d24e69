/**
 * fault_message.h - faults as messages (abi/fault.h): what the handler is told, and what it
 * answers.
 */
#ifndef CORE_FAULT_MESSAGE_H
#define CORE_FAULT_MESSAGE_H

#include "core/attributes.h"
#include "core/trap_frame.h"
#include <stdbool.h>

/** What a message tells of the thread that has faulted. */
struct fault_message {
    const struct trap_frame *registers;
    uint64_t address; /**< a page fault's, else 0 */
    uint64_t badge;   /**< of the handler's capability */
    uint64_t thread;  /**< its id */
    uint64_t pid;     /**< its process */
};

/** Puts the message into the registers in which REPLY_RECV takes it. */
void fault_message_fill(const struct fault_message *message, struct trap_frame *to);

/** Puts what RECV takes of it into its registers. */
void fault_message_to_recv(const struct fault_message *message, struct trap_frame *to);

/** Does with the registers @p frame of the faulted thread what the reply in @p reply says.
 *  True: the thread may go on; false: it ends. */
MN_MUST_CHECK bool fault_message_answer(const struct trap_frame *reply,
                                        struct trap_frame *frame);

#endif
