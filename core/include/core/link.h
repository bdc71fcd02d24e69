/**
 * link.h - what the guest and the host's command say to each other over one byte stream.
 *
 * The stream is a virtio-serial port: reliable, in order, 8-bit clean. docs/link.md tells
 * the protocol; this is both its ends: the host's command uses it as LINK_HOST, the console
 * service as LINK_GUEST, and neither believes the other.
 *
 * A packet is a header of 4 bytes (type, stream, 16 bits of size, little-endian) and its
 * payload. Data may only be sent within the credit that the receiver granted for its
 * stream, and the receiver grants what it has room for: so a fast writer cannot make
 * anybody store more than that. What breaks a rule ends the link for good.
 *
 * Pure, no lock: one thread, or its owner's lock.
 */
#ifndef CORE_LINK_H
#define CORE_LINK_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum link_side { LINK_HOST, LINK_GUEST };

/** The streams: stdin goes to the guest, the others come from it. */
enum link_stream {
    LINK_STDIN = 0,
    LINK_STDOUT = 1,
    LINK_STDERR = 2,
    LINK_LOG = 3, /**< lines for the command's own standard error */
    LINK_STREAMS
};

enum link_type {
    LINK_HELLO = 1, /**< payload: LINK_MAGIC, LINK_VERSION; each side's first packet */
    LINK_DATA = 2,  /**< payload: 1 to LINK_DATA_MAX bytes of the stream */
    LINK_END = 3,   /**< no payload: the stream has no more bytes */
    LINK_CREDIT =
        4, /**< payload: 32 bits, how many more bytes may come on the stream */
    LINK_SIGNAL = 5, /**< payload: 32 bits, enum link_signal; to the guest */
    LINK_EXIT = 6    /**< payload: 32 bits, the exit status, 0 to 255; from the guest */
};

enum link_signal { LINK_INTERRUPT = 1, LINK_TERMINATE = 2, LINK_HANGUP = 3 };

#define LINK_MAGIC   0x4b4c4e4du /**< "MNLK" */
#define LINK_VERSION 1u

enum {
    LINK_HEADER_BYTES = 4,
    LINK_DATA_MAX = 4096,
    /** The longest packet that is not LINK_DATA: the size of the buffers of link_put_*. */
    LINK_CONTROL_BYTES = LINK_HEADER_BYTES + 8,
    /** The most credit that a stream can have. */
    LINK_CREDIT_MAX = 1 << 20
};

enum link_status {
    LINK_EVENT,  /**< something came: the event tells */
    LINK_MORE,   /**< all bytes are used up, and nothing is complete */
    LINK_BROKEN, /**< the other side broke a rule; so it stays */
};

/** What came. Of LINK_DATA it may be a part of a packet. */
struct link_event {
    enum link_type type;
    enum link_stream stream; /**< of LINK_DATA, LINK_END and LINK_CREDIT */
    const uint8_t *bytes; /**< LINK_DATA: inside of what was given to link_receive() */
    uint32_t size;        /**< LINK_DATA: of bytes, at least 1 */
    uint32_t value;       /**< of LINK_CREDIT, LINK_SIGNAL and LINK_EXIT */
};

/** One end. Private but for link.c. */
struct link {
    enum link_side side;
    bool greeted; /**< the other's hello has come */
    bool exited;
    bool broken;
    bool sent_end[LINK_STREAMS];
    bool got_end[LINK_STREAMS];
    uint32_t may_send[LINK_STREAMS]; /**< credit that the other side granted */
    uint32_t may_come[LINK_STREAMS]; /**< credit that we granted and that is not used */
    uint8_t packet[LINK_CONTROL_BYTES]; /**< the packet that is being received */
    uint32_t packet_size;               /**< bytes of it that are there */
    uint32_t data_left;                 /**< of a LINK_DATA packet's payload */
};

/** One end at the beginning: nothing came, nothing may be sent but the hello. */
void link_init(struct link *link, enum link_side side);

/**
 * Takes bytes that came until something is complete.
 *
 * @p out_used says how many of the @p size bytes at @p bytes were used; call again with
 * the rest, until LINK_MORE. On LINK_EVENT @p out_event is written.
 */
MN_MUST_CHECK enum link_status link_receive(struct link *link, const uint8_t *bytes,
                                            size_t size, size_t *out_used,
                                            struct link_event *out_event);

/** How many bytes of @p stream may be sent now; at most LINK_DATA_MAX. 0 also when the
 *  stream is the other side's, or ended. */
uint32_t link_sendable(const struct link *link, enum link_stream stream);

/** Has LINK_EXIT, or the link's end, come or been sent? */
bool link_is_over(const struct link *link);

/* The following write one packet to @p out and return its bytes; or they return 0 and
   neither write nor change anything, because that packet may not be sent. */

/** This side's first packet. */
size_t link_put_hello(uint8_t out[LINK_CONTROL_BYTES]);

/** The header of a LINK_DATA packet, behind which @p size bytes follow: 1 to
 *  link_sendable(). */
size_t link_put_data_header(struct link *link, enum link_stream stream, uint32_t size,
                            uint8_t out[LINK_CONTROL_BYTES]);

/** The end of a stream of this side's; once. */
size_t link_put_end(struct link *link, enum link_stream stream,
                    uint8_t out[LINK_CONTROL_BYTES]);

/** Grants @p bytes more, at least 1, of a stream of the other side's that has not ended, to
 *  at most LINK_CREDIT_MAX. */
size_t link_put_credit(struct link *link, enum link_stream stream, uint32_t bytes,
                       uint8_t out[LINK_CONTROL_BYTES]);

/** A signal, by the host. */
size_t link_put_signal(enum link_signal signal, uint8_t out[LINK_CONTROL_BYTES]);

/** The exit status, 0 to 255, by the guest; its last packet. */
size_t link_put_exit(struct link *link, uint32_t status,
                     uint8_t out[LINK_CONTROL_BYTES]);

#endif
