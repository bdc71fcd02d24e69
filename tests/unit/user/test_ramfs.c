/**
 * test_ramfs.c - the RAM file system behind the server, by the protocol.
 */
#include "model/file_model.h"
#include "model/file_world.h"
#include "unit.h"

enum { BADGE = FILE_BADGE_FIRST, STEPS = 20000, RUNS = 10 };

static const uint64_t no_words[3];

static void test_model(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct choices choices = {.seed = seed * 0x9E3779B97F4A7C15u};
        file_model_run(&choices, STEPS / RUNS);
    }
}

static uint64_t write_at(const struct file_client *client, uint64_t handle,
                         uint64_t offset, uint64_t size, enum file_status *out_status)
{
    const uint64_t words[3] = {handle, offset, size};
    struct file_answer answer = {{0, 0}};

    *out_status = client_request(client, FILE_LABEL(FILE_WRITE, 0), words, &answer);
    return answer.words[0];
}

static uint64_t open_new(const struct file_client *client, const char *name)
{
    struct file_answer answer;

    assert_int_equal(
        client_open(client, FILE_ROOT_HANDLE, name,
                    FILE_OPEN_READ | FILE_OPEN_WRITE | FILE_OPEN_CREATE, &answer),
        FILE_OK);
    return answer.words[0];
}

static void test_quota(void **state)
{
    struct file_world *world = world_open();
    enum file_status status;

    (void)state;
    assert_int_equal(world_attach(world, BADGE, "", FILE_ATTACH_PRIVATE, 20 * 4096),
                     FILE_OK);
    struct file_client client = world_client(world, BADGE);
    uint64_t handle = open_new(&client, "big");
    uint64_t offset = 0;
    do {
        offset += write_at(&client, handle, offset, 4096, &status);
    } while (status == FILE_OK);
    assert_int_equal(status, FILE_QUOTA);
    /* 20 blocks: inodes, the root's entries, the index of the file; the rest is contents. */
    assert_int_equal(offset, 17 * 4096);
    world_check(world);
    assert_int_equal(client_on_name(&client, FILE_MAKE_DIRECTORY, 0, "fits"), FILE_OK);
    assert_int_equal(client_on_name(&client, FILE_UNLINK, 0, "big"), FILE_OK);
    const uint64_t words[3] = {handle, 0, 0};
    assert_int_equal(client_request(&client, FILE_LABEL(FILE_CLOSE, 0), words, NULL),
                     FILE_OK);
    handle = open_new(&client, "again");
    assert_int_equal(write_at(&client, handle, 0, 8192, &status), 8192);
    world_close(world);
}

static void test_memory_runs_out(void **state)
{
    (void)state;
    for (uint64_t limit = 0; limit < 12; limit++) {
        struct file_world *world = world_open();
        struct file_answer answer;
        enum file_status status;

        world->blocks_limit = limit;
        if (world_attach(world, BADGE, "", FILE_ATTACH_PRIVATE, 1 << 20) != FILE_OK) {
            assert_true(limit < 1);
            world_close(world);
            continue;
        }
        struct file_client client = world_client(world, BADGE);
        for (char name[] = "a"; name[0] <= 'p'; name[0]++) {
            status = client_open(&client, 0, name, FILE_OPEN_WRITE | FILE_OPEN_CREATE,
                                 &answer);
            if (status == FILE_OK) {
                (void)write_at(&client, answer.words[0], 1 << 20, 4096, &status);
            }
            world_check(world);
        }
        assert_int_equal(status, FILE_NO_SPACE);
        world_close(world);
    }
}

static void test_read_only(void **state)
{
    struct file_world *world = world_open();
    struct file_answer answer;

    (void)state;
    assert_int_equal(world_attach(world, 2, "v", FILE_ATTACH_CREATE, 1 << 20), FILE_OK);
    assert_int_equal(world_attach(world, 3, "v", FILE_ATTACH_READ_ONLY, 0), FILE_OK);
    struct file_client writer = world_client(world, 2);
    struct file_client reader = world_client(world, 3);
    open_new(&writer, "file");
    static const enum file_opcode changing[] = {FILE_SET_TIMES,
                                                FILE_SET_TIMES_AT,
                                                FILE_WRITE,
                                                FILE_SET_SIZE,
                                                FILE_ALLOCATE,
                                                FILE_MAKE_DIRECTORY,
                                                FILE_REMOVE_DIRECTORY,
                                                FILE_UNLINK,
                                                FILE_RENAME,
                                                FILE_LINK,
                                                FILE_SYMLINK};
    for (size_t i = 0; i < sizeof(changing) / sizeof(changing[0]); i++) {
        assert_int_equal(
            client_request(&reader, FILE_LABEL(changing[i], 0), no_words, NULL),
            FILE_READ_ONLY);
    }
    assert_int_equal(client_open(&reader, 0, "file", FILE_OPEN_WRITE, &answer),
                     FILE_READ_ONLY);
    assert_int_equal(client_open(&reader, 0, "new", FILE_OPEN_CREATE, &answer),
                     FILE_READ_ONLY);
    assert_int_equal(client_open(&reader, 0, "file", FILE_OPEN_TRUNCATE, &answer),
                     FILE_READ_ONLY);
    assert_int_equal(client_open(&reader, 0, "file", FILE_OPEN_READ, &answer), FILE_OK);
    world_close(world);
}

