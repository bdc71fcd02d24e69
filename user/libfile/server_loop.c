/**
 * server_loop.c - see server_loop.h.
 */
#include "libfile/server_loop.h"
#include "core/bytes.h"
#include "mnos/call.h"
#include "mnos/heap.h"
#include "mnos/ipc.h"
#include "mnos/signal.h"

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

/** Detaches the sessions that nobody holds any more. */
static void take_gone(void)
{
    uint64_t badge;

    while (sys_take_gone_badge(SERVICE_SLOT_REQUESTS, &badge) == MN_OK) {
        server_badge_gone(&server, badge);
    }
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
    /* Without it sessions end by FILE_DETACH alone. */
    (void)!sys_bind_signal(SERVICE_SLOT_EVENTS);
    while (sys_reply_recv(SERVICE_SLOT_REQUESTS, &call) == MN_OK) {
        if ((call.info & MN_MESSAGE_SIGNAL) != 0) {
            take_gone();
            call = (struct mnos_call){.info = 0};
        } else {
            handle(&call);
        }
    }
}
