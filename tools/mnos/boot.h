/**
 * boot.h - the command `mnos boot`.
 */
#ifndef MNOS_BOOT_H
#define MNOS_BOOT_H

/** Boots the system in QEMU as the words behind `boot` say. Returns the command's exit
 *  status, see complain.h; where a signal ended it, it ends by that signal. */
int boot_command(int argc, char **argv);

#endif
