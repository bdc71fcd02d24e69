/**
 * test_descriptors.c - the descriptor table: numbers, rights, limits, nothing leaked.
 */
#include "fake_tree.h"
#include "unit.h"
#include "wasi/descriptors.h"

struct fixture {
    struct fake_tree tree;
    struct wasi_backend backend;
    struct wasm_platform platform;
    struct wasi_descriptors table;
    unsigned allocations_left; /* then allocate() fails */
    unsigned allocated;        /* blocks not released */
};

static void *allocate(void *context, size_t size)
{
    struct fixture *fixture = context;

    if (fixture->allocations_left == 0) {
        return NULL;
    }
    fixture->allocations_left--;
    fixture->allocated++;
    return malloc(size);
}

static void release(void *context, void *pointer, size_t size)
{
    struct fixture *fixture = context;

    (void)size;
    fixture->allocated--;
    free(pointer);
}

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    fake_tree_init(&fixture->tree);
    fixture->backend = fake_tree_backend(&fixture->tree);
    fixture->platform = (struct wasm_platform){
        .context = fixture, .allocate = allocate, .release = release};
    fixture->allocations_left = 1000;
    wasi_descriptors_init(&fixture->table, 40, &fixture->backend, &fixture->platform);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    wasi_descriptors_release(&fixture->table);
    assert_int_equal(fixture->tree.open_count, 0);
    assert_int_equal(fixture->allocated, 0);
    free(fixture);
    return 0;
}

static struct wasi_descriptor make(struct fixture *fixture, enum wasi_filetype filetype,
                                   uint64_t rights)
{
    return (struct wasi_descriptor){
        .object = fake_tree_open(&fixture->tree, &fixture->tree.nodes[0]),
        .filetype = filetype,
        .rights_base = rights};
}

static uint32_t insert(struct fixture *fixture, uint64_t rights)
{
    struct wasi_descriptor made = make(fixture, WASI_FILETYPE_REGULAR_FILE, rights);
    uint32_t fd = UINT32_MAX;

    assert_int_equal(wasi_descriptors_insert(&fixture->table, &made, &fd),
                     WASI_SUCCESS);
    return fd;
}

static void test_lowest_free_number(void **state)
{
    struct fixture *f = *state;

    for (uint32_t i = 0; i < 20; i++) {
        assert_int_equal(insert(f, 0), i);
    }
    assert_int_equal(wasi_descriptors_close(&f->table, 7), WASI_SUCCESS);
    assert_int_equal(wasi_descriptors_close(&f->table, 3), WASI_SUCCESS);
    assert_int_equal(insert(f, 0), 3);
    assert_int_equal(insert(f, 0), 7);
    assert_int_equal(insert(f, 0), 20);
}

static void test_bad_numbers(void **state)
{
    struct fixture *f = *state;
    struct wasi_descriptor *found;
    uint32_t fd = insert(f, 0);

    assert_int_equal(wasi_descriptors_find(&f->table, fd, 0, &found), WASI_SUCCESS);
    assert_int_equal(wasi_descriptors_find(&f->table, fd + 1, 0, &found), WASI_EBADF);
    assert_int_equal(wasi_descriptors_find(&f->table, 40, 0, &found), WASI_EBADF);
    assert_int_equal(wasi_descriptors_find(&f->table, UINT32_MAX, 0, &found),
                     WASI_EBADF);
    assert_int_equal(wasi_descriptors_close(&f->table, UINT32_MAX), WASI_EBADF);
    assert_int_equal(wasi_descriptors_close(&f->table, fd), WASI_SUCCESS);
    assert_int_equal(wasi_descriptors_close(&f->table, fd), WASI_EBADF);
    assert_int_equal(wasi_descriptors_find(&f->table, fd, 0, &found), WASI_EBADF);
}

