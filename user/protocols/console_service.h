/**
 * console_service.h - the standard streams of programs: clients, badges, control.
 *
 * Behind the service is either the host's command at the other end of a virtio-serial port
 * (core/link.h), or the system's console (serial_drv) with its line editing. Programs
 * don't see which.
 *
 * Each capability to the service's endpoint is badged for one stream of one client:
 * CONSOLE_BADGE(client, stream). CONSOLE_STDIN to CONSOLE_LOG speak protocols/stream.h and
 * nothing else; stdin can only be read, the others only be written. Who holds
 * CONSOLE_CONTROL steers: that is the supervisor, or a shell, never a program.
 *
 * Over the port all clients share the host's streams. On the serial console what clients
 * write to STDOUT, STDERR and LOG comes out line by line, and a typed line goes to the
 * client that CONSOLE_FOREGROUND named; one STREAM_READ gives one line at most.
 */
#ifndef PROTOCOLS_CONSOLE_SERVICE_H
#define PROTOCOLS_CONSOLE_SERVICE_H

#include "protocols/service.h"
#include <stdint.h>

enum console_stream {
    CONSOLE_STDIN = 0,
    CONSOLE_STDOUT = 1,
    CONSOLE_STDERR = 2,
    CONSOLE_LOG = 3, /**< lines for the command's own standard error, as denials are */
    CONSOLE_CONTROL = 4
};

/** The badge of @p client, 1 to 65,535, and its stream. */
#define CONSOLE_BADGE(client, stream) ((uint64_t)(client) << 8 | (uint64_t)(stream))
#define CONSOLE_BADGE_STREAM(badge)   ((uint32_t)((badge)&0xff))
#define CONSOLE_BADGE_CLIENT(badge)   ((badge) >> 8)

/** By a CONSOLE_CONTROL badge: labels as in protocols/stream.h, statuses too. That badge
 *  may STREAM_SUBSCRIBE: signalled when there is a signal to take. */
enum console_control_opcode {
    /** Takes the oldest signal that the user sent. STREAM_OK: word 0 is enum link_signal
     *  (core/link.h); STREAM_WOULD_BLOCK: none. */
    CONSOLE_TAKE_SIGNAL = 32,
    /** Word 0: the exit status for the host's command, 0 to 255. Handed on after all that
     *  was written before. STREAM_WOULD_BLOCK: that is still on its way, ask again. */
    CONSOLE_EXIT = 33,
    /** Word 0: the client that typed lines go to; 0: any that reads. */
    CONSOLE_FOREGROUND = 34
};

/** The service's own slots. One of the two ways must be there; the port goes first. */
enum console_service_slot {
    CONSOLE_SERVICE_SLOT_PORT = SERVICE_SLOT_OWN, /**< Endpoint, WRITE: virtio_console's
                                                   *   port (protocols/stream.h) */
    CONSOLE_SERVICE_SLOT_TYPED /**< Endpoint, READ: serial_drv's `input`
                                                   *   (protocols/console.h); output goes
                                                   *   by SERVICE_SLOT_LOG */
};

#endif
