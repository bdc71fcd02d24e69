/**
 * test_link_guest.c - the guest's end of the link against a host's end of the test's own.
 */
#include "services/console/link_guest.h"
#include "unit.h"

enum { WIRE_BYTES = 65536, TOTAL = 200000 };

static struct link_guest guest;
static struct link host;

/** What came to the host, by stream. */
static struct {
    uint8_t *bytes;
    size_t size;
    bool ended;
} came[LINK_STREAMS];
static int exit_status;

static uint8_t byte_of(enum link_stream stream, size_t position)
{
    return (uint8_t)(position * 167 + (position >> 8) * 13 + stream);
}

static void to_guest(const uint8_t *bytes, size_t size)
{
    assert_true(size > 0);
    uint8_t *copy = unit_exact_copy(bytes, size);
    assert_true(link_guest_receive(&guest, copy, size));
    free(copy);
}

/** Moves at most @p size bytes of what the guest has to send. */
static size_t to_host(size_t size)
{
    static uint8_t bytes[WIRE_BYTES];
    size_t sent = link_guest_send(&guest, bytes, size);
    size_t at = 0;

    link_guest_sent(&guest, sent);
    for (;;) {
        struct link_event event;
        size_t used;
        enum link_status status =
            link_receive(&host, bytes + at, sent - at, &used, &event);

        at += used;
        assert_int_not_equal(status, LINK_BROKEN);
        if (status == LINK_MORE) {
            return sent;
        }
        if (event.type == LINK_DATA) {
            memcpy(came[event.stream].bytes + came[event.stream].size, event.bytes,
                   event.size);
            came[event.stream].size += event.size;
        } else if (event.type == LINK_END) {
            came[event.stream].ended = true;
        } else if (event.type == LINK_EXIT) {
            exit_status = (int)event.value;
        }
    }
}

static void grant(enum link_stream stream, uint32_t bytes)
{
    uint8_t packet[LINK_CONTROL_BYTES];

    to_guest(packet, link_put_credit(&host, stream, bytes, packet));
}

static int set_up(void **state)
{
    uint8_t packet[LINK_CONTROL_BYTES];

    (void)state;
    for (unsigned i = 0; i < LINK_STREAMS; i++) {
        came[i].bytes = malloc(TOTAL);
        came[i].size = 0;
        came[i].ended = false;
    }
    exit_status = -1;
    link_guest_init(&guest);
    link_init(&host, LINK_HOST);
    to_host(WIRE_BYTES);
    to_guest(packet, link_put_hello(packet));
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned i = 0; i < LINK_STREAMS; i++) {
        free(came[i].bytes);
    }
    return 0;
}

static void stdin_and_its_end(void **state)
{
    uint8_t packet[LINK_CONTROL_BYTES];
    char text[8] = "";

    (void)state;
    assert_int_equal(link_sendable(&host, LINK_STDIN), LINK_DATA_MAX);
    assert_false(link_guest_input_ended(&guest));
    to_guest(packet, link_put_data_header(&host, LINK_STDIN, 5, packet));
    to_guest((const uint8_t *)"ab\0\xff\n", 5);
    to_guest(packet, link_put_end(&host, LINK_STDIN, packet));
    assert_int_equal(link_guest_available(&guest), 5);
    assert_false(link_guest_input_ended(&guest));
    assert_int_equal(link_guest_read(&guest, text, 2), 2);
    assert_int_equal(link_guest_read(&guest, text + 2, 6), 3);
    assert_memory_equal(text, "ab\0\xff\n", 5);
    assert_true(link_guest_input_ended(&guest));
    assert_int_equal(link_guest_read(&guest, text, 6), 0);
}

/** Without credit nothing goes; within it everything does. */
static void output_needs_credit(void **state)
{
    (void)state;
    assert_int_equal(link_guest_write(&guest, LINK_STDOUT, "abcde", 5), 0);
    grant(LINK_STDOUT, 3);
    assert_int_equal(link_guest_write(&guest, LINK_STDERR, "abcde", 5), 0);
    assert_int_equal(link_guest_write(&guest, LINK_STDOUT, "abcde", 5), 3);
    assert_int_equal(link_guest_write(&guest, LINK_STDOUT, "de", 2), 0);
    assert_false(link_guest_is_flushed(&guest));
    to_host(WIRE_BYTES);
    assert_true(link_guest_is_flushed(&guest));
    assert_int_equal(came[LINK_STDOUT].size, 3);
    assert_memory_equal(came[LINK_STDOUT].bytes, "abc", 3);
}

