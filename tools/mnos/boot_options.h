/**
 * boot_options.h - the options of `mnos boot`, checked.
 */
#ifndef MNOS_BOOT_OPTIONS_H
#define MNOS_BOOT_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

enum boot_machine { BOOT_MACHINE_Q35, BOOT_MACHINE_PC, BOOT_MACHINE_MICROVM };

enum boot_firmware {
    BOOT_FIRMWARE_NONE, /**< PVH: QEMU loads the kernel and starts it */
    BOOT_FIRMWARE_BIOS, /**< GRUB from an ISO, by SeaBIOS */
    BOOT_FIRMWARE_UEFI  /**< GRUB from the same ISO, by OVMF */
};

/** Paths are owned by the structure; they name files that could be read. */
struct boot_options {
    uint64_t memory_bytes;
    uint64_t cpus;
    enum boot_machine machine;
    enum boot_firmware firmware;
    char *disk; /**< NULL: a fresh one of the run's own, where no_disk doesn't forbid */
    bool no_disk;
    char *kernel;
    char *initrd;
    char *append; /**< words for the kernel's command line; "" for none */
    uint64_t timeout_s;
    bool poweroff;
    bool verbose;
};

/** Reads the words behind `boot` and fills in what they leave open; false after a
 *  complaint. In both cases the caller releases @p out_options. */
bool boot_options_parse(int argc, char **argv, struct boot_options *out_options);

void boot_options_release(struct boot_options *options);

void boot_options_print_help(void);

/** Can @p text stand in the kernel's command line, whichever loader carries it there?
 *  Printable ASCII without quotes, backslash and $; false after complaining. */
bool kernel_words_are_plain(const char *text);

#endif
