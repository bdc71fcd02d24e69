/**
 * image_command.h - the command `mnos image`.
 */
#ifndef MNOS_IMAGE_COMMAND_H
#define MNOS_IMAGE_COMMAND_H

/** Makes a bootable ISO image as the words behind `image` say. Returns the command's
 *  exit status, see complain.h. */
int image_command(int argc, char **argv);

void image_command_print_help(void);

#endif
