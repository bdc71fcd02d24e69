/**
 * ustar.c - see ustar.h.
 *
 * A header is one block of fixed fields, numbers in octal text:
 * name 0..99, size 124..135, checksum 148..155, type 156, magic 257..262, version
 * 263..264, prefix 345..499. The file's bytes follow, filled up to whole blocks.
 */
#include "core/ustar.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include <stdbool.h>

enum {
    NAME_OFFSET = 0,
    NAME_FIELD = 100,
    SIZE_OFFSET = 124,
    SIZE_FIELD = 12,
    CHECKSUM_OFFSET = 148,
    CHECKSUM_FIELD = 8,
    TYPE_OFFSET = 156,
    MAGIC_OFFSET = 257,
    PREFIX_OFFSET = 345,
    PREFIX_FIELD = 155
};

struct ustar ustar_open(const void *bytes, size_t size)
{
    return (struct ustar){.bytes = bytes, .size = size, .offset = 0};
}

static bool block_is_zero(const uint8_t *block)
{
    for (size_t i = 0; i < USTAR_BLOCK_SIZE; i++) {
        if (block[i] != 0) {
            return false;
        }
    }
    return true;
}

/** Octal digits, between leading spaces and a space, a zero or the end of the field. */
static bool parse_octal(const uint8_t *field, size_t size, uint64_t *out_value)
{
    uint64_t value = 0;
    size_t i = 0;

    while (i < size && field[i] == ' ') {
        i++;
    }
    for (; i < size && field[i] != ' ' && field[i] != '\0'; i++) {
        if (field[i] < '0' || field[i] > '7') {
            return false;
        }
        value = value * 8 + (uint64_t)(field[i] - '0'); /* 12 digits: 36 bits */
    }
    *out_value = value;
    return true;
}

/** The sum of all bytes of a header, its checksum field taken as spaces. */
static uint64_t header_sum(const uint8_t *header)
{
    uint64_t sum = (uint64_t)CHECKSUM_FIELD * ' ';

    for (size_t i = 0; i < USTAR_BLOCK_SIZE; i++) {
        if (i < CHECKSUM_OFFSET || i >= CHECKSUM_OFFSET + CHECKSUM_FIELD) {
            sum += header[i];
        }
    }
    return sum;
}

static bool is_posix(const uint8_t *header)
{
    return memcmp(header + MAGIC_OFFSET, "ustar\0", 6) == 0;
}

static bool is_gnu(const uint8_t *header)
{
    return memcmp(header + MAGIC_OFFSET, "ustar  ", 8) == 0;
}

static enum ustar_status check_header(const uint8_t *header, uint64_t *out_size)
{
    uint64_t checksum;

    if (!is_posix(header) && !is_gnu(header)) {
        return USTAR_BAD_MAGIC;
    }
    if (!parse_octal(header + CHECKSUM_OFFSET, CHECKSUM_FIELD, &checksum)) {
        return USTAR_BAD_NUMBER;
    }
    if (checksum != header_sum(header)) {
        return USTAR_BAD_CHECKSUM;
    }
    if (!parse_octal(header + SIZE_OFFSET, SIZE_FIELD, out_size)) {
        return USTAR_BAD_NUMBER;
    }
    return USTAR_OK;
}

/** Appends a field that ends at a zero or at its own end; returns the new length. */
static size_t append_field(char *name, size_t length, const uint8_t *field, size_t size)
{
    for (size_t i = 0; i < size && field[i] != '\0'; i++) {
        name[length] = (char)field[i];
        length++;
    }
    return length;
}

/** What stands behind the leading "./" and "/" of a name. */
static const char *skip_lead(const char *name)
{
    for (;;) {
        if (name[0] == '/') {
            name += 1;
        } else if (name[0] == '.' && name[1] == '/') {
            name += 2;
        } else {
            return name;
        }
    }
}

