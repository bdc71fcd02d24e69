/**
 * streams.c - in Init's place: the console service over the link, the random and the clock
 * service, as programs use them. cases_streams.py is the host's command.
 *
 * It copies stdin to stdout until its end, says on stderr how many bytes that were and on
 * the log what time it is, waits for a signal, and hands on the exit status 7. With the word
 * `serial` on the command line it has no port: it answers lines that are typed on COM1
 * until Ctrl-D, then waits for Ctrl-C.
 */
#include "core/bytes.h"
#include "core/format.h"
#include "init/command_line.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "protocols/clock.h"
#include "protocols/console_service.h"
#include "protocols/random.h"
#include "protocols/stream.h"
#include "start/start.h"

enum {
    EVENTS = START_SLOT_FREE,
    PORT,
    RNG,
    CONSOLE,
    RANDOM,
    CLOCK,
    STDIN, /* this program's capabilities to the console; then its other streams */
    STDOUT = 40,
    STDERR,
    LOG,
    CONTROL,
    CLIENT = 5
};

int main(const struct mn_boot_info *boot_info);

/** A CALL by a stream that may have to wait; the reply's status is not WOULD_BLOCK. */
static uint32_t ask(uint64_t slot, struct mnos_message *message)
{
    const struct mnos_message request = *message;
    uint64_t bits;

    for (;;) {
        *message = request;
        start_call(slot, message);
        if (STREAM_CODE(message->label) != STREAM_WOULD_BLOCK) {
            return STREAM_CODE(message->label);
        }
        start_require(sys_wait_signal(EVENTS, 0, &bits) == MN_OK, "wait");
    }
}

static void open_stream(uint64_t slot, enum console_stream stream)
{
    struct mnos_message message = {
        .label = STREAM_LABEL(STREAM_SUBSCRIBE, 0), .words = {1}, .length = 1};

    start_require(sys_mint_cap(CONSOLE, slot, MN_RIGHT_WRITE,
                               CONSOLE_BADGE(CLIENT, stream), 0) == MN_OK,
                  "badge");
    mnos_message_add_cap(&message, EVENTS, MN_RIGHT_WRITE);
    start_require(ask(slot, &message) == STREAM_OK, "subscribe");
}

static void write(uint64_t slot, const void *bytes, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t piece =
            size - done < STREAM_MESSAGE_BYTES ? size - done : STREAM_MESSAGE_BYTES;
        struct mnos_message message = {.label = STREAM_LABEL(STREAM_WRITE, piece),
                                       .length = (uint32_t)(piece + 7) / 8};

        memcpy(message.words, (const uint8_t *)bytes + done, piece);
        start_require(ask(slot, &message) == STREAM_OK, "write");
        done += STREAM_BYTES(message.label);
    }
}

/** Copies stdin to stdout; how many bytes. */
static uint64_t copy(void)
{
    uint64_t total = 0;

    for (;;) {
        struct mnos_message message = {
            .label = STREAM_LABEL(STREAM_READ, STREAM_MESSAGE_BYTES)};
        uint32_t status = ask(STDIN, &message);

        if (status == STREAM_END) {
            return total;
        }
        start_require(status == STREAM_OK, "read");
        write(STDOUT, message.words, STREAM_BYTES(message.label));
        total += STREAM_BYTES(message.label);
    }
}

/** A stream does what it is for and nothing else. */
static void refuse(void)
{
    struct mnos_message message = {.label = STREAM_LABEL(STREAM_WRITE, 1), .length = 1};

    start_require(ask(STDIN, &message) == STREAM_REFUSED, "stdin is written");
    message = (struct mnos_message){.label = STREAM_LABEL(STREAM_READ, 1)};
    start_require(ask(STDOUT, &message) == STREAM_REFUSED, "stdout is read");
    message =
        (struct mnos_message){.label = STREAM_LABEL(CONSOLE_EXIT, 0), .length = 1};
    start_require(ask(STDOUT, &message) == STREAM_REFUSED, "stdout ends the link");
    message =
        (struct mnos_message){.label = STREAM_LABEL(STREAM_WRITE, 65), .length = 8};
    start_require(ask(STDOUT, &message) == STREAM_INVALID, "more bytes than there are");
}

