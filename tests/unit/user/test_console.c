/**
 * test_console.c - the console's client against its server, the kernel between them faked.
 *
 * sys_send() here is a rendezvous by the book: it hands the message over and returns; the
 * server handles it only when the next one comes, or at the end. So a client that
 * reuses its shared buffer too early shows as wrong bytes.
 */
#include "drivers/serial_drv/requests.h"
#include "drivers/serial_drv/serial.h"
#include "mnos/console.h"
#include "mnos/console_message.h"
#include "mnos/io.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "protocols/console.h"
#include "unit.h"
#include <sys/mman.h>

enum { BURST = 1 << 20, MAIN = 1, OTHER = 2, BUFFER = 65536 };

/** The device: all that has been written to it, and how often it was drained. */
static uint8_t written[2 * BURST];
static size_t written_size;
static unsigned drained;

static struct console_startup startup;
static struct mn_message in_flight;
static bool is_in_flight;

/** Messages that wait to be received on the input endpoint. */
static struct mn_message typed[32];
static size_t typed_count;
static size_t typed_next;

static void deliver(void)
{
    if (is_in_flight) {
        is_in_flight = false;
        requests_handle(&startup, &in_flight);
    }
}

mn_status sys_send(uint64_t slot, uint64_t label, uint64_t data0, uint64_t data1)
{
    deliver();
    in_flight = (struct mn_message){label, data0, data1, slot};
    is_in_flight = true;
    return MN_OK;
}

mn_status sys_recv(uint64_t slot, struct mn_message *out_message)
{
    (void)slot;
    if (typed_next == typed_count) {
        return MN_ERROR_GONE;
    }
    *out_message = typed[typed_next++];
    return MN_OK;
}

mn_status sys_port_out(uint64_t slot, uint16_t port, uint8_t value)
{
    (void)slot;
    assert_int_equal(port, UART16550_COM1);
    written[written_size++] = value;
    return MN_OK;
}

mn_status sys_port_in(uint64_t slot, uint16_t port, uint8_t *out_value)
{
    static unsigned reads;

    (void)slot;
    assert_int_equal(port, UART16550_COM1 + UART16550_LSR);
    *out_value =
        reads++ % 3 == 0 ? 0 : UART16550_LSR_THR_EMPTY | UART16550_LSR_ALL_EMPTY;
    return MN_OK;
}

void sys_yield(void)
{
}

void serial_write(const uint8_t *bytes, size_t size)
{
    assert_true(written_size + size <= sizeof(written));
    memcpy(written + written_size, bytes, size);
    written_size += size;
}

void serial_drain(void)
{
    drained++;
}

static int reset(void **state)
{
    (void)state;
    written_size = 0;
    drained = 0;
    is_in_flight = false;
    typed_count = 0;
    typed_next = 0;
    memset(&startup, 0, sizeof(startup));
    return 0;
}

static struct mnos_console client(uint64_t badge)
{
    return (struct mnos_console){
        .way = MNOS_CONSOLE_DRIVER, .requests = badge, .input = 9};
}

static void expect_written(const void *bytes, size_t size)
{
    deliver();
    assert_int_equal(written_size, size);
    assert_memory_equal(written, bytes, size);
}

static uint8_t *pattern(size_t size)
{
    uint8_t *bytes = malloc(size);
    uint64_t seed = 4711;

    assert_non_null(bytes);
    for (size_t i = 0; i < size; i++) {
        bytes[i] = (uint8_t)unit_random(&seed);
    }
    return bytes;
}

static void messages_carry_each_length(void **state)
{
    uint8_t out[16];

    (void)state;
    for (size_t size = 0; size <= 16; size++) {
        uint8_t *bytes = pattern(size + 1);
        struct mn_message message =
            console_message_pack(CONSOLE_WRITE, bytes, size, size % 2 == 0);

        assert_int_equal(console_message_opcode(&message), CONSOLE_WRITE);
        assert_int_equal(console_message_ends(&message), size % 2 == 0);
        assert_int_equal(console_message_unpack(&message, out), size);
        assert_memory_equal(out, bytes, size);
        free(bytes);
    }
    struct mn_message hostile = {.label = UINT64_MAX, .data0 = 1, .data1 = 2};
    assert_int_equal(console_message_unpack(&hostile, out), 16);
}

static void all_lengths_arrive(void **state)
{
    struct mnos_console console = client(MAIN);

    (void)state;
    for (size_t size = 0; size < 600; size++) {
        uint8_t *bytes = pattern(size + 1);

        reset(NULL);
        assert_int_equal(mnos_console_write(&console, bytes, size), MN_OK);
        expect_written(bytes, size);
        free(bytes);
    }
}

static void formatted_text_arrives(void **state)
{
    struct mnos_console console = client(MAIN);

    (void)state;
    mnos_console_set_default(&console);
    mnos_printf("%s has %d of %u, 0x%llx\n", "a long enough name", -5, 7u, 255ull);
    mnos_print("exactly sixteen.");
    const char *text = "a long enough name has -5 of 7, 0xff\nexactly sixteen.";
    expect_written(text, strlen(text));
    mnos_console_set_default(NULL);
    mnos_print("nowhere");
    expect_written(text, strlen(text));
}