static void signals(void **state)
{
    uint8_t packet[LINK_CONTROL_BYTES];

    (void)state;
    assert_int_equal(link_guest_take_signal(&guest), 0);
    for (unsigned i = 0; i < LINK_GUEST_SIGNALS + 3; i++) {
        to_guest(packet,
                 link_put_signal(i == 0 ? LINK_HANGUP : LINK_INTERRUPT, packet));
    }
    assert_int_equal(link_guest_take_signal(&guest), LINK_HANGUP);
    for (unsigned i = 1; i < LINK_GUEST_SIGNALS; i++) {
        assert_int_equal(link_guest_take_signal(&guest), LINK_INTERRUPT);
    }
    assert_int_equal(link_guest_take_signal(&guest), 0);
}

static void broken(void **state)
{
    static const uint8_t nonsense[] = {9, 9, 9, 9};

    (void)state;
    grant(LINK_STDOUT, 100);
    assert_false(link_guest_receive(&guest, nonsense, sizeof(nonsense)));
    assert_true(link_guest_is_over(&guest));
    assert_true(link_guest_input_ended(&guest));
    assert_int_equal(link_guest_write(&guest, LINK_STDOUT, "x", 1), 0);
}

/** The queue is full to its last byte of data, and small reads have used the grants' room:
 *  the last packets still fit. */
static void exit_fits(void **state)
{
    static uint8_t block[LINK_DATA_MAX];
    uint8_t packet[LINK_CONTROL_BYTES];
    uint8_t byte;

    (void)state;
    grant(LINK_STDOUT, LINK_CREDIT_MAX);
    while (link_guest_write(&guest, LINK_STDOUT, block, sizeof(block)) > 0) {
    }
    for (unsigned i = 0; i < 200; i++) {
        if (link_sendable(&host, LINK_STDIN) == 0) {
            break;
        }
        to_guest(packet, link_put_data_header(&host, LINK_STDIN, 1, packet));
        to_guest(block, 1);
        assert_int_equal(link_guest_read(&guest, &byte, 1), 1);
    }
    link_guest_exit(&guest, 7);
    link_guest_exit(&guest, 8);
    while (to_host(100) > 0) {
    }
    assert_int_equal(exit_status, 7);
    assert_true(came[LINK_STDOUT].ended && came[LINK_STDERR].ended &&
                came[LINK_LOG].ended);
    assert_true(link_guest_is_over(&guest));
}

/** All streams at once, in random pieces, through windows that are small. */
static void everything_at_once(void **state)
{
    static uint8_t piece[LINK_DATA_MAX];
    uint8_t packet[LINK_CONTROL_BYTES];
    uint64_t seed = 88172645463325252ull;
    size_t written[LINK_STREAMS] = {0};
    size_t granted[LINK_STREAMS] = {0}; /* again, of what came */
    size_t read = 0;

    (void)state;
    for (enum link_stream s = LINK_STDOUT; s < LINK_STREAMS; s++) {
        grant(s, 1000);
    }
    for (unsigned round = 0; round < 20000 && read < TOTAL - LINK_DATA_MAX; round++) {
        enum link_stream s = (enum link_stream)(LINK_STDOUT + unit_random(&seed) % 3);
        size_t size = unit_random(&seed) % 700;
        uint32_t most = link_sendable(&host, LINK_STDIN);

        if (written[s] + size < TOTAL) {
            for (size_t i = 0; i < size; i++) {
                piece[i] = byte_of(s, written[s] + i);
            }
            written[s] += link_guest_write(&guest, s, piece, size);
        }
        if (most > 0) {
            most = 1 + (uint32_t)(unit_random(&seed) % most);
            to_guest(packet, link_put_data_header(&host, LINK_STDIN, most, packet));
            for (uint32_t i = 0; i < most; i++) {
                piece[i] = byte_of(LINK_STDIN, written[LINK_STDIN] + i);
            }
            to_guest(piece, most);
            written[LINK_STDIN] += most;
        }
        size_t got = link_guest_read(&guest, piece, unit_random(&seed) % 900);
        for (size_t i = 0; i < got; i++) {
            assert_int_equal(piece[i], byte_of(LINK_STDIN, read + i));
        }
        read += got;
        assert_true(written[LINK_STDIN] - read <= LINK_GUEST_INPUT_BYTES);
        to_host(unit_random(&seed) % 2000);
        if (came[s].size > granted[s]) {
            grant(s, (uint32_t)(came[s].size - granted[s]));
            granted[s] = came[s].size;
        }
    }
    while (to_host(WIRE_BYTES) > 0) {
    }
    assert_true(read > 50000);
    for (enum link_stream s = LINK_STDOUT; s < LINK_STREAMS; s++) {
        assert_true(written[s] > 10000);
        assert_int_equal(came[s].size, written[s]);
        for (size_t i = 0; i < written[s]; i++) {
            assert_int_equal(came[s].bytes[i], byte_of(s, i));
        }
    }
}

int main(void)
{
#define LINK_TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        LINK_TEST(stdin_and_its_end), LINK_TEST(output_needs_credit),
        LINK_TEST(signals),           LINK_TEST(broken),
        LINK_TEST(exit_fits),         LINK_TEST(everything_at_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