static void test_rights_are_all_needed(void **state)
{
    struct fixture *f = *state;
    struct wasi_descriptor *found;
    uint32_t fd = insert(f, WASI_RIGHT_FD_READ | WASI_RIGHT_FD_SEEK);
    uint64_t both = WASI_RIGHT_FD_READ | WASI_RIGHT_FD_WRITE;

    assert_int_equal(wasi_descriptors_find(&f->table, fd, WASI_RIGHT_FD_READ, &found),
                     WASI_SUCCESS);
    assert_int_equal(wasi_descriptors_find(&f->table, fd, both, &found),
                     WASI_ENOTCAPABLE);
    assert_int_equal(wasi_descriptors_find_directory(&f->table, fd, 0, &found),
                     WASI_ENOTDIR);
    struct wasi_descriptor directory =
        make(f, WASI_FILETYPE_DIRECTORY, WASI_RIGHT_PATH_OPEN);
    assert_int_equal(wasi_descriptors_insert(&f->table, &directory, &fd), WASI_SUCCESS);
    assert_int_equal(
        wasi_descriptors_find_directory(&f->table, fd, WASI_RIGHT_PATH_OPEN, &found),
        WASI_SUCCESS);
    assert_int_equal(
        wasi_descriptors_find_directory(&f->table, fd, WASI_RIGHT_FD_READDIR, &found),
        WASI_ENOTCAPABLE);
}

static void test_limit(void **state)
{
    struct fixture *f = *state;
    struct wasi_descriptor made = make(f, WASI_FILETYPE_REGULAR_FILE, 0);
    uint32_t fd;

    for (uint32_t i = 0; i < 40; i++) {
        insert(f, 0);
    }
    assert_int_equal(wasi_descriptors_insert(&f->table, &made, &fd), WASI_EMFILE);
    f->backend.close(&f->tree, made.object); /* not taken */
    assert_int_equal(wasi_descriptors_close(&f->table, 39), WASI_SUCCESS);
    assert_int_equal(insert(f, 0), 39);
}

static void test_allocation_failure(void **state)
{
    struct fixture *f = *state;
    struct wasi_descriptor made = make(f, WASI_FILETYPE_REGULAR_FILE, 0);
    uint32_t fd;

    f->allocations_left = 0;
    assert_int_equal(wasi_descriptors_insert(&f->table, &made, &fd), WASI_ENOMEM);
    f->allocations_left = 1;
    assert_int_equal(wasi_descriptors_insert(&f->table, &made, &fd), WASI_SUCCESS);
    for (uint32_t i = 1; i < f->table.capacity; i++) {
        insert(f, 0);
    }
    made = make(f, WASI_FILETYPE_REGULAR_FILE, 0);
    assert_int_equal(wasi_descriptors_insert(&f->table, &made, &fd), WASI_ENOMEM);
    f->backend.close(&f->tree, made.object);
    assert_int_equal(
        wasi_descriptors_find(&f->table, 0, 0, &(struct wasi_descriptor *){0}),
        WASI_SUCCESS); /* the old table is still there */
}

static void test_renumber(void **state)
{
    struct fixture *f = *state;
    struct wasi_descriptor *found;
    uint32_t from = insert(f, WASI_RIGHT_FD_READ);
    uint32_t to = insert(f, WASI_RIGHT_FD_WRITE);

    assert_int_equal(wasi_descriptors_renumber(&f->table, from, 9), WASI_EBADF);
    assert_int_equal(wasi_descriptors_renumber(&f->table, 9, to), WASI_EBADF);
    assert_int_equal(wasi_descriptors_renumber(&f->table, from, from), WASI_SUCCESS);
    assert_int_equal(f->tree.open_count, 2);
    assert_int_equal(wasi_descriptors_renumber(&f->table, from, to), WASI_SUCCESS);
    assert_int_equal(f->tree.open_count, 1);
    assert_int_equal(wasi_descriptors_find(&f->table, from, 0, &found), WASI_EBADF);
    assert_int_equal(wasi_descriptors_find(&f->table, to, WASI_RIGHT_FD_READ, &found),
                     WASI_SUCCESS);
    assert_int_equal(wasi_descriptors_find(&f->table, to, WASI_RIGHT_FD_WRITE, &found),
                     WASI_ENOTCAPABLE); /* rights move with the object */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_lowest_free_number, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_bad_numbers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_rights_are_all_needed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_allocation_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_renumber, set_up, tear_down)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
