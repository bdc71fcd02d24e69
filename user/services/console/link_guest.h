/**
 * link_guest.h - the guest's end of the link: bytes from and for the port on one side, the
 * standard streams on the other (docs/link.md).
 *
 * Pure. Everything is bounded: stdin by the credit that was granted for its queue, what goes
 * out by a queue that a writer has to wait for, with some room that only control packets
 * use.
 */
#ifndef CONSOLE_LINK_GUEST_H
#define CONSOLE_LINK_GUEST_H

#include "core/byte_queue.h"
#include "core/link.h"

enum {
    LINK_GUEST_INPUT_BYTES = 16384,
    LINK_GUEST_OUTPUT_BYTES = 32768,
    /** Of the output queue, for packets that are not data. */
    LINK_GUEST_CONTROL_BYTES = 256,
    LINK_GUEST_SIGNALS = 8
};

/** The guest's end. Private but for link_guest.c. */
struct link_guest {
    struct link link;
    struct byte_queue input;
    struct byte_queue output;
    uint32_t owed_credit; /**< of stdin: read, and not yet granted again */
    uint8_t signals[LINK_GUEST_SIGNALS];
    uint32_t signal_count;
    bool input_ended;
    bool exit_sent;
    uint8_t input_bytes[LINK_GUEST_INPUT_BYTES];
    uint8_t output_bytes[LINK_GUEST_OUTPUT_BYTES];
};

/** An end whose hello and first credit wait to be sent. */
void link_guest_init(struct link_guest *guest);

/** Takes bytes that came from the port. false: the link is broken, for good. */
bool link_guest_receive(struct link_guest *guest, const uint8_t *bytes, size_t size);

/** Copies at most @p size bytes that are to go to the port; how many. They stay until
 *  link_guest_sent(). */
size_t link_guest_send(const struct link_guest *guest, uint8_t *out_bytes, size_t size);

/** The port has taken @p size of them. */
void link_guest_sent(struct link_guest *guest, size_t size);

/** Takes at most @p size bytes of stdin; how many. */
size_t link_guest_read(struct link_guest *guest, void *out_bytes, size_t size);

/** Bytes of stdin that can be read now. */
size_t link_guest_available(const struct link_guest *guest);

/** Will there never be a further byte of stdin? */
bool link_guest_input_ended(const struct link_guest *guest);

/** Queues at most @p size bytes of an output stream; how many: 0 while there is no credit or
 *  no room. */
size_t link_guest_write(struct link_guest *guest, enum link_stream stream,
                        const void *bytes, size_t size);

/** Is the link of no more use: broken, or after the exit? */
bool link_guest_is_over(const struct link_guest *guest);

/** Queues the ends of all outputs and the exit status, 0 to 255; only the first counts. */
void link_guest_exit(struct link_guest *guest, uint32_t status);

/** Has the port taken all that was queued? */
bool link_guest_is_flushed(const struct link_guest *guest);

/** Takes the oldest signal (enum link_signal); 0: there is none. Of more than
 *  LINK_GUEST_SIGNALS that nobody took the later ones are dropped. */
uint32_t link_guest_take_signal(struct link_guest *guest);

#endif
