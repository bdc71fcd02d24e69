/**
 * ustar.h - reads a USTAR archive that lies in memory.
 *
 * The archive is untrusted: any bytes give entries or a status, never a read outside of
 * them. Nothing is copied but names. Source: POSIX.1-2017, pax, "ustar Interchange
 * Format"; archives of GNU tar (magic "ustar  ") are read too.
 *
 * Names come out without a leading "./" or "/" and without a trailing "/". Extension
 * headers (pax, GNU long names) come out as entries of type USTAR_OTHER and change
 * nothing about the entry behind them. The first block of zeros ends an archive; one
 * that ends without it is truncated.
 */
#ifndef CORE_USTAR_H
#define CORE_USTAR_H

#include "core/attributes.h"
#include <stddef.h>
#include <stdint.h>

enum ustar_status {
    USTAR_OK,
    USTAR_END,          /**< iteration only: there is no further entry */
    USTAR_NOT_FOUND,    /**< find only: the archive is sound and has no such file */
    USTAR_TRUNCATED,    /**< a header, a file's bytes or the end mark are missing */
    USTAR_BAD_MAGIC,    /**< what stands where a header should be is no USTAR header */
    USTAR_BAD_CHECKSUM, /**< a header does not match its checksum */
    USTAR_BAD_NUMBER    /**< the size or checksum field of a header is not octal */
};

enum ustar_type {
    USTAR_FILE,
    USTAR_FOLDER,
    USTAR_OTHER /**< links, devices, extension headers */
};

enum {
    USTAR_BLOCK_SIZE = 512,
    /** Bytes of the longest name, prefix and '/' included, with its ending zero. */
    USTAR_NAME_SIZE = 155 + 1 + 100 + 1
};

/** A position in an archive. The bytes are borrowed. */
struct ustar {
    const uint8_t *bytes;
    size_t size;
    size_t offset; /**< where the next header stands */
};

struct ustar_entry {
    enum ustar_type type;
    const uint8_t *data; /**< inside the archive */
    size_t size;         /**< bytes at data; 0 for folders, links and devices */
    char name[USTAR_NAME_SIZE];
};

/** A position at the start of the archive of @p size bytes at @p bytes. */
struct ustar ustar_open(const void *bytes, size_t size);

/**
 * Reads the entry at the position and moves on to the next.
 *
 * USTAR_OK with @p out_entry written; USTAR_END; or what is wrong with the archive,
 * upon which the position stays.
 */
MN_MUST_CHECK enum ustar_status ustar_next(struct ustar *archive,
                                           struct ustar_entry *out_entry);

/**
 * Finds the file @p name in the archive of @p size bytes at @p bytes.
 *
 * Of several with that name it is the last, which is what unpacking would leave; so a
 * find reads all headers, and an archive that is damaged anywhere gives its damage and
 * not an entry. A leading "./" of @p name does not matter.
 */
MN_MUST_CHECK enum ustar_status ustar_find(const void *bytes, size_t size,
                                           const char *name,
                                           struct ustar_entry *out_entry);

/** What @p status means, for a message: "the archive is truncated". Never NULL. */
const char *ustar_status_text(enum ustar_status status);

#endif