static uint64_t wall_seconds(void)
{
    struct mnos_message message = {.label = CLOCK_WALL};

    start_call(CLOCK, &message);
    start_require(message.label == CLOCK_OK, "clock");
    return (message.words[0] + mnos_clock_ns()) / 1000000000;
}

static uint64_t random_word(void)
{
    struct mnos_message message = {.label = RANDOM_LABEL(RANDOM_FILL, 8)};

    start_call(RANDOM, &message);
    start_require(RANDOM_LABEL_CODE(message.label) == RANDOM_OK, "random");
    return message.words[0];
}

/** The console service with what it needs of the other two ways. */
static void start_console(bool serial)
{
    static struct started port;
    static struct started console;

    start_create(&console, CONSOLE);
    if (serial) {
        start_give(&console, INIT_SLOT_INPUT, CONSOLE_SERVICE_SLOT_TYPED,
                   MN_RIGHT_READ);
    } else {
        start_driver(&port, PORT, "virtio_console", PCI_DEVICE_VIRTIO_CONSOLE);
        start_give(&console, PORT, CONSOLE_SERVICE_SLOT_PORT, MN_RIGHT_WRITE);
    }
    start_run(&console, "console");
}

static void start_services(void)
{
    static struct started rng;
    static struct started random;
    static struct started clock;

    start_driver(&rng, RNG, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    start_create(&random, RANDOM);
    start_give(&random, RNG, RANDOM_SLOT_SOURCE, MN_RIGHT_WRITE);
    start_run(&random, "random");
    start_create(&clock, CLOCK);
    start_give(&clock, MN_INIT_SLOT_RTC, CLOCK_SLOT_RTC, MN_RIGHTS_SAME);
    start_run(&clock, "clock");
}

MN_PRINTF(2, 0)
static void say(uint64_t slot, const char *format, uint64_t a, uint64_t b)
{
    char line[128];

    write(slot, line,
          format_buffer(line, sizeof(line), format, (unsigned long long)a,
                        (unsigned long long)b));
}

/** Answers each typed line; a read gives one line. */
static void answer_lines(void)
{
    static char reply[7 + STREAM_MESSAGE_BYTES] = "typed: ";
    struct mnos_message message;

    say(STDOUT, "type\n", 0, 0);
    for (;;) {
        message = (struct mnos_message){
            .label = STREAM_LABEL(STREAM_READ, STREAM_MESSAGE_BYTES)};
        if (ask(STDIN, &message) == STREAM_END) {
            break;
        }
        memcpy(reply + 7, message.words, STREAM_BYTES(message.label));
        write(STDOUT, reply, 7 + STREAM_BYTES(message.label));
    }
    say(STDOUT, "end of file\n", 0, 0);
    message = (struct mnos_message){.label = STREAM_LABEL(CONSOLE_TAKE_SIGNAL, 0)};
    start_require(ask(CONTROL, &message) == STREAM_OK, "signal");
    say(STDOUT, "signal %llu\n", message.words[0], 0);
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;
    static struct started bus;
    struct mnos_message message = {.label = STREAM_LABEL(CONSOLE_TAKE_SIGNAL, 0)};
    bool serial = command_line_has(boot_info->command_line, "serial");

    start_system(&init, boot_info);
    start_require(sys_create_notification(MN_INIT_SLOT_MEMORY, EVENTS) == MN_OK,
                  "events");
    start_bus(&bus);
    start_console(serial);
    open_stream(STDIN, CONSOLE_STDIN);
    open_stream(STDOUT, CONSOLE_STDOUT);
    open_stream(CONTROL, CONSOLE_CONTROL);
    if (serial) {
        answer_lines();
        start_end(&init);
    }
    start_services();
    open_stream(STDERR, CONSOLE_STDERR);
    open_stream(LOG, CONSOLE_LOG);
    refuse();
    say(STDERR, "copied %llu bytes\n", copy(), 0);
    say(LOG, "wall %llu random %016llx\n", wall_seconds(), random_word());
    start_require(ask(CONTROL, &message) == STREAM_OK, "signal");
    say(STDERR, "signal %llu\n", message.words[0], 0);
    message = (struct mnos_message){
        .label = STREAM_LABEL(CONSOLE_EXIT, 0), .words = {7}, .length = 1};
    start_require(ask(CONTROL, &message) == STREAM_OK, "exit");
    start_end(&init);
    return 1;
}
