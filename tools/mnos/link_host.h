/**
 * link_host.h - this command's end of the link: the standard streams of a program that
 * runs in the machine (docs/link.md).
 *
 * For a poll() loop. Output streams have a window of LINK_HOST_WINDOW bytes each: a reader
 * of this command that is slow slows the program down, and nothing is lost. What comes
 * from the machine is not believed: what breaks the protocol's rules ends the link.
 */
#ifndef MNOS_LINK_HOST_H
#define MNOS_LINK_HOST_H

#include "core/link.h"
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    LINK_HOST_WINDOW = 65536,
    LINK_HOST_SEND_BYTES = 65536,
    /** The places of the link in a set for poll(). */
    LINK_HOST_POLLS = 5
};

/** Bytes from the machine on their way to a descriptor of this command. */
struct link_output {
    int file; /**< -1: nobody reads any more */
    size_t begin;
    size_t end; /**< bytes[begin, end) wait */
    uint8_t bytes[LINK_HOST_WINDOW];
};

struct link_host {
    struct link link;
    bool deaf;                                /**< QEMU takes nothing any more */
    int socket;                               /**< does not block; -1: QEMU closed it */
    int input;                                /**< standard input; -1: at its end */
    struct link_output outputs[LINK_STREAMS]; /**< [LINK_STDIN] is not used */
    size_t send_begin;
    size_t send_end; /**< send[send_begin, send_end) waits to go to the machine */
    uint8_t send[LINK_HOST_SEND_BYTES];
    bool broken;      /**< the machine broke a rule */
    bool output_gone; /**< nobody reads standard output or error any more */
    int status;       /**< the program's exit status; -1: it has none yet */
};

/** Makes the link; *@p out_qemu_end is the descriptor for QEMU, which the caller closes
 *  once QEMU has it. @p input: standard input, or -1 for none. NULL after complaining;
 *  else the caller ends it by link_host_close(). */
struct link_host *link_host_open(int input, int *out_qemu_end);

void link_host_close(struct link_host *host);

/** Fills in what the link waits for. */
void link_host_wanted(const struct link_host *host,
                      struct pollfd polls[LINK_HOST_POLLS]);

/** Does what poll() said can be done. */
void link_host_serve(struct link_host *host,
                     const struct pollfd polls[LINK_HOST_POLLS]);

/** Sends a signal to the program. False: it cannot be sent (the machine is not ready, or
 *  its buffer is full). */
bool link_host_signal(struct link_host *host, enum link_signal signal);

/** Has the program ended, or the link, and is everything that came written? */
bool link_host_is_over(const struct link_host *host);

#endif
