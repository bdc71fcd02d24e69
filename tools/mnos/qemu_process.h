/**
 * qemu_process.h - the process that is QEMU, and what connects it to this command.
 */
#ifndef MNOS_QEMU_PROCESS_H
#define MNOS_QEMU_PROCESS_H

#include "arguments.h"
#include <sys/types.h>

/** QEMU's ends of what connects it to this command. */
struct qemu_ends {
    int input;  /**< its standard input: to the serial line */
    int output; /**< its standard output: from there */
    int qmp;
    int link; /**< -1: there is none */
};

/**
 * Starts the QEMU of the command line @p qemu, to which it adds what connects the machine;
 * the machine stands still until QMP sets it going. The process ends with this one.
 *
 * Closes the descriptors in @p ends, in this process. -1 after complaining.
 */
pid_t qemu_process_start(struct arguments *qemu, const struct qemu_ends *ends);

#endif
