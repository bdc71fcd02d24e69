/**
 * log.c - see log.h.
 */
#include "debug/log.h"

#include "core/format.h"
#include "core/log_ring.h"
#include "debug/console.h"
#include "sync/spinlock.h"

static struct {
    struct spinlock lock;
    struct log_ring ring; /* guarded by lock */
} log;

/* A format_sink: the caller holds the lock. */
static void append_locked(void *context, const char *bytes, size_t size)
{
    (void)context;
    log_ring_append(&log.ring, bytes, size);
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
    size_t count;

    spinlock_lock(&log.lock);
    count = log_ring_read(&log.ring, offset, buffer, size, out_first);
    spinlock_unlock(&log.lock);
    return count;
}

void log_break_lock(void)
{
    log.lock = (struct spinlock){0};
}