/** Two clients, their messages interleaved: each piece comes out whole. */
static void pieces_do_not_mix(void **state)
{
    struct mn_message first = console_message_pack(CONSOLE_WRITE, "aaaa", 4, false);
    struct mn_message second = console_message_pack(CONSOLE_WRITE, "bbb\n", 4, false);
    struct mn_message last = console_message_pack(CONSOLE_WRITE, "\n", 1, true);

    (void)state;
    (void)sys_send(MAIN, first.label, first.data0, first.data1);
    (void)sys_send(OTHER, second.label, second.data0, second.data1);
    (void)sys_send(MAIN, last.label, last.data0, last.data1);
    (void)sys_send(OTHER, last.label, last.data0, last.data1);
    expect_written("aaaa\nbbb\n\n", 10);
}

static void burst(uint64_t badge, uint32_t buffer_bytes)
{
    struct mnos_console console = client(badge);
    uint8_t *bytes = pattern(BURST);

    startup.buffer_bytes[badge] = buffer_bytes;
    console.buffer = (uint8_t *)CONSOLE_BUFFER_ADDRESS(badge);
    console.buffer_bytes = buffer_bytes;
    if (buffer_bytes == 0) {
        console.buffer = NULL;
    }
    assert_int_equal(mnos_console_write(&console, bytes, BURST - 1), MN_OK);
    assert_int_equal(mnos_console_write(&console, bytes + BURST - 1, 1), MN_OK);
    expect_written(bytes, BURST);
    free(bytes);
}

static void a_burst_of_1_mib_loses_nothing(void **state)
{
    (void)state;
    burst(OTHER, 0);
    reset(NULL);
    burst(MAIN, BUFFER);
}

static void a_hostile_client_reaches_nothing(void **state)
{
    static const uint64_t ranges[][2] = {{BUFFER, 1},
                                         {0, BUFFER + 1},
                                         {UINT64_MAX, 2},
                                         {1, UINT64_MAX},
                                         {UINT64_MAX, UINT64_MAX}};

    (void)state;
    startup.buffer_bytes[MAIN] = BUFFER;
    for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
        (void)sys_send(MAIN, CONSOLE_WRITE_SHARED, ranges[i][0], ranges[i][1]);
        (void)sys_send(OTHER, CONSOLE_WRITE_SHARED, 0, 1);
    }
    (void)sys_send(0, CONSOLE_WRITE | 0x100 | CONSOLE_END, 'x', 0);
    (void)sys_send(CONSOLE_CLIENTS, CONSOLE_WRITE | 0x100 | CONSOLE_END, 'x', 0);
    (void)sys_send(UINT64_MAX, CONSOLE_WRITE | 0x100 | CONSOLE_END, 'x', 0);
    (void)sys_send(MAIN, 0xff, 0, 0);
    expect_written("", 0);
}

static void drain_returns_when_it_was_handled(void **state)
{
    struct mnos_console console = client(MAIN);

    (void)state;
    assert_int_equal(mnos_console_write(&console, "x", 1), MN_OK);
    assert_int_equal(mnos_console_drain(&console), MN_OK);
    assert_int_equal(drained, 1);
    assert_int_equal(written_size, 1);
}

static void polled_output_waits_for_room(void **state)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_POLLED,
                                   .uart = {.slot = 2, .base = UART16550_COM1}};

    (void)state;
    assert_int_equal(mnos_console_printf(&console, "n = %d\n", 3), MN_OK);
    assert_int_equal(mnos_console_drain(&console), MN_OK);
    expect_written("n = 3\n", 6);
}

static void type_line(const char *line)
{
    size_t size = strlen(line);

    do {
        size_t part = size < 16 ? size : 16;
        typed[typed_count++] =
            console_message_pack(CONSOLE_LINE, line, part, part == size);
        line += part;
        size -= part;
    } while (size > 0);
}

static void lines_are_read(void **state)
{
    struct mnos_console console = client(MAIN);
    char line[40];

    (void)state;
    type_line("hello");
    type_line("");
    type_line("a line that takes three messages to come");
    type_line("after it");
    assert_int_equal(mnos_console_read_line(&console, line, sizeof(line)), MN_OK);
    assert_string_equal(line, "hello");
    assert_int_equal(mnos_console_read_line(&console, line, sizeof(line)), MN_OK);
    assert_string_equal(line, "");
    assert_int_equal(mnos_console_read_line(&console, line, 20), MN_OK);
    assert_string_equal(line, "a line that takes t");
    assert_int_equal(mnos_console_read_line(&console, line, 1), MN_OK);
    assert_string_equal(line, "");
    assert_int_equal(mnos_console_read_line(&console, line, 1), MN_ERROR_GONE);
    console.input = 0;
    assert_int_equal(mnos_console_read_line(&console, line, 1), MN_ERROR_INVALID_SLOT);
}

/** The pages where the driver would see its clients' buffers. */
static int map_buffers(void **state)
{
    void *wanted = (void *)CONSOLE_BUFFERS_BASE;
    void *got =
        mmap(wanted, CONSOLE_CLIENTS * CONSOLE_BUFFER_STRIDE, PROT_READ | PROT_WRITE,
             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);

    (void)state;
    return got == wanted ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(messages_carry_each_length, reset),
        cmocka_unit_test_setup(all_lengths_arrive, reset),
        cmocka_unit_test_setup(formatted_text_arrives, reset),
        cmocka_unit_test_setup(pieces_do_not_mix, reset),
        cmocka_unit_test_setup(a_burst_of_1_mib_loses_nothing, reset),
        cmocka_unit_test_setup(a_hostile_client_reaches_nothing, reset),
        cmocka_unit_test_setup(drain_returns_when_it_was_handled, reset),
        cmocka_unit_test_setup(polled_output_waits_for_room, reset),
        cmocka_unit_test_setup(lines_are_read, reset),
    };
    return cmocka_run_group_tests(tests, map_buffers, NULL);
}
