/**
 * requests.c - the console server; see protocols/console.h.
 *
 * The bytes of one client up to its CONSOLE_END are kept together and queued at once, so
 * that pieces of several clients never mix. A client costs CONSOLE_PIECE_MAX bytes,
 * which exist from the start.
 */
#include "drivers/serial_drv/requests.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "drivers/serial_drv/serial.h"
#include "mnos/console_message.h"

/** A client's piece as far as it has come. */
struct client {
    uint8_t piece[CONSOLE_PIECE_MAX];
    size_t size;
};

static struct client clients[CONSOLE_CLIENTS]; /* by badge; used by one thread */

static void flush(struct client *client)
{
    serial_write(client->piece, client->size);
    client->size = 0;
}

static void write_piece(struct client *client, const struct mn_message *message)
{
    uint8_t bytes[CONSOLE_MESSAGE_BYTES];
    size_t size = console_message_unpack(message, bytes);

    if (client->size + size > CONSOLE_PIECE_MAX) {
        flush(client);
    }
    memcpy(client->piece + client->size, bytes, size);
    client->size += size;
    if (console_message_ends(message)) {
        flush(client);
    }
}

static void write_shared(const struct console_startup *startup,
                         const struct mn_message *message)
{
    uint64_t limit = startup->buffer_bytes[message->badge];

    if (limit > CONSOLE_BUFFER_STRIDE ||
        !range_fits(message->data0, message->data1, limit)) {
        return;
    }
    const uint8_t *buffer = (const uint8_t *)CONSOLE_BUFFER_ADDRESS(message->badge);
    serial_write(buffer + message->data0, message->data1);
}

void requests_handle(const struct console_startup *startup,
                     const struct mn_message *message)
{
    if (message->badge == 0 || message->badge >= CONSOLE_CLIENTS) {
        return;
    }
    struct client *client = &clients[message->badge];

    switch (console_message_opcode(message)) {
    case CONSOLE_WRITE:
        write_piece(client, message);
        break;
    case CONSOLE_WRITE_SHARED:
        flush(client);
        write_shared(startup, message);
        break;
    case CONSOLE_DRAIN:
        flush(client);
        serial_drain();
        break;
    default:
        break;
    }
}
