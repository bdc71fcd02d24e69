/**
 * check_command.h - `mnos check FILE.wasm`: what a program imports and which grants it may
 * need, before it is run.
 */
#ifndef MNOS_CHECK_COMMAND_H
#define MNOS_CHECK_COMMAND_H

/** Checks by the words behind `mnos check`. Returns the command's exit status: 2 if the
 *  program would be refused. */
int check_command(int argc, char **argv);

/** Prints the command's options, a line each. */
void check_command_print_help(void);

#endif
