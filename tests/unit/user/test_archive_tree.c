/**
 * test_archive_tree.c - the initrd as a file system.
 */
#include "services/initrd_files/archive_tree.h"
#include "unit.h"
#include <stdio.h>

enum { ARCHIVE_MAX = 16384 };

static uint8_t archive[ARCHIVE_MAX];
static size_t archive_size;

/** Appends an entry of the archive, with a correct checksum. */
static void put(const char *name, char type, const char *text)
{
    uint8_t *header = archive + archive_size;
    unsigned sum = 0;

    memset(header, 0, USTAR_BLOCK_SIZE);
    snprintf((char *)header, 100, "%s", name);
    snprintf((char *)header + 124, 12, "%011o", (unsigned)strlen(text));
    memset(header + 148, ' ', 8);
    header[156] = (uint8_t)type;
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < USTAR_BLOCK_SIZE; i++) {
        sum += header[i];
    }
    snprintf((char *)header + 148, 8, "%06o", sum);
    archive_size += USTAR_BLOCK_SIZE;
    memset(archive + archive_size, 0, USTAR_BLOCK_SIZE);
    memcpy(archive + archive_size, text, strlen(text));
    archive_size += strlen(text) > 0 ? USTAR_BLOCK_SIZE : 0;
}

static void finish(void)
{
    memset(archive + archive_size, 0, 2ul * USTAR_BLOCK_SIZE);
    archive_size += 2ul * USTAR_BLOCK_SIZE;
}

static struct archive_tree open_tree(void)
{
    struct archive_tree tree = {.reallocate = realloc, .release = free};

    assert_null(archive_tree_open(&tree, archive, archive_size));
    return tree;
}

static int make_archive(void **state)
{
    (void)state;
    archive_size = 0;
    put("init", '0', "the first");
    put("lib/python/os.py", '0', "import sys");
    put("./lib/", '5', "");
    put("empty/", '5', "");
    put("init", '0', "the second");
    put("../outside", '0', "no");
    put("lib/../init", '0', "no");
    put("init/below", '0', "no");
    finish();
    return 0;
}

static enum file_status open_path(const struct file_system *system, const char *path,
                                  const char *name, uint32_t flags, file_node *out_node)
{
    enum file_type type;
    file_node root;
    enum file_status status = system->attach(system->context, NULL, path, &root);

    return status != FILE_OK
               ? status
               : system->open(system->context, root, name, flags, out_node, &type);
}

static void test_contents(void **state)
{
    struct archive_tree tree = open_tree();
    const struct file_system system = archive_file_system(&tree);
    char text[32] = "";
    uint64_t size;
    file_node node;

    (void)state;
    assert_int_equal(open_path(&system, "", "init", FILE_OPEN_READ, &node), FILE_OK);
    assert_int_equal(system.read(&tree, node, 4, text, 3, &size), FILE_OK);
    assert_int_equal(size, 3);
    assert_string_equal(text, "sec");
    assert_int_equal(system.read(&tree, node, 10, text, 3, &size), FILE_OK);
    assert_int_equal(size, 0);
    assert_int_equal(open_path(&system, "lib/python", "os.py", FILE_OPEN_READ, &node),
                     FILE_OK);
    assert_int_equal(open_path(&system, "", "outside", FILE_OPEN_READ, &node),
                     FILE_NO_ENTRY);
    assert_int_equal(open_path(&system, "init", "below", FILE_OPEN_READ, &node),
                     FILE_NOT_DIRECTORY);
    assert_int_equal(open_path(&system, "..", "init", FILE_OPEN_READ, &node),
                     FILE_INVALID);
    assert_int_equal(open_path(&system, "none", "init", FILE_OPEN_READ, &node),
                     FILE_NO_ENTRY);
    archive_tree_close(&tree);
}

static void test_listing(void **state)
{
    struct archive_tree tree = open_tree();
    const struct file_system system = archive_file_system(&tree);
    uint64_t cookie = 0;
    unsigned count = 0;
    uint8_t bytes[40];
    uint64_t size;

    (void)state;
    while (system.read_directory(&tree, ARCHIVE_ROOT, cookie, bytes, sizeof(bytes),
                                 &size) == FILE_OK &&
           size > 0) {
        struct file_entry entry;
        memcpy(&entry, bytes, sizeof(entry));
        cookie = entry.next_cookie;
        count++;
    }
    assert_int_equal(count, 3); /* init, lib, empty */
    archive_tree_close(&tree);
}

static void test_nothing_changes(void **state)
{
    struct archive_tree tree = open_tree();
    const struct file_system system = archive_file_system(&tree);
    const struct file_names names = {0, "init", 0, "new"};
    file_node node;

    (void)state;
    assert_int_equal(open_path(&system, "", "init", FILE_OPEN_WRITE, &node),
                     FILE_READ_ONLY);
    assert_int_equal(open_path(&system, "", "new", FILE_OPEN_CREATE, &node),
                     FILE_READ_ONLY);
    assert_int_equal(system.unlink(&tree, 0, "init"), FILE_READ_ONLY);
    assert_int_equal(system.rename(&tree, &names), FILE_READ_ONLY);
    assert_int_equal(system.link(&tree, &names), FILE_READ_ONLY);
    assert_int_equal(system.make_directory(&tree, 0, "d"), FILE_READ_ONLY);
    assert_int_equal(system.set_size(&tree, 1, 0), FILE_READ_ONLY);
    archive_tree_close(&tree);
}

static void test_damaged(void **state)
{
    struct archive_tree tree = {.reallocate = realloc, .release = free};

    (void)state;
    assert_non_null(archive_tree_open(&tree, archive, archive_size - 1500));
    assert_true(tree.count > 1);
    archive_tree_close(&tree);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(test_contents, make_archive),
        cmocka_unit_test_setup(test_listing, make_archive),
        cmocka_unit_test_setup(test_nothing_changes, make_archive),
        cmocka_unit_test_setup(test_damaged, make_archive),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
