/**
 * complain.h - what the command says to its user: one line on standard error.
 */
#ifndef MNOS_COMPLAIN_H
#define MNOS_COMPLAIN_H

#include <stdnoreturn.h>

/** Exit statuses of the command. The shell's 128 + n stands for ended by signal n. */
enum {
    EXIT_IN_ORDER = 0,       /**< the machine ended in order, or its user left it */
    EXIT_PANIC = 1,          /**< the kernel panicked, or a phase of Init failed */
    EXIT_USAGE = 2,          /**< an option, a file or a program is wrong or missing */
    EXIT_TIMED_OUT = 124,    /**< --timeout ran out */
    EXIT_SYSTEM_FAILED = 125 /**< run: the system ended, not the program */
};

/** Prints "mnos: " and the text, as one line. */
__attribute__((format(printf, 1, 2))) void complain(const char *format, ...);

/** complain() and then the text of errno: "cannot open x: No such file". */
__attribute__((format(printf, 1, 2))) void complain_errno(const char *format, ...);

/** Ends the command with EXIT_USAGE because the host has no memory left. */
noreturn void out_of_memory(void);

#endif
