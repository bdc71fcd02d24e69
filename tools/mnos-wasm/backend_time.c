/**
 * backend_time.c - clocks, random numbers, waiting.
 */
#include "backend_object.h"
#include <poll.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>

static clockid_t clock_of(enum wasi_clockid clock)
{
    static const clockid_t clocks[] = {CLOCK_REALTIME, CLOCK_MONOTONIC,
                                       CLOCK_PROCESS_CPUTIME_ID,
                                       CLOCK_THREAD_CPUTIME_ID};
    return clocks[clock];
}

static enum wasi_errno clock_resolution(void *context, enum wasi_clockid clock,
                                        uint64_t *out_ns)
{
    struct timespec time;

    (void)context;
    if (clock_getres(clock_of(clock), &time) != 0) {
        return backend_error();
    }
    *out_ns = backend_nanoseconds(&time);
    return WASI_SUCCESS;
}

static enum wasi_errno clock_time(void *context, enum wasi_clockid clock,
                                  uint64_t *out_ns)
{
    struct timespec time;

    (void)context;
    if (clock_gettime(clock_of(clock), &time) != 0) {
        return backend_error();
    }
    *out_ns = backend_nanoseconds(&time);
    return WASI_SUCCESS;
}

static uint64_t now(void *context)
{
    struct timespec time = {0};

    (void)context;
    (void)clock_gettime(CLOCK_MONOTONIC, &time);
    return backend_nanoseconds(&time);
}

static enum wasi_errno random_bytes(void *context, void *buffer, size_t size)
{
    char *to = buffer;

    (void)context;
    while (size > 0) {
        ssize_t got = getrandom(to, size, 0);
        if (got < 0) {
            return backend_error();
        }
        to += got;
        size -= (size_t)got;
    }
    return WASI_SUCCESS;
}

static void take_answer(struct wasi_wait *wait, const struct pollfd *from)
{
    int available = 0;

    wait->error = (from->revents & POLLNVAL) != 0 ? WASI_EBADF : WASI_SUCCESS;
    wait->is_ready = (from->revents & (POLLIN | POLLOUT | POLLHUP | POLLERR)) != 0;
    wait->is_hung_up = (from->revents & POLLHUP) != 0;
    wait->bytes = 0;
    if (wait->is_ready && !wait->for_write &&
        ioctl(from->fd, FIONREAD, &available) == 0 && available > 0) {
        wait->bytes = (uint64_t)available;
    }
}

static enum wasi_errno poll_objects(void *context, struct wasi_wait *waits,
                                    size_t count, uint64_t timeout_ns)
{
    struct timespec timeout = {.tv_sec = (time_t)(timeout_ns / 1000000000u),
                               .tv_nsec = (long)(timeout_ns % 1000000000u)};
    struct pollfd *polled = calloc(count + 1, sizeof(*polled));

    (void)context;
    if (polled == NULL) {
        return WASI_ENOMEM;
    }
    for (size_t i = 0; i < count; i++) {
        polled[i].fd = waits[i].object->fd;
        polled[i].events = waits[i].for_write ? POLLOUT : POLLIN;
    }
    int ready =
        ppoll(polled, count, timeout_ns == WASI_WAIT_FOREVER ? NULL : &timeout, NULL);
    enum wasi_errno error = ready < 0 ? backend_error() : WASI_SUCCESS;
    for (size_t i = 0; i < count && ready >= 0; i++) {
        take_answer(&waits[i], &polled[i]);
    }
    free(polled);
    return error;
}

static void yield(void *context)
{
    (void)context;
    sched_yield();
}

void backend_time(struct wasi_backend *backend)
{
    backend->clock_resolution = clock_resolution;
    backend->clock_time = clock_time;
    backend->now = now;
    backend->random = random_bytes;
    backend->poll = poll_objects;
    backend->yield = yield;
}
