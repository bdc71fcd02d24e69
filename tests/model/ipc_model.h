/**
 * ipc_model.h - runs messages, capabilities in messages, notifications and badges beside plain
 * tables.
 *
 * The kernel's endpoints, messages, notifications, threads and scheduler run on a fake CPU
 * (tests/unit/kernel/fake). The tables say of each thread what it waits for and what it will
 * find in its registers and buffer, and of each slot what it holds and what that was made of.
 * Which of the ready threads runs next is the kernel's choice.
 */
#ifndef TESTS_MODEL_IPC_MODEL_H
#define TESTS_MODEL_IPC_MODEL_H

#include "model/choices.h"

/** Runs at most @p steps calls, drops, moves, signals and kills; ends the process where the
 *  kernel's code and the tables differ. How many messages arrived. */
unsigned ipc_model_run(struct choices *choices, unsigned steps);

#endif
