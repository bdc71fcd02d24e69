/**
 * fuzz_ring.c - core/ring with both positions overwritten by a hostile peer at will.
 *
 * The input is a script: a byte says what to do (write, read, overwrite a position),
 * the next how much. Memory stays within the ring, and no call claims to have moved more
 * than it was asked to or than fits. As long as nobody cheats, the bytes come out as
 * they went in.
 */
#include "core/ring.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CAPACITY = 16, CHUNK = 24 };

struct world {
    struct ring_positions shared;
    struct ring writer;
    struct ring reader;
    bool honest;
    uint8_t next_in;
    uint8_t next_out;
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void do_write(struct world *world, size_t wanted)
{
    uint8_t chunk[CHUNK];
    size_t moved = 0;

    for (size_t i = 0; i < wanted; i++) {
        chunk[i] = (uint8_t)(world->next_in + i);
    }
    if (ring_write(&world->writer, chunk, wanted, &moved) == RING_OK) {
        require(moved <= wanted && moved <= CAPACITY);
        world->next_in = (uint8_t)(world->next_in + moved);
    } else {
        require(!world->honest);
    }
}

static void do_read(struct world *world, size_t wanted)
{
    uint8_t chunk[CHUNK];
    size_t moved = 0;

    if (ring_read(&world->reader, chunk, wanted, &moved) == RING_OK) {
        require(moved <= wanted && moved <= CAPACITY);
        for (size_t i = 0; i < moved && world->honest; i++) {
            require(chunk[i] == (uint8_t)(world->next_out + i));
        }
        world->next_out = (uint8_t)(world->next_out + moved);
    } else {
        require(!world->honest);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct world world = {.honest = true};
    uint8_t *bytes = malloc(CAPACITY);

    require(bytes != NULL);
    ring_init(&world.writer, &world.shared, bytes, CAPACITY);
    ring_init(&world.reader, &world.shared, bytes, CAPACITY);
    for (size_t i = 0; i + 1 < size; i += 2) {
        switch (data[i] % 8) {
        case 0:
            world.shared.written = (uint32_t)data[i + 1] * 0x01010101u;
            world.honest = false;
            break;
        case 1:
            world.shared.read += data[i + 1];
            world.honest = false;
            break;
        case 2:
        case 3:
        case 4:
            do_write(&world, data[i + 1] % (CHUNK + 1));
            break;
        default:
            do_read(&world, data[i + 1] % (CHUNK + 1));
            break;
        }
    }
    free(bytes);
    return 0;
}
