/**
 * tar.h - files of an archive in memory, as the initrd is one.
 */
#ifndef MNOS_TAR_H
#define MNOS_TAR_H

#include <stddef.h>
#include <stdint.h>

/** A file's bytes, inside of the archive. */
struct tar_file {
    const uint8_t *data;
    size_t size;
};

/**
 * Finds the file @p name in the USTAR archive of @p size bytes at @p archive.
 *
 * A leading "./" is ignored on both sides. Returns NULL and writes @p out_file, or returns
 * in words why not: there is no such file, or the archive is damaged.
 */
const char *tar_find(const void *archive, size_t size, const char *name,
                     struct tar_file *out_file);

#endif
