/**
 * poll.c - poll_oneoff: waits for clocks and descriptors.
 *
 * The earliest clock bounds one wait of the backend's; afterwards every clock that is due
 * and every descriptor that is ready gives an event. A subscription that is wrong gives an
 * event with its error at once, as the others may be fine.
 */
#include "core/checked_math.h"
#include "wasi/context.h"

enum { SUBSCRIPTION_SIZE = 48, EVENT_SIZE = 32, SUBSCRIPTIONS_MAX = 4096 };

struct subscription {
    uint64_t userdata;
    uint8_t type;
    uint64_t remaining_ns;  /* a clock: from the beginning of this call */
    enum wasi_errno error;  /* known before waiting */
    struct wasi_wait *wait; /* a descriptor: its wait; else NULL */
};

struct poll {
    struct subscription *subscriptions;
    struct wasi_wait *waits;
    uint32_t count;
    uint32_t wait_count;
    uint64_t timeout_ns;
    bool is_immediate; /* some event is known already */
};

/* Layout: tag at 8; clock: id at 16, timeout at 24, precision at 32, flags at 40. */
static enum wasi_errno parse_clock(struct wasi *wasi, const uint8_t *from,
                                   uint64_t *out_remaining_ns)
{
    uint32_t id = bytes_load_le32(from + 16);
    uint64_t timeout = bytes_load_le64(from + 24);
    uint16_t flags = bytes_load_le16(from + 40);
    uint64_t now;

    if (id > WASI_CLOCK_THREAD_CPUTIME) {
        return WASI_EINVAL;
    }
    if (id != WASI_CLOCK_REALTIME && id != WASI_CLOCK_MONOTONIC) {
        return WASI_ENOTSUP;
    }
    if ((flags & WASI_SUBSCRIPTION_CLOCK_ABSTIME) == 0) {
        *out_remaining_ns = timeout;
        return WASI_SUCCESS;
    }
    enum wasi_errno error =
        wasi->backend.clock_time(wasi->backend.context, (enum wasi_clockid)id, &now);
    if (error == WASI_SUCCESS) {
        *out_remaining_ns = timeout > now ? timeout - now : 0;
    }
    return error;
}

