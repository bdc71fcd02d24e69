/**
 * link_host.c - see link_host.h.
 */
#include "link_host.h"
#include "complain.h"
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    POLL_SOCKET,
    POLL_INPUT,
    POLL_OUTPUT, /**< and the two streams behind it */
    /** What a descriptor that polls as writable takes without blocking: POSIX's
     *  PIPE_BUF. */
    WRITE_BYTES = 4096,
    /** A packet of data and all the control packets that one round can make. */
    SEND_ROOM = LINK_HEADER_BYTES + LINK_DATA_MAX + 16 * LINK_CONTROL_BYTES
};

static size_t send_room(const struct link_host *host)
{
    return sizeof(host->send) - host->send_end;
}

/** Puts @p size bytes behind what waits to be sent; there is room. */
static void append(struct link_host *host, const uint8_t *bytes, size_t size)
{
    memcpy(host->send + host->send_end, bytes, size);
    host->send_end += size;
}

/** Where the next packet goes: there is room for one. */
static uint8_t *send_end(struct link_host *host)
{
    return host->send + host->send_end;
}

static void grant(struct link_host *host, enum link_stream stream, size_t bytes)
{
    if (bytes > 0 && host->socket >= 0) {
        host->send_end +=
            link_put_credit(&host->link, stream, (uint32_t)bytes, send_end(host));
    }
}

/** The first packets: who we are, and a window for each output. */
static void greet(struct link_host *host)
{
    host->send_end += link_put_hello(send_end(host));
    for (unsigned stream = LINK_STDOUT; stream < LINK_STREAMS; stream++) {
        grant(host, (enum link_stream)stream, LINK_HOST_WINDOW);
    }
}

struct link_host *link_host_open(int input, int *out_qemu_end)
{
    struct link_host *host = calloc(1, sizeof(*host));
    int ends[2];

    if (host == NULL) {
        out_of_memory();
    }
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        complain_errno("cannot make a socket");
        free(host);
        return NULL;
    }
    link_init(&host->link, LINK_HOST);
    host->socket = ends[0];
    *out_qemu_end = ends[1];
    host->input = input;
    host->outputs[LINK_STDOUT].file = STDOUT_FILENO;
    host->outputs[LINK_STDERR].file = STDERR_FILENO;
    host->outputs[LINK_LOG].file = STDERR_FILENO;
    host->status = -1;
    greet(host);
    return host;
}

void link_host_close(struct link_host *host)
{
    if (host->socket >= 0) {
        close(host->socket);
    }
    free(host);
}

static bool output_waits(const struct link_output *output)
{
    return output->file >= 0 && output->begin < output->end;
}

/** May standard input be read: is there credit and room for what it gives? */
static bool input_wanted(const struct link_host *host)
{
    return host->input >= 0 && host->socket >= 0 && !host->deaf &&
           link_sendable(&host->link, LINK_STDIN) > 0 && send_room(host) >= SEND_ROOM;
}

void link_host_wanted(const struct link_host *host,
                      struct pollfd polls[LINK_HOST_POLLS])
{
    bool sends = host->send_begin < host->send_end;

    polls[POLL_SOCKET] = (struct pollfd){
        .fd = host->socket, .events = (short)(POLLIN | (sends ? POLLOUT : 0))};
    polls[POLL_INPUT] =
        (struct pollfd){.fd = input_wanted(host) ? host->input : -1, .events = POLLIN};
    for (unsigned stream = LINK_STDOUT; stream < LINK_STREAMS; stream++) {
        const struct link_output *output = &host->outputs[stream];

        polls[POLL_OUTPUT + stream - LINK_STDOUT] = (struct pollfd){
            .fd = output_waits(output) && send_room(host) >= SEND_ROOM ? output->file
                                                                       : -1,
            .events = POLLOUT};
    }
}

static void close_socket(struct link_host *host)
{
    close(host->socket);
    host->socket = -1;
    host->send_begin = 0;
    host->send_end = 0;
}

static void send_waiting(struct link_host *host)
{
    ssize_t size = send(host->socket, host->send + host->send_begin,
                        host->send_end - host->send_begin, MSG_NOSIGNAL | MSG_DONTWAIT);

    if (size >= 0) {
        host->send_begin += (size_t)size;
    } else if (errno != EAGAIN && errno != EINTR) {
        host->deaf = true; /* what it sent before is still there to be read */
        host->send_begin = host->send_end;
    }
    memmove(host->send, host->send + host->send_begin,
            host->send_end - host->send_begin);
    host->send_end -= host->send_begin;
    host->send_begin = 0;
}

