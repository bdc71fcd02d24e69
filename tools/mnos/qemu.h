/**
 * qemu.h - from the options of `mnos boot` to QEMU's command line.
 */
#ifndef MNOS_QEMU_H
#define MNOS_QEMU_H

#include "arguments.h"
#include "boot_options.h"

extern const char QEMU_PROGRAM[];

/** What a machine starts from. Paths are borrowed. */
struct qemu_media {
    const char *kernel_arguments;
    const char *iso;       /**< boots by firmware from this, NULL: by PVH */
    const char *variables; /**< UEFI: this run's copy of its variables */
    const char *disk;      /**< NULL: none */
};

/** The code of the UEFI firmware, and its variables before a first start. */
extern const char UEFI_CODE[];
extern const char UEFI_VARIABLES[];

/** Appends the program and the options of the machine to the empty @p out_qemu, all but
 *  what connects it to this command. */
void qemu_command_line(const struct boot_options *options,
                       const struct qemu_media *media, struct arguments *out_qemu);

/** Appends a virtio-9p device for the folder @p path with the mount tag `dir<index>`. */
void qemu_add_directory(struct arguments *qemu, const char *path, size_t index,
                        bool writable);

/** Appends a virtio-serial port named `mnos.link` behind the descriptor @p socket. */
void qemu_add_link(struct arguments *qemu, int socket);

#endif