/** Writes the entry's name; true if it ended with a '/'. */
static bool read_name(const uint8_t *header, char name[USTAR_NAME_SIZE])
{
    size_t length = 0;
    size_t lead;
    bool slash = false;

    /* GNU tar keeps times in the place of the prefix. */
    if (is_posix(header) && header[PREFIX_OFFSET] != '\0') {
        length = append_field(name, 0, header + PREFIX_OFFSET, PREFIX_FIELD);
        name[length] = '/';
        length++;
    }
    length = append_field(name, length, header + NAME_OFFSET, NAME_FIELD);
    name[length] = '\0';

    lead = (size_t)(skip_lead(name) - name);
    length -= lead;
    memmove(name, name + lead, length + 1);
    while (length > 0 && name[length - 1] == '/') {
        length--;
        name[length] = '\0';
        slash = true;
    }
    return slash;
}

static enum ustar_type entry_type(uint8_t type_flag, bool name_ends_with_slash)
{
    switch (type_flag) {
    case '\0': /* archives older than the standard mark folders by their name */
        return name_ends_with_slash ? USTAR_FOLDER : USTAR_FILE;
    case '0':
    case '7':
        return USTAR_FILE;
    case '5':
        return USTAR_FOLDER;
    default:
        return USTAR_OTHER;
    }
}

/** Links, devices and folders have no bytes in the archive, whatever their size says. */
static bool has_data(uint8_t type_flag, enum ustar_type type)
{
    return type == USTAR_FILE ||
           (type == USTAR_OTHER && (type_flag < '1' || type_flag > '6'));
}

enum ustar_status ustar_next(struct ustar *archive, struct ustar_entry *out_entry)
{
    const uint8_t *header = archive->bytes + archive->offset;
    size_t rest = archive->size - archive->offset;
    uint64_t size;
    uint64_t padded;
    enum ustar_status status;
    enum ustar_type type;
    bool slash;

    if (rest < USTAR_BLOCK_SIZE) {
        return USTAR_TRUNCATED;
    }
    if (block_is_zero(header)) {
        return USTAR_END;
    }
    status = check_header(header, &size);
    if (status != USTAR_OK) {
        return status;
    }
    slash = read_name(header, out_entry->name);
    type = entry_type(header[TYPE_OFFSET], slash);
    if (!has_data(header[TYPE_OFFSET], type)) {
        size = 0;
    }
    rest -= USTAR_BLOCK_SIZE;
    if (!checked_align_up(size, USTAR_BLOCK_SIZE, &padded) || padded > rest) {
        return USTAR_TRUNCATED;
    }
    out_entry->type = type;
    out_entry->data = header + USTAR_BLOCK_SIZE;
    out_entry->size = (size_t)size;
    archive->offset += USTAR_BLOCK_SIZE + (size_t)padded;
    return USTAR_OK;
}

static bool names_equal(const char *a, const char *b)
{
    size_t length = strlen(a);

    return strlen(b) == length && memcmp(a, b, length) == 0;
}

enum ustar_status ustar_find(const void *bytes, size_t size, const char *name,
                             struct ustar_entry *out_entry)
{
    struct ustar archive = ustar_open(bytes, size);
    struct ustar found = archive;
    struct ustar_entry entry;
    enum ustar_status status;
    bool any = false;

    name = skip_lead(name);
    for (;;) {
        struct ustar here = archive;

        status = ustar_next(&archive, &entry);
        if (status == USTAR_END) {
            break;
        }
        if (status != USTAR_OK) {
            return status;
        }
        if (entry.type == USTAR_FILE && names_equal(entry.name, name)) {
            found = here;
            any = true;
        }
    }
    return any ? ustar_next(&found, out_entry) : USTAR_NOT_FOUND;
}

const char *ustar_status_text(enum ustar_status status)
{
    switch (status) {
    case USTAR_OK:
        return "the archive is sound";
    case USTAR_END:
        return "the archive has no further entry";
    case USTAR_NOT_FOUND:
        return "the archive has no such file";
    case USTAR_TRUNCATED:
        return "the archive is truncated";
    case USTAR_BAD_MAGIC:
        return "this is no USTAR archive (make it with tar --format=ustar)";
    case USTAR_BAD_CHECKSUM:
        return "a header of the archive does not match its checksum";
    case USTAR_BAD_NUMBER:
        return "a header of the archive holds a number that is not octal";
    }
    return "unknown archive status";
}
