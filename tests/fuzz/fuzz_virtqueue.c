/**
 * fuzz_virtqueue.c - libvirtio's queue with a device that writes whatever it wants wherever
 * it wants in the queue's memory, between any two steps of the driver.
 *
 * Whatever it does: no access leaves the memory, each id that comes back was in flight and
 * had room for the bytes, descriptors are neither lost nor doubled.
 */
#include "libvirtio/virtqueue.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SIZE = 8, BUFFER_BYTES = 16 };

struct world {
    struct virtqueue queue;
    uint8_t *memory;
    size_t bytes;
    unsigned length[SIZE]; /* descriptors of the chain that is in flight by that id */
    uint32_t room[SIZE];
    unsigned used;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void add(struct world *world, unsigned readable, unsigned writable)
{
    struct virtqueue_buffer buffers[8];
    struct virtqueue_chain chain = {buffers, (uint16_t)readable, (uint16_t)writable};
    uint16_t id = 0xffff;

    for (unsigned i = 0; i < 8; i++) {
        buffers[i] = (struct virtqueue_buffer){0x1000 + 64ull * i, BUFFER_BYTES};
    }
    switch (virtqueue_add(&world->queue, &chain, &id)) {
    case VIRTQUEUE_OK:
        require(id < SIZE && world->length[id] == 0);
        world->length[id] = readable + writable;
        world->room[id] = writable * BUFFER_BYTES;
        world->used += readable + writable;
        require(world->used <= SIZE);
        break;
    case VIRTQUEUE_FULL:
        require(readable + writable == 0 || world->used + readable + writable > SIZE);
        break;
    default:
        require(world->queue.broken);
    }
}

static void take(struct world *world)
{
    struct virtqueue_completion done;

    if (virtqueue_take(&world->queue, &done) == VIRTQUEUE_OK) {
        require(done.id < SIZE && world->length[done.id] > 0);
        require(done.written <= world->room[done.id]);
        world->used -= world->length[done.id];
        world->length[done.id] = 0;
    }
    require(world->queue.free_count == SIZE - world->used);
}

/** Completes what the driver made available, as an honest device would. */
static void complete(struct world *world, uint8_t id, uint8_t written)
{
    struct virtqueue_addresses at = virtqueue_addresses(&world->queue);
    uint8_t *used = world->memory + (at.used - world->queue.physical);
    uint32_t element[] = {id, written};
    uint16_t index;

    memcpy(&index, used + 2, sizeof(index));
    memcpy(used + 4 + 8 * (size_t)(index % SIZE), element, sizeof(element));
    index++;
    memcpy(used + 2, &index, sizeof(index));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world = {.bytes = virtqueue_bytes(SIZE)};

    require(posix_memalign((void **)&world.memory, 16, world.bytes) == 0);
    memset(world.memory, 0, world.bytes);
    virtqueue_init(&world.queue, world.memory, 0x100000, SIZE);
    for (size_t i = 0; i + 2 < size; i += 3) {
        switch (data[i] % 5) {
        case 0:
            world.memory[data[i + 1] % world.bytes] = data[i + 2];
            break;
        case 1:
            add(&world, data[i + 1] % 5, data[i + 2] % 5);
            break;
        case 2:
            complete(&world, data[i + 1], data[i + 2]);
            break;
        case 3:
            complete(&world, data[i + 1] % SIZE, data[i + 2] % BUFFER_BYTES);
            break;
        default:
            take(&world);
            (void)virtqueue_must_notify(&world.queue);
            break;
        }
    }
    free(world.memory);
    return 0;
}
