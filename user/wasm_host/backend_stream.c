/**
 * backend_stream.c - standard streams and random bytes, by messages of up to 64 words; and what waits.
 *
 * The process has one buffer for messages, as one thread makes all requests.
 */
#include "core/bytes.h"
#include "mnos/clock.h"
#include "mnos/message.h"
#include "mnos/signal.h"
#include "protocols/random.h"
#include "protocols/stream.h"
#include "wasm_host/backend.h"
#include "wasm_host/watch.h"

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

const char *streams_open(void)
{
    if (sys_set_buffer(&buffer) != MN_OK) {
        return "no buffer for messages";
    }
    return sys_create_notification(PROGRAM_SLOT_MEMORY, HOST_SLOT_EVENTS) == MN_OK
               ? NULL
               : "no notification";
}

/** One request; the reply's bytes are in its words. */
static enum stream_status ask(uint32_t slot, struct mnos_message *message)
{
    if (mnos_message_call(&buffer, slot, message) != MN_OK) {
        return STREAM_END; /* whoever was at the other end is gone */
    }
    return (enum stream_status)STREAM_CODE(message->label);
}

/** Has the server signal HOST_EVENT_STREAM when trying again may help. Again and again is fine. */
static void subscribe(uint32_t slot)
{
    struct mnos_message message = {.label = STREAM_LABEL(STREAM_SUBSCRIBE, 0),
                                   .words = {HOST_EVENT_STREAM},
                                   .length = 1};

    mnos_message_add_cap(&message, HOST_SLOT_EVENTS, MN_RIGHT_WRITE);
    (void)ask(slot, &message);
}

enum wasi_errno events_wait(uint64_t deadline_ns)
{
    uint64_t bits;

    if (watch_end() != PROGRAM_EXIT) {
        return WASI_EINTR;
    }
    if (sys_set_timer(HOST_SLOT_EVENTS, deadline_ns) != MN_OK ||
        sys_wait_signal(HOST_SLOT_EVENTS, 0, &bits) != MN_OK) {
        return WASI_EIO;
    }
    return watch_end() != PROGRAM_EXIT ? WASI_EINTR : WASI_SUCCESS;
}

/** What a request that may have to wait answers in the end. */
static enum wasi_errno ask_and_wait(uint32_t slot, const struct mnos_message *request,
                                    struct mnos_message *out_reply)
{
    bool is_subscribed = false;

    for (;;) {
        *out_reply = *request;
        switch (ask(slot, out_reply)) {
        case STREAM_OK:
            return WASI_SUCCESS;
        case STREAM_END:
            return WASI_EPIPE;
        case STREAM_WOULD_BLOCK:
            break;
        default:
            return WASI_EIO;
        }
        if (!is_subscribed) {
            subscribe(slot);
            is_subscribed = true;
            continue; /* what came before is not signalled */
        }
        enum wasi_errno error = events_wait(0);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
}

static uint32_t message_size(size_t size)
{
    return size < STREAM_MESSAGE_BYTES ? (uint32_t)size : STREAM_MESSAGE_BYTES;
}

enum wasi_errno stream_read(const struct wasi_object *object, void *to, size_t size,
                            size_t *out_size)
{
    uint32_t asked = message_size(size);
    const struct mnos_message request = {.label = STREAM_LABEL(STREAM_READ, asked)};
    struct mnos_message reply;
    enum wasi_errno error = ask_and_wait(object->slot, &request, &reply);

    if (error == WASI_EPIPE) {
        *out_size = 0; /* the end */
        return WASI_SUCCESS;
    }
    if (error != WASI_SUCCESS || STREAM_BYTES(reply.label) > asked) {
        return error != WASI_SUCCESS ? error : WASI_EIO;
    }
    *out_size = STREAM_BYTES(reply.label);
    memcpy(to, reply.words, *out_size);
    return WASI_SUCCESS;
}

enum wasi_errno stream_write(const struct wasi_object *object, const void *from,
                             size_t size, size_t *out_size)
{
    size_t done = 0;

    while (done < size) {
        uint32_t piece = message_size(size - done);
        struct mnos_message request = {.label = STREAM_LABEL(STREAM_WRITE, piece),
                                       .length = (piece + 7) / 8};
        struct mnos_message reply;

        memcpy(request.words, (const uint8_t *)from + done, piece);
        enum wasi_errno error = ask_and_wait(object->slot, &request, &reply);
        if (error == WASI_SUCCESS && STREAM_BYTES(reply.label) > piece) {
            error = WASI_EIO;
        }
        if (error != WASI_SUCCESS) {
            *out_size = done;
            return done > 0 ? WASI_SUCCESS : error;
        }
        done += STREAM_BYTES(reply.label);
    }
    *out_size = done;
    return WASI_SUCCESS;
}

enum wasi_errno stream_available(const struct wasi_object *object, uint64_t *out_bytes,
                                 bool *out_is_end)
{
    struct mnos_message message = {.label = STREAM_LABEL(STREAM_AVAILABLE, 0)};

    subscribe(object->slot);
    enum stream_status status = ask(object->slot, &message);
    *out_is_end = status == STREAM_END;
    *out_bytes = status == STREAM_OK ? STREAM_BYTES(message.label) : 0;
    return status == STREAM_OK || status == STREAM_END || status == STREAM_WOULD_BLOCK
               ? WASI_SUCCESS
               : WASI_EIO;
}

enum wasi_errno random_fill(uint32_t slot, void *to, size_t size)
{
    for (size_t done = 0; done < size;) {
        uint32_t piece = message_size(size - done);
        struct mnos_message message = {.label = STREAM_LABEL(RANDOM_FILL, piece)};

        if (mnos_message_call(&buffer, slot, &message) != MN_OK ||
            STREAM_CODE(message.label) != RANDOM_OK ||
            STREAM_BYTES(message.label) > piece || STREAM_BYTES(message.label) == 0) {
            return WASI_EIO;
        }
        memcpy((uint8_t *)to + done, message.words, STREAM_BYTES(message.label));
        done += STREAM_BYTES(message.label);
    }
    return WASI_SUCCESS;
}
