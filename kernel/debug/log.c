/**
 * log.c - see log.h.
 *
 * Invariant: ring byte (offset % LOG_SIZE) is the log's byte at offset, for the last
 * min(log_end, LOG_SIZE) offsets.
 */
#include "debug/log.h"

#include "core/bytes.h"
#include "core/format.h"
#include "debug/console.h"
#include "sync/spinlock.h"

static struct {
    struct spinlock lock;
    uint64_t end; /* guarded by lock: the offset of the next byte */
    char ring[LOG_SIZE];
} log;

/* A format_sink: the caller holds the lock. */
static void append_locked(void *context, const char *bytes, size_t size)
{
    (void)context;
    for (size_t i = 0; i < size; i++) {
        log.ring[(log.end + i) % LOG_SIZE] = bytes[i];
    }
    log.end += size;
    console_write(bytes, size);
}

void log_printf_v(const char *format, va_list arguments)
{
    spinlock_lock(&log.lock);
    format_write_v(append_locked, NULL, format, arguments);
    spinlock_unlock(&log.lock);
}

void log_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_printf_v(format, arguments);
    va_end(arguments);
}

size_t log_read(uint64_t offset, char *buffer, size_t size, uint64_t *out_first)
{
    size_t count = 0;
    uint64_t first;

    spinlock_lock(&log.lock);
    first = log.end > LOG_SIZE ? log.end - LOG_SIZE : 0;
    if (offset > first) {
        first = offset < log.end ? offset : log.end;
    }
    while (count < size && first + count < log.end) {
        buffer[count] = log.ring[(first + count) % LOG_SIZE];
        count++;
    }
    spinlock_unlock(&log.lock);
    *out_first = first;
    return count;
}

void log_break_lock(void)
{
    log.lock = (struct spinlock){0};
}
