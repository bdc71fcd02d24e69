/**
 * main.c - a directory of the host's as a service: protocols/file.h in front, 9P behind.
 *
 * One process for each virtio-9p device; its driver is at FILE_SLOT_TRANSPORT (protocols/p9_transport.h).
 * Messages are built and read in memory of this process, and copied to and from the driver's block, so that nobody
 * changes them while they are looked at.
 */
#include "core/bytes.h"
#include "libfile/server_loop.h"
#include "mnos/cap.h"
#include "mnos/heap.h"
#include "mnos/memory.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/p9_transport.h"
#include "services/host_files/host_files.h"

#define HEAP_BASE  0x40000000ul
#define BLOCK_BASE 0x50000000ul

enum { HEAP_BYTES = 1 << 19, SLOT_BLOCK = SERVICE_SLOT_SCRATCH + 1 };

static const char name[] = "host_files";
static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static uint8_t request[P9_TRANSPORT_MESSAGE_MAX];
static uint8_t response[P9_TRANSPORT_MESSAGE_MAX];
static uint8_t *request_block;
static const uint8_t *response_block;

int main(const struct file_service_start *start);

static bool transact(void *context, size_t size, size_t *out_size)
{
    struct mnos_message message = {
        .label = P9_TRANSACT, .words = {size, sizeof(response)}, .length = 2};

    (void)context;
    memcpy(request_block, request, size);
    if (mnos_message_call(&buffer, FILE_SLOT_TRANSPORT, &message) != MN_OK ||
        message.label != P9_OK || message.words[0] > sizeof(response)) {
        return false;
    }
    memcpy(response, response_block, message.words[0]);
    *out_size = message.words[0];
    return true;
}

/** Opens the channel and maps its block. NULL, or what failed. */
static const char *open_channel(void)
{
    struct mnos_message message = {.label = P9_OPEN};

    if (sys_set_buffer(&buffer) != MN_OK) {
        return "no buffer for messages";
    }
    buffer.receive[0] = SLOT_BLOCK;
    if (mnos_message_call(&buffer, FILE_SLOT_TRANSPORT, &message) != MN_OK ||
        message.label != P9_OK || message.received[0] != SLOT_BLOCK) {
        return "the driver of virtio-9p gives no channel";
    }
    buffer.receive[0] = 0;
    if (message.words[2] < sizeof(request) || message.words[4] < sizeof(response) ||
        sys_map_memory(SERVICE_SLOT_SELF, SLOT_BLOCK, BLOCK_BASE, MN_MAP_WRITABLE) !=
            MN_OK) {
        return "the driver's memory can't be mapped";
    }
    request_block = (uint8_t *)BLOCK_BASE + message.words[1];
    response_block = (const uint8_t *)BLOCK_BASE + message.words[3];
    return NULL;
}

static const char *make_heap(void)
{
    const struct mnos_memory_source source = {.account = SERVICE_SLOT_ACCOUNT,
                                              .process = SERVICE_SLOT_SELF,
                                              .scratch_slot = SERVICE_SLOT_SCRATCH};

    if (mnos_memory_map(&source, HEAP_BASE, HEAP_BYTES / MN_PAGE_SIZE,
                        MN_MAP_WRITABLE) != MN_OK) {
        return "no memory for a heap";
    }
    init_heap((void *)HEAP_BASE, HEAP_BYTES);
    return NULL;
}

int main(const struct file_service_start *start)
{
    static struct host_files files = {
        .client.transport = {.transact = transact,
                             .request = request,
                             .request_max = sizeof(request),
                             .response = response,
                             .response_max = sizeof(response)}};
    const struct file_system system = host_files_system(&files);
    const char *problem = make_heap();

    if (problem == NULL) {
        problem = open_channel();
    }
    if (problem == NULL && p9_connect(&files.client) != FILE_OK) {
        problem = "the host does not speak 9P2000.L";
    }
    if (problem != NULL) {
        mnos_service_log(name, "%s", problem);
        return 1;
    }
    server_loop(&system, start);
    return 1;
}
