/**
 * build_command.h - `mnos build`: a bootable image with programs in it.
 */
#ifndef MNOS_BUILD_COMMAND_H
#define MNOS_BUILD_COMMAND_H

/** Builds by the words behind `mnos build`; returns the command's exit status. */
int build_command(int argc, char **argv);

/** Prints the command's options, a line each. */
void build_command_print_help(void);

#endif