/** Keeps bytes of an output: the window that was granted has room for them. */
static void keep(struct link_host *host, const struct link_event *event)
{
    struct link_output *output = &host->outputs[event->stream];

    if (output->file < 0) {
        return;
    }
    memmove(output->bytes, output->bytes + output->begin, output->end - output->begin);
    output->end -= output->begin;
    output->begin = 0;
    memcpy(output->bytes + output->end, event->bytes, event->size);
    output->end += event->size;
}

static void take_event(struct link_host *host, const struct link_event *event)
{
    if (event->type == LINK_DATA) {
        keep(host, event);
    } else if (event->type == LINK_EXIT) {
        host->status = (int)event->value;
    }
}

static void receive(struct link_host *host)
{
    uint8_t bytes[8192];
    ssize_t size = recv(host->socket, bytes, sizeof(bytes), MSG_DONTWAIT);
    size_t offset = 0;
    size_t used;
    struct link_event event;
    enum link_status status = LINK_EVENT;

    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        close_socket(host);
    }
    while (size > 0 && status == LINK_EVENT) {
        status = link_receive(&host->link, bytes + offset, (size_t)size - offset, &used,
                              &event);
        offset += used;
        if (status == LINK_EVENT) {
            take_event(host, &event);
        }
    }
    if (status == LINK_BROKEN) {
        host->broken = true;
        close_socket(host);
    }
}

static void read_input(struct link_host *host)
{
    uint8_t bytes[LINK_DATA_MAX];
    ssize_t size = read(host->input, bytes, link_sendable(&host->link, LINK_STDIN));

    if (size > 0) {
        host->send_end += link_put_data_header(&host->link, LINK_STDIN, (uint32_t)size,
                                               send_end(host));
        append(host, bytes, (size_t)size);
    } else if (size == 0 || (errno != EAGAIN && errno != EINTR)) {
        host->send_end += link_put_end(&host->link, LINK_STDIN, send_end(host));
        host->input = -1;
    }
}

/** Writes some of an output, and grants what it makes room for. */
static void write_output(struct link_host *host, enum link_stream stream)
{
    struct link_output *output = &host->outputs[stream];
    size_t waiting = output->end - output->begin;
    ssize_t size = write(output->file, output->bytes + output->begin,
                         waiting < WRITE_BYTES ? waiting : WRITE_BYTES);

    if (size > 0) {
        output->begin += (size_t)size;
        grant(host, stream, (size_t)size);
    } else if (size < 0 && errno != EAGAIN && errno != EINTR) {
        output->file = -1;
        host->output_gone = true;
    }
}

void link_host_serve(struct link_host *host, const struct pollfd polls[LINK_HOST_POLLS])
{
    short ready = polls[POLL_SOCKET].revents;

    for (unsigned stream = LINK_STDOUT; stream < LINK_STREAMS; stream++) {
        if (polls[POLL_OUTPUT + stream - LINK_STDOUT].revents != 0 &&
            send_room(host) >= SEND_ROOM) {
            write_output(host, (enum link_stream)stream);
        }
    }
    if (polls[POLL_INPUT].revents != 0 && input_wanted(host)) {
        read_input(host);
    }
    if (((ready & POLLOUT) != 0 || host->deaf) && host->socket >= 0) {
        send_waiting(host);
    }
    if ((ready & ~POLLOUT) != 0 && host->socket >= 0) {
        receive(host);
    }
}

bool link_host_signal(struct link_host *host, enum link_signal signal)
{
    if (host->socket < 0 || !host->link.greeted || send_room(host) < SEND_ROOM) {
        return false;
    }
    host->send_end += link_put_signal(signal, send_end(host));
    return true;
}

bool link_host_is_over(const struct link_host *host)
{
    for (unsigned stream = LINK_STDOUT; stream < LINK_STREAMS; stream++) {
        if (output_waits(&host->outputs[stream])) {
            return false;
        }
    }
    return host->status >= 0 || host->socket < 0 || host->output_gone;
}
