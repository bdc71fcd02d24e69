/**
 * backend_time.c - clocks, random bytes, waiting; see backend.h.
 */
#include "mnos/clock.h"
#include "mnos/process.h"
#include "wasm_host/backend.h"

static const struct program_start *granted;
static uint64_t begin_ns; /* of the process, by the kernel's clock */

static bool is_granted(enum wasi_clockid clock)
{
    uint32_t flags = clock == WASI_CLOCK_REALTIME
                         ? PROGRAM_CLOCK_REAL
                         : PROGRAM_CLOCK_MONOTONIC | PROGRAM_CLOCK_REAL;

    return (granted->flags & flags) != 0;
}

static enum wasi_errno clock_resolution(void *context, enum wasi_clockid clock,
                                        uint64_t *out_ns)
{
    (void)context;
    if (!is_granted(clock)) {
        return WASI_ENOTCAPABLE;
    }
    *out_ns = 1;
    return WASI_SUCCESS;
}

/** CPU time is not counted by process: its clocks tell the time since the beginning. */
static enum wasi_errno clock_time(void *context, enum wasi_clockid clock,
                                  uint64_t *out_ns)
{
    (void)context;
    if (!is_granted(clock)) {
        return WASI_ENOTCAPABLE;
    }
    uint64_t now_ns = mnos_clock_ns();
    switch (clock) {
    case WASI_CLOCK_REALTIME:
        *out_ns = granted->wall_time_ns + now_ns;
        break;
    case WASI_CLOCK_MONOTONIC:
        *out_ns = now_ns;
        break;
    default:
        *out_ns = now_ns - begin_ns;
        break;
    }
    return WASI_SUCCESS;
}

static uint64_t now(void *context)
{
    (void)context;
    return mnos_clock_ns();
}

static enum wasi_errno random_bytes(void *context, void *to, size_t size)
{
    (void)context;
    return granted->random_slot != 0 ? random_fill(granted->random_slot, to, size)
                                     : WASI_ENOTCAPABLE;
}

/** What of a file can be read: from its position to its end. */
static uint64_t bytes_left(const struct wasi_object *object)
{
    const uint64_t words[3] = {object->handle, 0, 0};

    if (client_request(object->client, FILE_LABEL(FILE_STAT, 0), words, NULL) !=
        FILE_OK) {
        return 0;
    }
    uint64_t size = stat_in_buffer(object->client).size;
    return size > object->position ? size - object->position : 0;
}

/** Looks whether it is ready now. Files and what is written to always are. */
static void look(struct wasi_wait *wait)
{
    const struct wasi_object *object = wait->object;
    bool is_end = object->kind == OBJECT_EMPTY;

    wait->is_ready = true;
    wait->is_hung_up = false;
    wait->bytes = 0;
    wait->error = WASI_SUCCESS;
    if (wait->for_write) {
        return;
    }
    if (object->kind == OBJECT_FILE) {
        wait->bytes = bytes_left(object);
        return;
    }
    if (object->kind == OBJECT_STREAM) {
        wait->error = stream_available(object, &wait->bytes, &is_end);
    }
    wait->is_hung_up = is_end;
    wait->is_ready = is_end || wait->bytes > 0;
}

static bool look_at_all(struct wasi_wait *waits, size_t count)
{
    bool is_any = false;

    for (size_t i = 0; i < count; i++) {
        look(&waits[i]);
        is_any = is_any || waits[i].is_ready || waits[i].error != WASI_SUCCESS;
    }
    return is_any;
}

static enum wasi_errno poll(void *context, struct wasi_wait *waits, size_t count,
                            uint64_t timeout_ns)
{
    uint64_t start_ns = mnos_clock_ns();
    uint64_t deadline_ns; /* 0: none */

    (void)context;
    if (timeout_ns > INT64_MAX - start_ns) {
        deadline_ns = 0;
    } else {
        deadline_ns = start_ns + timeout_ns;
    }
    while (!look_at_all(waits, count) &&
           (deadline_ns == 0 || mnos_clock_ns() < deadline_ns)) {
        enum wasi_errno error = events_wait(deadline_ns);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
    return WASI_SUCCESS;
}

static void yield(void *context)
{
    (void)context;
    sys_yield();
}

void backend_time(struct wasi_backend *backend, const struct program_start *start)
{
    granted = start;
    begin_ns = mnos_clock_ns();
    backend->clock_resolution = clock_resolution;
    backend->clock_time = clock_time;
    backend->now = now;
    backend->random = random_bytes;
    backend->poll = poll;
    backend->yield = yield;
}
