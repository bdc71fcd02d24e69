/**
 * pump.h - moves bytes from one descriptor to another, one buffer full at a time.
 *
 * For a poll() loop: a pump waits either to read or to write, never both, so a reader
 * that is slow slows the writer down and no byte is lost.
 */
#ifndef MNOS_PUMP_H
#define MNOS_PUMP_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

/* What a pipe that polls as writable takes without blocking: POSIX's PIPE_BUF. */
enum { PUMP_BUFFER_SIZE = 4096 };

struct pump {
    int from; /**< -1: there is nothing more to read */
    int to;   /**< -1: nobody takes it any more; what comes is dropped */
    size_t begin;
    size_t end; /**< buffer[begin, end) waits to be written */
    char buffer[PUMP_BUFFER_SIZE];
};

/** What the pump waits for: a descriptor of -1 for nothing at all. */
struct pollfd pump_wanted(const struct pump *pump);

/** Reads into the empty buffer; false when there was nothing. At the end of the input
 *  `from` becomes -1. The caller closes descriptors. */
bool pump_read(struct pump *pump);

/** Writes some of the buffer. When nobody reads any more `to` becomes -1. */
void pump_write(struct pump *pump);

/** Is there something left to write? */
bool pump_is_full(const struct pump *pump);

#endif
