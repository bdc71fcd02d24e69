/**
 * test_ustar.c - core/ustar against archives that are made here, field by field after
 * <tar.h> and POSIX, and then damaged.
 */
#include "core/bits.h"
#include "core/ustar.h"
#include "unit.h"
#include <stdio.h>
#include <tar.h>

enum { ARCHIVE_MAX = 64 * 1024 };

/** POSIX.1-2017, pax, table "ustar Header Block". */
struct header {
    char name[100];
    char mode[8];
    char uid[8];
    char gid[8];
    char size[12];
    char mtime[12];
    char chksum[8];
    char typeflag;
    char linkname[100];
    char magic[6];
    char version[2];
    char uname[32];
    char gname[32];
    char devmajor[8];
    char devminor[8];
    char prefix[155];
    char unused[12];
};
_Static_assert(sizeof(struct header) == USTAR_BLOCK_SIZE, "one block");

struct archive {
    uint8_t bytes[ARCHIVE_MAX];
    size_t size;
};

static void seal(struct header *header)
{
    unsigned sum = 0;

    memset(header->chksum, ' ', sizeof(header->chksum));
    for (size_t i = 0; i < sizeof(*header); i++) {
        sum += ((const uint8_t *)header)[i];
    }
    snprintf(header->chksum, sizeof(header->chksum), "%06o", sum);
}

/** Adds an entry and returns its header, which is sealed already. */
static struct header *add(struct archive *archive, const char *name, char type,
                          const char *data)
{
    struct header *header = (struct header *)(archive->bytes + archive->size);
    size_t size = strlen(data);

    memset(header, 0, sizeof(*header));
    assert_true(strlen(name) <= sizeof(header->name));
    memcpy(header->name, name, strlen(name));
    snprintf(header->size, sizeof(header->size), "%011zo", size);
    header->typeflag = type;
    memcpy(header->magic, TMAGIC, TMAGLEN);
    memcpy(header->version, TVERSION, TVERSLEN);
    seal(header);
    memcpy(archive->bytes + archive->size + USTAR_BLOCK_SIZE, data, size);
    archive->size += USTAR_BLOCK_SIZE + (size + USTAR_BLOCK_SIZE - 1) /
                                            USTAR_BLOCK_SIZE * USTAR_BLOCK_SIZE;
    return header;
}

static void finish(struct archive *archive)
{
    memset(archive->bytes + archive->size, 0, 2 * (size_t)USTAR_BLOCK_SIZE);
    archive->size += 2 * (size_t)USTAR_BLOCK_SIZE;
}

static struct archive *new_archive(void)
{
    struct archive *archive = calloc(1, sizeof(*archive));

    assert_non_null(archive);
    return archive;
}

/** The status at which a walk over the archive ends, from an exact copy of it. */
static enum ustar_status walk(const struct archive *archive, size_t *out_entries)
{
    uint8_t *copy = unit_exact_copy(archive->bytes, archive->size);
    struct ustar position = ustar_open(copy, archive->size);
    struct ustar_entry entry;
    enum ustar_status status;

    *out_entries = 0;
    while ((status = ustar_next(&position, &entry)) == USTAR_OK) {
        (*out_entries)++;
        assert_true(entry.data >= copy);
        assert_true(entry.size <= (size_t)(copy + archive->size - entry.data));
    }
    assert_int_equal(ustar_next(&position, &entry), status); /* it stays there */
    free(copy);
    return status;
}

static void lists_entries_in_order(void **state)
{
    struct archive *archive = new_archive();
    struct ustar position;
    struct ustar_entry entry;

    (void)state;
    add(archive, "./", DIRTYPE, "");
    add(archive, "./init", REGTYPE, "first");
    add(archive, "etc/", DIRTYPE, "");
    add(archive, "/etc/motd", AREGTYPE, "");
    add(archive, "link", SYMTYPE, "");
    finish(archive);

    position = ustar_open(archive->bytes, archive->size);
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_FOLDER);
    assert_string_equal(entry.name, "");
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_FILE);
    assert_string_equal(entry.name, "init");
    assert_int_equal(entry.size, 5);
    assert_memory_equal(entry.data, "first", 5);
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_FOLDER);
    assert_string_equal(entry.name, "etc");
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_FILE);
    assert_string_equal(entry.name, "etc/motd");
    assert_int_equal(entry.size, 0);
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_OTHER);
    assert_int_equal(ustar_next(&position, &entry), USTAR_END);
    free(archive);
}

