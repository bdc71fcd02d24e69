/**
 * fuzz_file_server.c - requests of any kind by two clients and the supervisor.
 *
 * A request is 16 bytes of the input: badge, opcode, flags, words, and a bit of buffer. Nothing
 * but memory safety and the volumes' accounts are asked for here; who may do what is in
 * the unit tests.
 */
#include "model/choices.h"
#include "model/file_world.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { REQUEST_BYTES = 16 };

static uint64_t spread(uint8_t byte)
{
    /* small numbers, and the ends of all ranges */
    return byte < 0xF0 ? byte : UINT64_MAX >> (4 * (byte & 0xF)) ^ (byte & 1);
}

static void one_request(struct file_world *world, const uint8_t bytes[REQUEST_BYTES])
{
    uint64_t badge = 1 + (bytes[0] & 3);
    uint8_t *buffer = world->buffers[badge - 1];
    struct file_message message = {
        .label = FILE_LABEL(bytes[1] & 0x5F, bytes[2]),
        .words = {spread(bytes[3]), spread(bytes[4]), spread(bytes[5])}};

    if ((bytes[1] & 0x80) != 0) { /* two handles, two sizes */
        message.words[0] = FILE_PAIR(bytes[3] & 7, bytes[5] & 7);
        message.words[1] = FILE_PAIR(bytes[4] & 3, bytes[2] & 3);
    }
    memcpy(buffer + FILE_BUFFER_NAME, bytes + 6, 4);
    memcpy(buffer + FILE_BUFFER_NAME2, bytes + 10, 4);
    memcpy(buffer + FILE_BUFFER_DATA, bytes + 6, 10);
    if ((bytes[0] & 0x80) != 0) {
        memcpy(buffer + FILE_BUFFER_RECORD + (bytes[0] & 0x38), bytes + 6, 10);
    }
    server_handle(&world->server, badge, &message);
    require(message.label < FILE_STATUSES);
    world_check(world);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct file_world *world = world_open();

    world->blocks_limit = 300;
    require(world_attach(world, 2, "v", FILE_ATTACH_CREATE, 200 * 4096) == FILE_OK);
    require(world_attach(world, 3, "", FILE_ATTACH_PRIVATE, 100 * 4096) == FILE_OK);
    for (size_t i = 0; i + REQUEST_BYTES <= size && i < 400 * REQUEST_BYTES;
         i += REQUEST_BYTES) {
        one_request(world, data + i);
    }
    world_close(world);
    return 0;
}
