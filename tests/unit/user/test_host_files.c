/**
 * test_host_files.c - the host's file system by 9P, over a server of it.
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
        file_model_run_p9(&choices, STEPS / RUNS);
    }
}

static void make_link(const struct file_client *client, const char *name,
                      const char *target)
{
    const uint64_t words[3] = {0, client_put_name(client, FILE_BUFFER_NAME, name),
                               strlen(target)};

    memcpy(client->buffer + FILE_BUFFER_DATA, target, strlen(target));
    assert_int_equal(client_request(client, FILE_LABEL(FILE_SYMLINK, 0), words, NULL),
                     FILE_OK);
}

static void test_links_are_not_followed(void **state)
{
    struct file_world *world = world_open_p9();
    struct file_answer answer;

    (void)state;
    assert_int_equal(world_attach(world, BADGE, "", 0, 0), FILE_OK);
    struct file_client client = world_client(world, BADGE);
    assert_int_equal(client_on_name(&client, FILE_MAKE_DIRECTORY, 0, "dir"), FILE_OK);
    make_link(&client, "up", "..");
    make_link(&client, "root", "/");
    make_link(&client, "inside", "dir");
    static const char *const links[] = {"up", "root", "inside"};
    for (size_t i = 0; i < 3; i++) {
        for (uint32_t flags = 0; flags < 64; flags += 1) {
            assert_int_not_equal(client_open(&client, 0, links[i], flags, &answer),
                                 FILE_OK);
        }
        assert_int_equal(world_attach(world, BADGE + 1, links[i], 0, 0), FILE_IS_LINK);
    }
    assert_int_equal(world_attach(world, BADGE + 1, "inside/dir", 0, 0), FILE_IS_LINK);
    assert_int_equal(world_attach(world, BADGE + 1, "dir/..", 0, 0), FILE_INVALID);
    assert_int_equal(world_attach(world, BADGE + 1, "dir//", 0, 0), FILE_OK);
    world_close(world);
}

static void test_read_only(void **state)
{
    struct file_world *world = world_open_p9();
    struct file_answer answer;

    (void)state;
    assert_int_equal(world_attach(world, BADGE, "", FILE_ATTACH_READ_ONLY, 0), FILE_OK);
    struct file_client client = world_client(world, BADGE);
    assert_int_equal(client_open(&client, 0, "new", FILE_OPEN_CREATE, &answer),
                     FILE_READ_ONLY);
    assert_int_equal(
        client_request(&client, FILE_LABEL(FILE_UNLINK, 0), no_words, NULL),
        FILE_READ_ONLY);
    world_close(world);
}

static bool no_server(void *context, size_t size, size_t *out_size)
{
    (void)context;
    (void)size;
    *out_size = 0;
    return false;
}

static void test_server_is_gone(void **state)
{
    struct file_world *world = world_open_p9();
    struct file_answer answer;

    (void)state;
    assert_int_equal(world_attach(world, BADGE, "", 0, 0), FILE_OK);
    struct file_client client = world_client(world, BADGE);
    struct p9_transport *transport = &world->host.client.transport;
    bool (*transact)(void *, size_t, size_t *) = transport->transact;
    transport->transact = no_server;
    assert_int_equal(client_open(&client, 0, "x", FILE_OPEN_READ, &answer), FILE_IO);
    assert_int_equal(client_on_name(&client, FILE_MAKE_DIRECTORY, 0, "x"), FILE_IO);
    transport->transact = transact;
    assert_int_equal(client_on_name(&client, FILE_MAKE_DIRECTORY, 0, "x"), FILE_OK);
    world_close(world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_model),
        cmocka_unit_test(test_links_are_not_followed),
        cmocka_unit_test(test_read_only),
        cmocka_unit_test(test_server_is_gone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