static void finds_by_name(void **state)
{
    struct archive *archive = new_archive();
    struct ustar_entry entry;

    (void)state;
    add(archive, "init2", REGTYPE, "no");
    add(archive, "./init", REGTYPE, "old");
    add(archive, "ini", REGTYPE, "no");
    add(archive, "folder/", DIRTYPE, "");
    add(archive, "init", REGTYPE, "newer");
    finish(archive);

    assert_int_equal(ustar_find(archive->bytes, archive->size, "./init", &entry),
                     USTAR_OK);
    assert_int_equal(entry.size, 5);
    assert_memory_equal(entry.data, "newer", 5);
    assert_int_equal(ustar_find(archive->bytes, archive->size, "ini", &entry),
                     USTAR_OK);
    assert_int_equal(ustar_find(archive->bytes, archive->size, "folder", &entry),
                     USTAR_NOT_FOUND);
    assert_int_equal(ustar_find(archive->bytes, archive->size, "in", &entry),
                     USTAR_NOT_FOUND);
    assert_int_equal(ustar_find(archive->bytes, archive->size, "", &entry),
                     USTAR_NOT_FOUND);
    free(archive);
}

static void joins_prefix_and_name(void **state)
{
    struct archive *archive = new_archive();
    struct ustar_entry entry;
    struct header *header = add(archive, "", REGTYPE, "x");
    char expected[USTAR_NAME_SIZE];

    (void)state;
    memset(header->name, 'n', sizeof(header->name));
    memset(header->prefix, 'p', sizeof(header->prefix));
    seal(header);
    finish(archive);
    memset(expected, 'p', 155);
    expected[155] = '/';
    memset(expected + 156, 'n', 100);
    expected[256] = '\0';
    assert_int_equal(ustar_find(archive->bytes, archive->size, expected, &entry),
                     USTAR_OK);
    assert_string_equal(entry.name, expected);
    free(archive);
}

static void gnu_header_has_no_prefix(void **state)
{
    struct archive *archive = new_archive();
    struct ustar_entry entry;
    struct header *header = add(archive, "file", REGTYPE, "x");

    (void)state;
    memcpy(header->magic, "ustar ", 6);
    memcpy(header->version, " ", 2);
    memcpy(header->prefix, "14367", 5);
    seal(header);
    finish(archive);
    assert_int_equal(ustar_find(archive->bytes, archive->size, "file", &entry),
                     USTAR_OK);
    free(archive);
}

static void every_cut_is_truncated(void **state)
{
    struct archive *archive = new_archive();
    size_t whole;
    size_t entries;

    (void)state;
    add(archive, "a", REGTYPE, "some bytes");
    add(archive, "b", REGTYPE, "more bytes");
    whole = archive->size;
    finish(archive);
    for (size_t size = 0; size < whole + USTAR_BLOCK_SIZE; size++) {
        archive->size = size;
        assert_int_equal(walk(archive, &entries), USTAR_TRUNCATED);
        assert_int_equal(entries, size / (2 * (size_t)USTAR_BLOCK_SIZE));
    }
    archive->size = whole + USTAR_BLOCK_SIZE; /* one block of zeros is enough */
    assert_int_equal(walk(archive, &entries), USTAR_END);
    assert_int_equal(entries, 2);
    free(archive);
}

static void every_changed_header_byte_is_noticed(void **state)
{
    struct archive *archive = new_archive();

    (void)state;
    add(archive, "a", REGTYPE, "some bytes");
    finish(archive);
    for (size_t i = 0; i < USTAR_BLOCK_SIZE; i++) {
        size_t entries;
        enum ustar_status status;

        archive->bytes[i] ^= 1;
        status = walk(archive, &entries);
        archive->bytes[i] ^= 1;
        if (i >= 257 && i < 263) {
            assert_int_equal(status, USTAR_BAD_MAGIC);
        } else if (i == 154) { /* the zero behind the checksum's digits */
            assert_int_equal(status, USTAR_BAD_NUMBER);
        } else if (i == 155) { /* what is behind that zero means nothing */
            assert_int_equal(status, USTAR_END);
            continue;
        } else {
            assert_int_equal(status, USTAR_BAD_CHECKSUM);
        }
        assert_int_equal(entries, 0);
    }
    free(archive);
}

