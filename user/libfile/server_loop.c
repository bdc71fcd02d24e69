/**
 * server_loop.c - see server_loop.h.
 */
#include "libfile/server_loop.h"
#include "core/bytes.h"
#include "mnos/call.h"
#include "mnos/heap.h"

static struct file_server server;

static uint8_t *buffer_of(uint64_t badge)
{
    return (uint8_t *)FILE_BUFFER_ADDRESS(badge);
}

static void handle(struct mnos_call *call)
{
    struct file_message message = {
        .label = MN_MESSAGE_LABEL(call->info),
        .words = {call->words[0], call->words[1], call->words[2]}};

    server_handle(&server, call->badge, &message);
    call->info = MN_MESSAGE_INFO(message.label);
    memcpy(call->words, message.words, sizeof(call->words));
}

void server_loop(const struct file_system *system,
                 const struct file_service_start *start)
{
    static const struct file_memory memory = {.reallocate = realloc, .release = free};
    struct mnos_call call = {.info = 0};

    server =
        (struct file_server){.sessions = {.system = system, .memory = &memory},
                             .supervisor_buffer = buffer_of(FILE_BADGE_SUPERVISOR),
                             .supervisor_buffer_bytes = start->supervisor_buffer_bytes,
                             .buffer_of = buffer_of};
    while (sys_reply_recv(SERVICE_SLOT_REQUESTS, &call) == MN_OK) {
        handle(&call);
    }
}
