/**
 * test_virtqueue.c - libvirtio's queue against a device's side that is written apart, and
 * each lie that a device can tell.
 */
#include "libvirtio/virtqueue.h"
#include "unit.h"
#include "user/fake_virtio.h"

enum { SIZE = 8 };

struct world {
    uint8_t *memory; /* exactly as large as the queue */
    struct virtqueue queue;
    struct fake_queue device;
};

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    size_t bytes = virtqueue_bytes(SIZE);

    assert_non_null(world);
    assert_int_equal(posix_memalign((void **)&world->memory, 16, bytes), 0);
    memset(world->memory, 0, bytes);
    virtqueue_init(&world->queue, world->memory, (uint64_t)world->memory, SIZE);
    struct virtqueue_addresses at = virtqueue_addresses(&world->queue);
    world->device = (struct fake_queue){.size = SIZE,
                                        .descriptors = at.descriptors,
                                        .available = at.available,
                                        .used = at.used};
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    free(world->memory);
    free(world);
    return 0;
}

/** Adds a chain of so many buffers of 10 bytes each. */
static uint16_t add(struct world *world, uint16_t readable, uint16_t writable)
{
    static uint8_t bytes[10 * SIZE];
    struct virtqueue_buffer buffers[SIZE];
    struct virtqueue_chain chain = {buffers, readable, writable};
    uint16_t id = 0xffff;

    for (unsigned i = 0; i < SIZE; i++) {
        buffers[i] = (struct virtqueue_buffer){(uint64_t)bytes + 10 * i, 10};
    }
    assert_int_equal(virtqueue_add(&world->queue, &chain, &id), VIRTQUEUE_OK);
    return id;
}

static void sizes(void **state)
{
    (void)state;
    assert_true(virtqueue_bytes(VIRTQUEUE_SIZE_MAX) <= VIRTQUEUE_BYTES_MAX);
    assert_int_equal(virtqueue_bytes(8), 16 * 8 + 6 + 2 * 8 + 2 + 6 + 8 * 8);
}

static void one_chain(void **state)
{
    struct world *world = *state;
    struct virtqueue_completion done;
    struct fake_chain chain;
    uint16_t id = add(world, 2, 1);

    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_EMPTY);
    assert_true(virtqueue_must_notify(&world->queue));
    assert_true(fake_virtio_take(&world->device, &chain));
    assert_int_equal(chain.head, id);
    assert_int_equal(chain.count, 3);
    assert_false(chain.buffers[1].writable);
    assert_true(chain.buffers[2].writable);
    assert_int_equal(chain.buffers[2].size, 10);
    assert_ptr_equal(chain.buffers[2].bytes, chain.buffers[0].bytes + 20);
    fake_virtio_give(&world->device, chain.head, 10);
    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_OK);
    assert_int_equal(done.id, id);
    assert_int_equal(done.written, 10);
    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_EMPTY);
}

static void full(void **state)
{
    struct world *world = *state;
    struct virtqueue_buffer buffer = {(uint64_t)world, 1};
    struct virtqueue_chain one = {&buffer, 1, 0};
    struct virtqueue_chain none = {&buffer, 0, 0};
    uint16_t id;

    add(world, 4, 3);
    assert_int_equal(virtqueue_add(&world->queue, &none, &id), VIRTQUEUE_FULL);
    assert_int_equal(virtqueue_add(&world->queue, &one, &id), VIRTQUEUE_OK);
    assert_int_equal(virtqueue_add(&world->queue, &one, &id), VIRTQUEUE_FULL);
}

/** Random chains, completed out of order, over many wraps of all indexes: each comes back
 *  once, and all descriptors are free at the end. The device scribbles over descriptors
 *  and the available ring's past, which the driver must not read. */