static void damage_behind_the_file_is_found_too(void **state)
{
    struct archive *archive = new_archive();
    struct ustar_entry entry;
    struct header *second;

    (void)state;
    add(archive, "init", REGTYPE, "sound");
    second = add(archive, "broken", REGTYPE, "");
    second->name[0] = 'B';
    finish(archive);
    memset(&entry, 0x5A, sizeof(entry));
    assert_int_equal(ustar_find(archive->bytes, archive->size, "init", &entry),
                     USTAR_BAD_CHECKSUM);
    assert_int_equal(entry.name[0], 0x5A); /* nothing is written on failure */
    free(archive);
}

static void check_size_field(const char *field, size_t field_size,
                             enum ustar_status expected)
{
    struct archive *archive = new_archive();
    struct header *header = add(archive, "a", REGTYPE, "");
    size_t entries;

    memset(header->size, 0, sizeof(header->size));
    memcpy(header->size, field, field_size);
    seal(header);
    finish(archive);
    assert_int_equal(walk(archive, &entries), expected);
    free(archive);
}

static void sizes_that_lie(void **state)
{
    (void)state;
    check_size_field("777777777777", 12, USTAR_TRUNCATED);
    check_size_field("00000002001", 11, USTAR_TRUNCATED);
    check_size_field("00000001000", 11, USTAR_END);
    check_size_field("       1000 ", 12, USTAR_END);
    check_size_field("", 0, USTAR_END);
    check_size_field("0000000100x", 11, USTAR_BAD_NUMBER);
    check_size_field("-0000000001", 11, USTAR_BAD_NUMBER);
    check_size_field("\x80\0\0\0\0\0\0\0\0\0\x02\0", 12, USTAR_BAD_NUMBER);
}

static void sizes_of_folders_and_links_don_t_count(void **state)
{
    static const char types[] = {LNKTYPE, SYMTYPE, CHRTYPE, BLKTYPE, DIRTYPE, FIFOTYPE};

    (void)state;
    for (size_t i = 0; i < sizeof(types); i++) {
        struct archive *archive = new_archive();
        struct header *header = add(archive, "a", types[i], "");
        size_t entries;

        memcpy(header->size, "00000777777", 11);
        seal(header);
        add(archive, "b", REGTYPE, "");
        finish(archive);
        assert_int_equal(walk(archive, &entries), USTAR_END);
        assert_int_equal(entries, 2);
        free(archive);
    }
}

static void old_folders_are_known_by_their_slash(void **state)
{
    struct archive *archive = new_archive();
    struct ustar position;
    struct ustar_entry entry;

    (void)state;
    add(archive, "folder/", AREGTYPE, "");
    finish(archive);
    position = ustar_open(archive->bytes, archive->size);
    assert_int_equal(ustar_next(&position, &entry), USTAR_OK);
    assert_int_equal(entry.type, USTAR_FOLDER);
    free(archive);
}

static void each_status_has_a_text(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= USTAR_BAD_NUMBER; i++) {
        assert_non_null(strstr(ustar_status_text((enum ustar_status)i), "archive"));
    }
    assert_string_equal(ustar_status_text((enum ustar_status)99),
                        "unknown archive status");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(lists_entries_in_order),
        cmocka_unit_test(finds_by_name),
        cmocka_unit_test(joins_prefix_and_name),
        cmocka_unit_test(gnu_header_has_no_prefix),
        cmocka_unit_test(every_cut_is_truncated),
        cmocka_unit_test(every_changed_header_byte_is_noticed),
        cmocka_unit_test(damage_behind_the_file_is_found_too),
        cmocka_unit_test(sizes_that_lie),
        cmocka_unit_test(sizes_of_folders_and_links_don_t_count),
        cmocka_unit_test(old_folders_are_known_by_their_slash),
        cmocka_unit_test(each_status_has_a_text),
    };

    return cmocka_run_group_tests_name("ustar", tests, NULL, NULL);
}
