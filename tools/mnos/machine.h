/**
 * machine.h - runs one QEMU with its serial line on this command's input and output.
 *
 * QEMU never outlives the command: it is ended when the command ends it, and the kernel
 * of the host ends it when the command is killed.
 */
#ifndef MNOS_MACHINE_H
#define MNOS_MACHINE_H

#include "arguments.h"
#include "backtrace.h"
#include <stdbool.h>

/** Why a machine ended. */
enum machine_end {
    MACHINE_POWERED_OFF, /**< by its guest, in order */
    MACHINE_FAILED,      /**< the guest wrote a status to the debug exit port */
    MACHINE_RESET,       /**< the guest reset it, by a triple fault most likely */
    MACHINE_LEFT,        /**< its user typed Ctrl-A X */
    MACHINE_TIMED_OUT,
    MACHINE_SIGNALLED,  /**< the command got a signal that ends it */
    MACHINE_NOT_STARTED /**< QEMU refused, and said why; or it broke down */
};

struct machine_result {
    enum machine_end end;
    int value; /**< FAILED: the guest's status; SIGNALLED: the signal */
    struct backtrace backtrace;
};

/**
 * Runs the machine of the command line @p qemu to its end.
 *
 * Adds to the command line what connects the machine to this command: the serial line
 * and QEMU's control socket. @p timeout_s: seconds, 0 for no limit. @p interactive: the
 * terminal is in raw mode, and Ctrl-A is the command's. False after complaining, when
 * nothing was run.
 */
bool machine_run(struct arguments *qemu, unsigned timeout_s, bool interactive,
                 struct machine_result *out_result);

#endif
