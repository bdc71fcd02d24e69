/**
 * way.h - where the standard streams come from and go to: the two ways of the console.
 *
 * Neither way ever waits. What could not be done now may be possible after
 * console_changed() (clients.h) was called, which a way does whenever something comes or
 * room is made.
 */
#ifndef CONSOLE_WAY_H
#define CONSOLE_WAY_H

#include "protocols/console_service.h"
#include <stdbool.h>
#include <stddef.h>

/** One way; all functions are there. */
struct console_way {
    /** Bytes of stdin that can be read now. */
    size_t (*available)(void);
    /** Is stdin at its end? On a terminal only until input_end_told(). */
    bool (*input_ended)(void);
    /** The reader has been told of the end. */
    void (*input_end_told)(void);
    /** Takes at most @p size bytes of stdin. */
    size_t (*read)(void *out_bytes, size_t size);
    /** Takes at most @p size bytes of an output stream; 0: not now. */
    size_t (*write)(enum console_stream stream, const void *bytes, size_t size);
    /** Is nobody there any more who would take output? */
    bool (*is_over)(void);
    /** Has all that was written been handed on? */
    bool (*is_flushed)(void);
    /** Takes the oldest signal of the user's (enum link_signal), or 0. */
    uint32_t (*take_signal)(void);
    /** Hands on the exit status behind all output; once. */
    void (*exit)(uint32_t status);
    /** Bits of SERVICE_SLOT_EVENTS came that are the way's: CONSOLE_EVENT_WAY. */
    void (*on_event)(void);
};

/** Bit of SERVICE_SLOT_EVENTS that belongs to the way. */
#define CONSOLE_EVENT_WAY 1u

/** By the port in CONSOLE_SERVICE_SLOT_PORT. NULL: there is none. */
const struct console_way *port_way_open(void);

/** By serial_drv. NULL: there is none. */
const struct console_way *serial_way_open(void);

#endif
