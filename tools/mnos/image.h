/**
 * image.h - bootable ISO images: the kernel and an initrd behind a boot loader.
 *
 * One image starts on BIOS and on UEFI. By default the loader is GRUB and the protocol
 * Multiboot2; with a folder of Limine's own files it is Limine and its protocol.
 */
#ifndef MNOS_IMAGE_H
#define MNOS_IMAGE_H

#include <stdbool.h>

/** Paths are borrowed. */
struct image_request {
    const char *kernel;
    const char *initrd;
    const char *kernel_arguments; /**< plain words, see kernel_words_are_plain() */
    const char *limine;           /**< Limine's folder; NULL: GRUB */
    const char *output;
};

/** Makes the image, with the folder @p work, which exists and is the caller's to remove,
 *  for what lies in between. False after complaining. */
bool image_write(const struct image_request *request, const char *work);

#endif
