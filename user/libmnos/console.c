/**
 * console.c - the client's side of the console; see console.h and docs/console.md.
 */
#include "mnos/console.h"
#include "core/bytes.h"
#include "core/format.h"
#include "mnos/console_message.h"
#include "mnos/ipc.h"
#include "protocols/console.h"

/** From here on a shared buffer is cheaper than messages of 16 bytes. */
enum { SHARED_WORTH_BYTES = 64 };

static struct mnos_console *default_console;

/** One piece of output on its way: bytes that don't fill a message yet. */
struct piece {
    struct mnos_console *console;
    uint8_t bytes[CONSOLE_MESSAGE_BYTES];
    size_t size;
    mn_status status; /**< the first error; nothing is sent after it */
};

static mn_status send_message(const struct mnos_console *console,
                              const struct mn_message *message)
{
    return sys_send(console->requests, message->label, message->data0, message->data1);
}

static void piece_flush(struct piece *piece, bool end)
{
    struct mn_message message =
        console_message_pack(CONSOLE_WRITE, piece->bytes, piece->size, end);

    if (piece->status == MN_OK) {
        piece->status = send_message(piece->console, &message);
    }
    piece->size = 0;
}

/** A format_sink: a full message is sent once there is a byte behind it, so that the
 *  last one is still here to carry the end. */
static void piece_append(void *context, const char *bytes, size_t size)
{
    struct piece *piece = context;

    if (piece->console->way == MNOS_CONSOLE_POLLED) {
        if (piece->status == MN_OK) {
            piece->status = uart16550_write(&piece->console->uart, bytes, size);
        }
        return;
    }
    for (size_t i = 0; i < size; i++) {
        if (piece->size == sizeof(piece->bytes)) {
            piece_flush(piece, false);
        }
        piece->bytes[piece->size++] = (uint8_t)bytes[i];
    }
}

static mn_status piece_end(struct piece *piece)
{
    if (piece->console->way == MNOS_CONSOLE_DRIVER && piece->size > 0) {
        piece_flush(piece, true);
    }
    return piece->status;
}

/**
 * Sends @p size bytes, at most half a buffer, through the half that is next.
 *
 * That half was sent by the shared write before the last one, and the last one's SEND
 * has returned: the driver has copied the half.
 */
static mn_status write_half(struct mnos_console *console, const uint8_t *bytes,
                            size_t size)
{
    uint32_t offset = console->buffer_half * (console->buffer_bytes / 2);

    memcpy(console->buffer + offset, bytes, size);
    console->buffer_half ^= 1;
    return sys_send(console->requests, CONSOLE_WRITE_SHARED | CONSOLE_END, offset,
                    size);
}

static mn_status write_shared(struct mnos_console *console, const uint8_t *bytes,
                              size_t size)
{
    size_t half = console->buffer_bytes / 2;
    mn_status status = MN_OK;

    for (size_t done = 0; done < size && status == MN_OK;) {
        size_t part = size - done < half ? size - done : half;

        status = write_half(console, bytes + done, part);
        done += part;
    }
    return status;
}

mn_status mnos_console_write(struct mnos_console *console, const void *bytes,
                             size_t size)
{
    struct piece piece = {.console = console};

    if (console->way == MNOS_CONSOLE_NONE) {
        return MN_OK;
    }
    if (console->way == MNOS_CONSOLE_DRIVER && console->buffer != NULL &&
        size >= SHARED_WORTH_BYTES) {
        return write_shared(console, bytes, size);
    }
    piece_append(&piece, bytes, size);
    return piece_end(&piece);
}

mn_status mnos_console_vprintf(struct mnos_console *console, const char *format,
                               va_list arguments)
{
    struct piece piece = {.console = console};

    if (console->way == MNOS_CONSOLE_NONE) {
        return MN_OK;
    }
    format_write_v(piece_append, &piece, format, arguments);
    return piece_end(&piece);
}

mn_status mnos_console_printf(struct mnos_console *console, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    mn_status status = mnos_console_vprintf(console, format, arguments);
    va_end(arguments);
    return status;
}

mn_status mnos_console_drain(struct mnos_console *console)
{
    if (console->way == MNOS_CONSOLE_POLLED) {
        return uart16550_drain(&console->uart);
    }
    if (console->way == MNOS_CONSOLE_NONE) {
        return MN_OK;
    }
    /* The second is received when the first is done. */
    mn_status status = sys_send(console->requests, CONSOLE_DRAIN, 0, 0);
    if (status == MN_OK) {
        status = sys_send(console->requests, CONSOLE_DRAIN, 0, 0);
    }
    return status;
}

mn_status mnos_console_read_line(struct mnos_console *console, char *line, size_t size)
{
    struct mn_message message = {0};
    size_t length = 0;

    if (console->way != MNOS_CONSOLE_DRIVER || console->input == 0) {
        return MN_ERROR_INVALID_SLOT;
    }
    do {
        uint8_t bytes[CONSOLE_MESSAGE_BYTES];
        mn_status status = sys_recv(console->input, &message);
        if (status != MN_OK) {
            return status;
        }
        size_t received = console_message_unpack(&message, bytes);
        size_t room = size - 1 - length;
        size_t kept = received < room ? received : room;
        memcpy(line + length, bytes, kept);
        length += kept;
    } while (!console_message_ends(&message));
    line[length] = '\0';
    return MN_OK;
}

void mnos_console_set_default(struct mnos_console *console)
{
    default_console = console;
}

void mnos_print(const char *text)
{
    if (default_console != NULL) {
        (void)mnos_console_write(default_console, text, strlen(text));
    }
}

void mnos_printf(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    if (default_console != NULL) {
        (void)mnos_console_vprintf(default_console, format, arguments);
    }
    va_end(arguments);
}
