/**
 * program_console.h - the last words of a program, and its exit status, by way of the
 * console service.
 */
#ifndef INIT_PROGRAM_CONSOLE_H
#define INIT_PROGRAM_CONSOLE_H

#include "init/program.h"

/** Makes what waiting for the console needs. False: no memory. */
MN_MUST_CHECK bool program_console_open(void);

/** Writes the program's story to its log stream and, where the machine runs for this
 *  program, hands its exit status to the host's command; if there is no way to it, ends
 *  the machine as failed. */
void program_console_end(struct init *init, const struct program *program,
                         uint32_t status);

#endif
