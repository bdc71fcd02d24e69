/**
 * run_command.h - `mnos run`: boots the system for one program, whose standard streams and
 * exit status become the command's.
 */
#ifndef MNOS_RUN_COMMAND_H
#define MNOS_RUN_COMMAND_H

/** Runs by the words behind `mnos run`; returns the command's exit status. */
int run_command(int argc, char **argv);

/** Prints the command's options, a line each. */
void run_command_print_help(void);

#endif
