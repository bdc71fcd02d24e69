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
#include "link_host.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Why a machine ended. */
enum machine_end {
    MACHINE_POWERED_OFF, /**< by its guest, in order */
    MACHINE_FAILED,      /**< the guest wrote a status to the debug exit port */
    MACHINE_RESET,       /**< the guest reset it, by a triple fault most likely */
    MACHINE_LEFT,        /**< its user typed Ctrl-A X */
    MACHINE_TIMED_OUT,
    MACHINE_SIGNALLED,     /**< the command got a signal that ends it */
    MACHINE_NOT_STARTED,   /**< QEMU refused, and said why; or it broke down */
    MACHINE_PROGRAM_ENDED, /**< the program at the other end of the link did */
    MACHINE_LINK_BROKEN    /**< the machine broke the link's rules */
};

/** Where the serial line goes. */
enum machine_serial {
    MACHINE_SERIAL_USER,  /**< standard input and output */
    MACHINE_SERIAL_ERROR, /**< standard error; nothing is read */
    MACHINE_SERIAL_KEPT   /**< its last bytes into the result; nothing is read */
};

struct machine_config {
    uint64_t timeout_ms; /**< 0: no limit */
    bool interactive; /**< the terminal is in raw mode, and Ctrl-A is the command's */
    enum machine_serial serial;
    struct link_host *link; /**< the program's streams, borrowed; NULL: none */
    int link_qemu_end;      /**< its descriptor for QEMU; closed once QEMU has it */
};

enum { MACHINE_KEPT_BYTES = 4096 };

struct machine_result {
    enum machine_end end;
    int value; /**< FAILED, PROGRAM_ENDED: the status; SIGNALLED: the signal */
    struct backtrace backtrace;
    char kept[MACHINE_KEPT_BYTES]; /**< the serial line's last bytes */
    size_t kept_bytes;
};

/**
 * Runs the machine of the command line @p qemu to its end.
 *
 * Adds to the command line what connects the machine to this command: the serial line
 * and QEMU's control socket. False after complaining, when nothing was run.
 */
bool machine_run(struct arguments *qemu, const struct machine_config *config,
                 struct machine_result *out_result);

#endif
