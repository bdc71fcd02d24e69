/**
 * pump.c - see pump.h.
 */
#include "pump.h"
#include <errno.h>
#include <unistd.h>

bool pump_is_full(const struct pump *pump)
{
    return pump->begin < pump->end && pump->to >= 0;
}

struct pollfd pump_wanted(const struct pump *pump)
{
    if (pump_is_full(pump)) {
        return (struct pollfd){.fd = pump->to, .events = POLLOUT};
    }
    return (struct pollfd){.fd = pump->from, .events = POLLIN};
}

bool pump_read(struct pump *pump)
{
    ssize_t size = read(pump->from, pump->buffer, sizeof(pump->buffer));

    pump->begin = 0;
    pump->end = size > 0 ? (size_t)size : 0;
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        pump->from = -1;
    }
    return size > 0;
}

void pump_write(struct pump *pump)
{
    ssize_t size = write(pump->to, pump->buffer + pump->begin, pump->end - pump->begin);

    if (size >= 0) {
        pump->begin += (size_t)size;
    } else if (errno != EAGAIN && errno != EINTR) {
        pump->to = -1;
    }
}
