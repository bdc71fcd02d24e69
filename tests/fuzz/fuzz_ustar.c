/**
 * fuzz_ustar.c - core/ustar on any bytes.
 *
 * Besides what the sanitizers see: each entry lies inside of the archive, behind the one
 * before; a sound archive gives by find what a walk saw last under that name; a damaged
 * one gives its damage. The input's checksums are put right first where its last byte is
 * odd, or hardly any header would get past them.
 */
#include "core/ustar.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void seal(uint8_t *header)
{
    unsigned sum = 0;

    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < USTAR_BLOCK_SIZE; i++) {
        sum += header[i];
    }
    for (unsigned i = 0; i < 6; i++) {
        header[153 - i] = (uint8_t)('0' + (sum >> (3 * i) & 7));
    }
    header[154] = '\0';
}

/** Puts the checksum of each header right that a walk comes to. */
static void seal_all(uint8_t *bytes, size_t size)
{
    struct ustar archive = ustar_open(bytes, size);
    struct ustar_entry entry;
    enum ustar_status status;

    do {
        if (size - archive.offset >= USTAR_BLOCK_SIZE &&
            memcmp(bytes + archive.offset + 257, "ustar", 5) == 0) {
            seal(bytes + archive.offset);
        }
        status = ustar_next(&archive, &entry);
    } while (status == USTAR_OK);
}

static enum ustar_status walk(const uint8_t *bytes, size_t size)
{
    struct ustar archive = ustar_open(bytes, size);
    struct ustar_entry entry;
    const uint8_t *end = bytes;
    enum ustar_status status;

    while ((status = ustar_next(&archive, &entry)) == USTAR_OK) {
        require(entry.data >= end + USTAR_BLOCK_SIZE);
        require(entry.size <= (size_t)(bytes + size - entry.data));
        require(strlen(entry.name) < USTAR_NAME_SIZE);
        require(entry.name[0] != '/' && strncmp(entry.name, "./", 2) != 0);
        end = entry.data + entry.size;
    }
    require(status != USTAR_NOT_FOUND);
    return status;
}

static void find_each(const uint8_t *bytes, size_t size, enum ustar_status walked)
{
    struct ustar archive = ustar_open(bytes, size);
    struct ustar_entry entry;
    struct ustar_entry found;

    for (unsigned i = 0; i < 16 && ustar_next(&archive, &entry) == USTAR_OK; i++) {
        enum ustar_status status = ustar_find(bytes, size, entry.name, &found);

        if (walked != USTAR_END) {
            require(status == walked);
        } else if (entry.type == USTAR_FILE) {
            require(status == USTAR_OK && found.type == USTAR_FILE);
            require(strcmp(found.name, entry.name) == 0 && found.data >= entry.data);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    enum ustar_status status;

    require(copy != NULL);
    if (size > 0) {
        memcpy(copy, data, size);
        if ((data[size - 1] & 1) != 0) {
            seal_all(copy, size);
        }
    }
    status = walk(copy, size);
    find_each(copy, size, status);
    free(copy);
    return 0;
}
