/**
 * fuzz_p9.c - the 9P client with a server that answers the input's bytes.
 *
 * The first bytes choose operations of the file protocol; what is left is one response after the other, each
 * with a length before it. Nothing may be read or written outside of the messages.
 */
#include "model/choices.h"
#include "model/file_world.h"
#include "services/host_files/host_files.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MESSAGE_MAX = 4096, SCRIPT_BYTES = 24 };

static struct choices answers;
static uint8_t request[MESSAGE_MAX];
static uint8_t response[MESSAGE_MAX];

/** Answers with the right type and tag most times, else with what the input has. */
static bool transact(void *context, size_t size, size_t *out_size)
{
    unsigned kind = choices_byte(&answers);
    size_t length = P9_HEADER_BYTES + choices_byte(&answers);

    (void)context;
    require(size >= P9_HEADER_BYTES && size <= MESSAGE_MAX);
    if (!choices_left(&answers)) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        response[i] = (uint8_t)choices_byte(&answers);
    }
    if (kind < 224) {
        memcpy(response, &(uint32_t){(uint32_t)length}, 4);
        response[4] = (uint8_t)(request[4] + 1);
        memcpy(response + 5, request + 5, 2);
    }
    *out_size = length;
    return true;
}

static void run_script(const struct file_system *system, const uint8_t *script)
{
    static uint8_t bytes[16384];
    struct file_attributes attributes;
    enum file_type type;
    file_node root;
    file_node node;
    uint64_t count;

    if (system->attach(system->context, NULL, "a/b", &root) != FILE_OK) {
        return;
    }
    bool is_open = system->open(system->context, root, "n", script[0] & 0x17, &node,
                                &type) == FILE_OK;
    for (size_t i = 1; i < SCRIPT_BYTES; i++) {
        const struct file_write write = {.bytes = bytes, .size = script[i] * 40u};
        switch (script[i] & 7) {
        case 0:
            (void)!system->stat(system->context, root, &attributes);
            break;
        case 1:
            (void)!system->read_directory(system->context, root, script[i], bytes,
                                          sizeof(bytes), &count);
            break;
        case 2:
            (void)!system->read_link(system->context, root, "l", bytes, 100, &count);
            break;
        case 3:
            if (is_open && type != FILE_TYPE_DIRECTORY) {
                (void)!system->read(system->context, node, 0, bytes, sizeof(bytes),
                                    &count);
            }
            break;
        case 4:
            if (is_open && type != FILE_TYPE_DIRECTORY) {
                (void)!system->write(system->context, node, &write, &count, &count);
            }
            break;
        case 5:
            (void)!system->make_directory(system->context, root, "d");
            break;
        default:
            (void)!system->stat_at(system->context, root, "s", &attributes);
            break;
        }
    }
    if (is_open) {
        system->close(system->context, node);
    }
    system->detach(system->context, root);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct host_files files;

    if (size < SCRIPT_BYTES) {
        return 0;
    }
    answers =
        (struct choices){.bytes = data + SCRIPT_BYTES, .size = size - SCRIPT_BYTES};
    files =
        (struct host_files){.client = {.transport = {.transact = transact,
                                                     .request = request,
                                                     .request_max = sizeof(request),
                                                     .response = response,
                                                     .response_max = sizeof(response)},
                                       .message_max = MESSAGE_MAX}};
    const struct file_system system = host_files_system(&files);
    run_script(&system, data);
    (void)!p9_connect(&files.client);
    return 0;
}
