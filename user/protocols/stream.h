/**
 * stream.h - bytes into and out of a server, by CALL on a badged endpoint.
 *
 * Spoken by virtio_console (its port) and by the console service (the standard streams of
 * programs). The badge says which stream, and that is all that it lets one touch.
 *
 * No call waits inside of the server. Who wants to wait hands it a notification once, by
 * STREAM_SUBSCRIBE; an answer of STREAM_WOULD_BLOCK means that the notification will be
 * signalled when trying again may succeed. Then: call, and on STREAM_WOULD_BLOCK wait for
 * the notification, with a deadline or without, and call again. A signal that comes for
 * nothing does no harm; none is missing.
 *
 * A request's label: opcode in bits 0 to 7, a number of bytes in bits 8 to 23. A reply's:
 * status in bits 0 to 7, a number of bytes in bits 8 to 23. The bytes lie in the
 * message's words from word 0 on, the first in the lowest bits; words 8 and on are those of
 * the buffer page (abi/ipc_message.h), without which a message carries 64 bytes.
 */
#ifndef PROTOCOLS_STREAM_H
#define PROTOCOLS_STREAM_H

enum stream_opcode {
    /** Asks for at most that number of bytes, at least 1. STREAM_OK: so many, at least 1.
     *  STREAM_END: there are no more, ever. */
    STREAM_READ = 1,
    /** Carries bytes. STREAM_OK: so many of them were taken, from the first on, at least
     *  1 unless there were none. STREAM_END: the reader is gone, ever. */
    STREAM_WRITE = 2,
    /** Carries one capability: a Notification with WRITE, that takes the place of an
     *  earlier one. Word 0: the bits to signal (a badged one signals its badge). */
    STREAM_SUBSCRIBE = 3,
    /** Nothing more will be written by this badge. */
    STREAM_CLOSE = 4,
    /** Asks how many bytes could be read now (the reply's number, cut to 65,535).
     *  STREAM_OK with 0 means what STREAM_WOULD_BLOCK means: a signal will come.
     *  STREAM_END as for STREAM_READ. */
    STREAM_AVAILABLE = 5,
    /** STREAM_OK when all that this badge wrote has been handed on (to the host's command,
     *  or the UART); STREAM_WOULD_BLOCK until then. */
    STREAM_FLUSHED = 6
};

enum stream_status {
    STREAM_OK = 0,
    STREAM_WOULD_BLOCK = 1,
    STREAM_END = 2,
    STREAM_REFUSED = 3, /**< this badge may not do that */
    STREAM_INVALID =
        4,          /**< no such opcode, a size above the message's, no capability */
    STREAM_FULL = 5 /**< STREAM_SUBSCRIBE: the server has no room for one more */
};

/** What one message carries at most: 64 words. */
#define STREAM_MESSAGE_BYTES 512u
/** ... and without a buffer page. */
#define STREAM_REGISTER_BYTES 64u

#define STREAM_LABEL(code, bytes) ((uint64_t)(code) | (uint64_t)(bytes) << 8)
#define STREAM_CODE(label)        ((uint32_t)((label)&0xff))
#define STREAM_BYTES(label)       ((uint32_t)((label) >> 8 & 0xffff))

#endif