static void many_chains(void **state)
{
    struct world *world = *state;
    uint64_t seed = 88172645463325252ull;
    uint16_t held[SIZE];
    uint32_t room[SIZE];
    unsigned holds = 0;
    uint32_t in_flight = 0; /* a bit an id */

    for (unsigned round = 0; round < 300000; round++) {
        uint16_t readable = (uint16_t)(unit_random(&seed) % 3);
        uint16_t writable = (uint16_t)(unit_random(&seed) % 3);
        struct virtqueue_completion done;

        if (readable + writable > 0 && readable + writable <= world->queue.free_count) {
            uint16_t id = add(world, readable, writable);
            struct fake_chain chain;

            assert_true(id < SIZE && (in_flight >> id & 1) == 0);
            in_flight |= 1u << id;
            assert_true(fake_virtio_take(&world->device, &chain));
            assert_int_equal(chain.count, readable + writable);
            held[holds] = chain.head;
            room[holds++] = 10u * writable;
        }
        if (holds > 0 && (unit_random(&seed) & 1) != 0) {
            unsigned pick = (unsigned)(unit_random(&seed) % holds);
            uint32_t written = (uint32_t)(unit_random(&seed) % (room[pick] + 1));

            memset(world->memory + 16 * (size_t)held[pick], 0xa5, 16);
            fake_virtio_give(&world->device, held[pick], written);
            assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_OK);
            assert_int_equal(done.id, held[pick]);
            assert_int_equal(done.written, written);
            in_flight &= ~(1u << done.id);
            held[pick] = held[--holds];
            room[pick] = room[holds];
        }
    }
    while (holds > 0) {
        struct virtqueue_completion done;

        fake_virtio_give(&world->device, held[--holds], 0);
        assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_OK);
    }
    assert_int_equal(world->queue.free_count, SIZE);
    add(world, SIZE, 0);
}

/** After the lie the queue is broken and stays so. */
static void expect_broken(struct world *world)
{
    struct virtqueue_completion done;
    struct virtqueue_buffer buffer = {(uint64_t)world, 1};
    struct virtqueue_chain one = {&buffer, 1, 0};
    uint16_t id;

    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_BROKEN);
    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_BROKEN);
    assert_int_equal(virtqueue_add(&world->queue, &one, &id), VIRTQUEUE_BROKEN);
}

static void completes_what_nobody_gave(void **state)
{
    struct world *world = *state;

    fake_virtio_give(&world->device, 0, 0);
    expect_broken(world);
}

static void completes_too_much(void **state)
{
    struct world *world = *state;

    add(world, 1, 0);
    world->device.given = 1; /* 2 are complete, of 1 */
    fake_virtio_give(&world->device, 0, 0);
    expect_broken(world);
}

static void completes_a_wrong_id(void **state)
{
    struct world *world = *state;

    add(world, 1, 0);
    fake_virtio_give(&world->device, SIZE, 0);
    expect_broken(world);
    world->queue.broken = false;
    world->device.given = 0;
    fake_virtio_give(&world->device, 0xffff, 0);
    expect_broken(world);
}

static void completes_the_middle_of_a_chain(void **state)
{
    struct world *world = *state;

    assert_int_equal(add(world, 2, 0), 0);
    fake_virtio_give(&world->device, 1, 0);
    expect_broken(world);
}

static void completes_twice(void **state)
{
    struct world *world = *state;
    struct virtqueue_completion done;
    uint16_t id = add(world, 1, 0);

    add(world, 1, 0);
    fake_virtio_give(&world->device, id, 0);
    fake_virtio_give(&world->device, id, 0);
    assert_int_equal(virtqueue_take(&world->queue, &done), VIRTQUEUE_OK);
    expect_broken(world);
}

static void writes_more_than_there_is_room(void **state)
{
    struct world *world = *state;
    uint16_t id = add(world, 1, 2);

    fake_virtio_give(&world->device, id, 21);
    expect_broken(world);
}

int main(void)
{
#define QUEUE_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes),
        QUEUE_TEST(one_chain),
        QUEUE_TEST(full),
        QUEUE_TEST(many_chains),
        QUEUE_TEST(completes_what_nobody_gave),
        QUEUE_TEST(completes_too_much),
        QUEUE_TEST(completes_a_wrong_id),
        QUEUE_TEST(completes_the_middle_of_a_chain),
        QUEUE_TEST(completes_twice),
        QUEUE_TEST(writes_more_than_there_is_room),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
