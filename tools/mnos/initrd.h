/**
 * initrd.h - makes an initrd with more files in it, for one run or one image.
 */
#ifndef MNOS_INITRD_H
#define MNOS_INITRD_H

#include "text.h"
#include <stdbool.h>
#include <stddef.h>

/** A file to add. Borrowed. A name that the archive has already takes its place, as
 *  core/ustar finds the last of a name. */
struct initrd_file {
    const char *name; /**< at most 99 bytes, no '/' */
    const void *bytes;
    size_t size;
};

/** Writes @p output: the files of the archive @p base, then @p files. False after
 *  complaining. */
bool initrd_write(const char *base, const struct initrd_file *files, size_t count,
                  const char *output);

/** Appends the file @p name of the archive @p base to @p text. False after complaining. */
bool initrd_read(const char *base, const char *name, struct text *text);

#endif