static enum wasi_errno parse_descriptor(struct wasi *wasi, const uint8_t *from,
                                        struct poll *poll, struct subscription *to)
{
    struct wasi_descriptor *descriptor;
    bool for_write = to->type == WASI_EVENT_FD_WRITE;
    uint64_t rights = WASI_RIGHT_POLL_FD_READWRITE |
                      (for_write ? WASI_RIGHT_FD_WRITE : WASI_RIGHT_FD_READ);
    enum wasi_errno error = wasi_descriptors_find(
        &wasi->descriptors, bytes_load_le32(from + 16), rights, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    to->wait = &poll->waits[poll->wait_count++];
    *to->wait =
        (struct wasi_wait){.object = descriptor->object, .for_write = for_write};
    return WASI_SUCCESS;
}

static enum wasi_errno parse_subscriptions(struct wasi *wasi, const uint8_t *from,
                                           struct poll *poll)
{
    for (uint32_t i = 0; i < poll->count; i++, from += SUBSCRIPTION_SIZE) {
        struct subscription *to = &poll->subscriptions[i];
        *to = (struct subscription){.userdata = bytes_load_le64(from), .type = from[8]};
        if (to->type == WASI_EVENT_CLOCK) {
            to->error = parse_clock(wasi, from, &to->remaining_ns);
        } else if (to->type <= WASI_EVENT_FD_WRITE) {
            to->error = parse_descriptor(wasi, from, poll, to);
        } else {
            return WASI_EINVAL;
        }
        if (to->error != WASI_SUCCESS) {
            poll->is_immediate = true;
        } else if (to->type == WASI_EVENT_CLOCK &&
                   to->remaining_ns < poll->timeout_ns) {
            poll->timeout_ns = to->remaining_ns;
        }
    }
    return WASI_SUCCESS;
}

static void put_event(uint8_t *to, const struct subscription *from,
                      enum wasi_errno error)
{
    memset(to, 0, EVENT_SIZE);
    guest_put64(to, from->userdata);
    guest_put16(to + 8, (uint16_t)error);
    to[10] = from->type;
    if (from->wait != NULL) {
        guest_put64(to + 16, from->wait->bytes);
        guest_put16(to + 24,
                    from->wait->is_hung_up ? WASI_EVENT_FD_READWRITE_HANGUP : 0);
    }
}

/* Has it happened, with which error? @p passed_ns since the beginning. */
static bool is_due(const struct subscription *subscription, uint64_t passed_ns,
                   enum wasi_errno *out_error)
{
    *out_error = subscription->error;
    if (subscription->error != WASI_SUCCESS) {
        return true;
    }
    if (subscription->wait == NULL) {
        return subscription->remaining_ns <= passed_ns;
    }
    *out_error = subscription->wait->error;
    return subscription->wait->is_ready || subscription->wait->error != WASI_SUCCESS;
}

static uint32_t put_events(const struct poll *poll, uint64_t passed_ns, uint8_t *to)
{
    uint32_t event_count = 0;

    for (uint32_t i = 0; i < poll->count; i++) {
        enum wasi_errno error;
        if (is_due(&poll->subscriptions[i], passed_ns, &error)) {
            put_event(to + (size_t)event_count * EVENT_SIZE, &poll->subscriptions[i],
                      error);
            event_count++;
        }
    }
    return event_count;
}

/* Waits, again where the backend came back before anything was due. */
static enum wasi_errno wait(struct wasi *wasi, const struct poll *poll, uint8_t *events,
                            uint32_t *out_event_count)
{
    const struct wasi_backend *backend = &wasi->backend;
    uint64_t start = backend->now(backend->context);
    uint64_t left_ns = poll->is_immediate ? 0 : poll->timeout_ns;

    for (;;) {
        enum wasi_errno error =
            backend->poll(backend->context, poll->waits, poll->wait_count, left_ns);
        if (error != WASI_SUCCESS) {
            return error;
        }
        uint64_t passed_ns = backend->now(backend->context) - start;
        *out_event_count = put_events(poll, passed_ns, events);
        if (*out_event_count > 0) {
            return WASI_SUCCESS;
        }
        left_ns = poll->timeout_ns == WASI_WAIT_FOREVER ? WASI_WAIT_FOREVER
                                                        : poll->timeout_ns - passed_ns;
    }
}

static enum wasi_errno poll_guest(struct wasi *wasi, const uint8_t *subscriptions,
                                  uint8_t *events, struct poll *poll,
                                  uint32_t *out_event_count)
{
    enum wasi_errno error = parse_subscriptions(wasi, subscriptions, poll);

    return error != WASI_SUCCESS ? error : wait(wasi, poll, events, out_event_count);
}

enum wasi_errno wasi_poll_oneoff(struct wasi *wasi, const union wasm_value *arguments)
{
    uint32_t count = arguments[2].i32;
    uint32_t event_count = 0;

    if (count == 0 || count > SUBSCRIPTIONS_MAX) {
        return WASI_EINVAL;
    }
    const uint8_t *subscriptions =
        guest_range(wasi, arguments[0].i32, (uint64_t)count * SUBSCRIPTION_SIZE);
    uint8_t *events = guest_range(wasi, arguments[1].i32, (uint64_t)count * EVENT_SIZE);
    if (subscriptions == NULL || events == NULL) {
        return WASI_EFAULT;
    }
    size_t size = count * (sizeof(struct subscription) + sizeof(struct wasi_wait));
    void *memory = wasi->platform.allocate(wasi->platform.context, size);
    if (memory == NULL) {
        return WASI_ENOMEM;
    }
    struct poll poll = {
        .subscriptions = memory, .count = count, .timeout_ns = WASI_WAIT_FOREVER};
    poll.waits = (struct wasi_wait *)(void *)(poll.subscriptions + count);
    enum wasi_errno error =
        poll_guest(wasi, subscriptions, events, &poll, &event_count);
    wasi->platform.release(wasi->platform.context, memory, size);
    return error != WASI_SUCCESS ? error
                                 : guest_write32(wasi, arguments[3].i32, event_count);
}
