/**
 * qmp.h - as much of QEMU's control protocol as is needed to know why a machine ended.
 *
 * QEMU exits with 0 when the guest powers the machine off and when it resets it (a
 * triple fault is a reset, -no-reboot makes that the end); only the event SHUTDOWN tells
 * one from the other. Events come after the handshake, so the machine is started with
 * -S, and set going once the handshake is done: no event can be missed.
 *
 * Source: QEMU 7.2, "QEMU Machine Protocol Specification" and qapi/run-state.json.
 */
#ifndef MNOS_QMP_H
#define MNOS_QMP_H

#include <stdbool.h>
#include <stddef.h>

/** What the event SHUTDOWN said. */
enum qmp_shutdown {
    QMP_NO_SHUTDOWN,    /**< there was none: QEMU ended itself */
    QMP_GUEST_SHUTDOWN, /**< the guest powered the machine off */
    QMP_GUEST_RESET,    /**< the guest asked for a reset, or hit a triple fault */
    QMP_OTHER_SHUTDOWN  /**< somebody else: a signal, a command */
};

enum { QMP_LINE_MAX = 1024 };

/** The command's end of one control connection. */
struct qmp {
    int socket; /**< owned; does not block, -1 once QEMU has closed it */
    enum qmp_shutdown shutdown;
    char line[QMP_LINE_MAX]; /**< the current line; what is longer is cut */
    size_t length;
};

/** Makes a connection; @p out_qemu_end is the descriptor for QEMU, which the caller
 *  closes once QEMU has it. False after complaining. */
bool qmp_open(struct qmp *qmp, int *out_qemu_end);

/** Sends the handshake and sets the machine going; QEMU reads it when it is ready. */
bool qmp_start_machine(struct qmp *qmp);

/** Asks QEMU to end, without a word on its standard error; false where that can't be
 *  sent. */
bool qmp_quit(struct qmp *qmp);

/** Reads what has come and notes the event. Never blocks. */
void qmp_read(struct qmp *qmp);

void qmp_close(struct qmp *qmp);

#endif