static void test_names_stay_inside(void **state)
{
    static const char *const bad[] = {"..", "", "/", "a/b", "/etc", "../x", "a/"};
    struct file_world *world = world_open();
    struct file_answer answer;

    (void)state;
    assert_int_equal(world_attach(world, 2, "v", FILE_ATTACH_CREATE, 1 << 20), FILE_OK);
    struct file_client all = world_client(world, 2);
    assert_int_equal(client_on_name(&all, FILE_MAKE_DIRECTORY, 0, "below"), FILE_OK);
    open_new(&all, "secret");
    assert_int_equal(world_attach(world, 3, "v/below", 0, 0), FILE_OK);
    struct file_client below = world_client(world, 3);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        assert_int_equal(client_open(&below, 0, bad[i], FILE_OPEN_READ, &answer),
                         FILE_INVALID);
        assert_int_equal(client_on_name(&below, FILE_STAT_AT, 0, bad[i]), FILE_INVALID);
    }
    assert_int_equal(client_on_name(&below, FILE_STAT_AT, 0, "secret"), FILE_NO_ENTRY);
    assert_int_equal(world_attach(world, 4, "v/../v", 0, 0), FILE_INVALID);
    assert_int_equal(world_attach(world, 4, "v/secret", 0, 0), FILE_NOT_DIRECTORY);
    assert_int_equal(world_attach(world, 4, "other", 0, 0), FILE_NO_ENTRY);
    /* A link out is not followed. */
    const uint64_t words[3] = {0, client_put_name(&below, FILE_BUFFER_NAME, "out"), 9};
    memcpy(below.buffer + FILE_BUFFER_DATA, "../secret", 9);
    assert_int_equal(client_request(&below, FILE_LABEL(FILE_SYMLINK, 0), words, NULL),
                     FILE_OK);
    assert_int_equal(client_open(&below, 0, "out", FILE_OPEN_READ, &answer),
                     FILE_IS_LINK);
    world_close(world);
}

static void test_handles_are_bounded_and_private(void **state)
{
    struct file_world *world = world_open();
    struct file_answer answer;
    enum file_status status;

    (void)state;
    assert_int_equal(world_attach(world, 2, "v", FILE_ATTACH_CREATE, 1 << 20), FILE_OK);
    assert_int_equal(world_attach(world, 3, "v", 0, 0), FILE_OK);
    struct file_client one = world_client(world, 2);
    struct file_client other = world_client(world, 3);
    uint64_t handle = open_new(&one, "file");
    const uint64_t words[3] = {handle, 0, 16};
    assert_int_equal(client_request(&other, FILE_LABEL(FILE_READ, 0), words, &answer),
                     FILE_BAD_HANDLE);
    unsigned count = 1;
    while ((status = client_open(&one, 0, "file", FILE_OPEN_READ, &answer)) ==
           FILE_OK) {
        count++;
    }
    assert_int_equal(status, FILE_NO_HANDLES);
    assert_int_equal(count, 20);
    server_badge_gone(&world->server, 2);
    assert_int_equal(client_request(&one, FILE_LABEL(FILE_STAT, 0), no_words, NULL),
                     FILE_NO_SESSION);
    assert_int_equal(world_attach(world, 2, "v", 0, 0), FILE_OK);
    world_check(world);
    world_close(world);
}

static void test_supervisor_alone_attaches(void **state)
{
    struct file_world *world = world_open();

    (void)state;
    assert_int_equal(world_attach(world, 2, "v", FILE_ATTACH_CREATE, 1 << 20), FILE_OK);
    assert_int_equal(world_attach(world, 2, "v", 0, 0), FILE_BUSY);
    struct file_client client = world_client(world, 2);
    memcpy(client.buffer, world->buffers[0], WORLD_BUFFER_BYTES);
    assert_int_equal(client_request(&client, FILE_ATTACH, no_words, NULL),
                     FILE_INVALID);
    assert_int_equal(client_request(&client, FILE_DETACH, no_words, NULL),
                     FILE_INVALID);
    client.slot = 77;
    assert_int_equal(client_request(&client, FILE_STAT, no_words, NULL),
                     FILE_NO_SESSION);
    client.slot = FILE_BADGE_SUPERVISOR;
    const uint64_t words[3] = {2, 0, 0};
    assert_int_equal(client_request(&client, FILE_DETACH, words, NULL), FILE_OK);
    assert_int_equal(client_request(&client, FILE_DETACH, words, NULL),
                     FILE_NO_SESSION);
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_quota),
        cmocka_unit_test(test_memory_runs_out),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_names_stay_inside),
        cmocka_unit_test(test_handles_are_bounded_and_private),
        cmocka_unit_test(test_supervisor_alone_attaches),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
