/**
 * test_link.c - core/link: both ends against each other, and each rule broken once.
 */
#include "core/bytes.h"
#include "core/link.h"
#include "unit.h"

enum { WIRE_BYTES = 65536 };

/** A wire in one direction, and its two ends. */
struct wire {
    uint8_t bytes[WIRE_BYTES];
    size_t size;
};

static void add(struct wire *wire, const uint8_t *bytes, size_t size)
{
    assert_true(size > 0 && wire->size + size <= WIRE_BYTES);
    memcpy(wire->bytes + wire->size, bytes, size);
    wire->size += size;
}

/** Takes the next event out of the front of a wire. */
static enum link_status next(struct link *link, struct wire *wire,
                             struct link_event *event)
{
    static uint8_t data[WIRE_BYTES];
    size_t used = 0;
    uint8_t *copy = unit_exact_copy(wire->bytes, wire->size);
    enum link_status status = link_receive(link, copy, wire->size, &used, event);

    assert_true(used <= wire->size);
    if (status == LINK_EVENT && event->type == LINK_DATA) {
        assert_true(event->bytes >= copy && event->bytes + event->size <= copy + used);
        memcpy(data, event->bytes, event->size);
        event->bytes = data;
    }
    free(copy);
    memmove(wire->bytes, wire->bytes + used, wire->size - used);
    wire->size -= used;
    return status;
}

/** An end that has got the other's hello. */
static struct link greeted(enum link_side side)
{
    struct link link;
    struct wire wire = {.size = 0};
    struct link_event event;
    uint8_t out[LINK_CONTROL_BYTES];

    link_init(&link, side);
    add(&wire, out, link_put_hello(out));
    assert_int_equal(next(&link, &wire, &event), LINK_EVENT);
    assert_int_equal(event.type, LINK_HELLO);
    return link;
}

/** What an end says to one packet. */
static enum link_status says(struct link *link, uint8_t type, uint8_t stream,
                             uint16_t size, const void *payload)
{
    struct wire wire = {.size = 0};
    struct link_event event;
    uint8_t header[] = {type, stream, (uint8_t)size, (uint8_t)(size >> 8)};

    add(&wire, header, sizeof(header));
    if (size > 0) {
        add(&wire, payload, size);
    }
    return next(link, &wire, &event);
}

static enum link_status says_word(struct link *link, uint8_t type, uint8_t stream,
                                  uint32_t value)
{
    uint8_t payload[] = {(uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16),
                         (uint8_t)(value >> 24)};

    return says(link, type, stream, 4, payload);
}

static void greeting(void **state)
{
    struct link host;
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    assert_int_equal(link_put_hello(out), LINK_CONTROL_BYTES);
    assert_memory_equal(out, "\x01\x00\x08\x00MNLK\x01\x00\x00\x00",
                        LINK_CONTROL_BYTES);
    link_init(&host, LINK_HOST);
    assert_int_equal(says(&host, LINK_HELLO, 0, 8, "MNLK\x01\x00\x00\x00"), LINK_EVENT);
    assert_int_equal(says(&host, LINK_HELLO, 0, 8, "MNLK\x01\x00\x00\x00"),
                     LINK_BROKEN);
    link_init(&host, LINK_HOST);
    assert_int_equal(says(&host, LINK_HELLO, 0, 8, "MNLK\x02\x00\x00\x00"),
                     LINK_BROKEN);
    link_init(&host, LINK_HOST);
    assert_int_equal(says(&host, LINK_HELLO, 0, 8, "MNLX\x01\x00\x00\x00"),
                     LINK_BROKEN);
    link_init(&host, LINK_HOST);
    assert_int_equal(says_word(&host, LINK_EXIT, 0, 0), LINK_BROKEN);
}

static void data_within_credit(void **state)
{
    struct link guest = greeted(LINK_GUEST);
    struct link host = greeted(LINK_HOST);
    struct wire wire = {.size = 0};
    struct link_event event;
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    assert_int_equal(link_sendable(&guest, LINK_STDOUT), 0);
    assert_int_equal(link_put_data_header(&guest, LINK_STDOUT, 1, out), 0);
    add(&wire, out, link_put_credit(&host, LINK_STDOUT, 10, out));
    assert_int_equal(next(&guest, &wire, &event), LINK_EVENT);
    assert_int_equal(event.type, LINK_CREDIT);
    assert_int_equal(event.value, 10);
    assert_int_equal(link_sendable(&guest, LINK_STDOUT), 10);
    assert_int_equal(link_sendable(&guest, LINK_STDERR), 0);
    assert_int_equal(link_put_data_header(&guest, LINK_STDOUT, 11, out), 0);
    add(&wire, out, link_put_data_header(&guest, LINK_STDOUT, 6, out));
    add(&wire,
        (const uint8_t *)"\x00\xff"
                         "abcd",
        6);
    assert_int_equal(link_sendable(&guest, LINK_STDOUT), 4);
    assert_int_equal(next(&host, &wire, &event), LINK_EVENT);
    assert_int_equal(event.type, LINK_DATA);
    assert_int_equal(event.stream, LINK_STDOUT);
    assert_int_equal(event.size, 6);
    assert_memory_equal(event.bytes,
                        "\x00\xff"
                        "abcd",
                        6);
    assert_int_equal(next(&host, &wire, &event), LINK_MORE);
    assert_int_equal(says(&host, LINK_DATA, LINK_STDOUT, 5, "12345"), LINK_BROKEN);
    assert_true(link_is_over(&host));
    assert_int_equal(next(&host, &wire, &event), LINK_BROKEN);
}

/** A packet may come in any pieces: data is handed out as it comes. */
static void byte_by_byte(void **state)
{
    struct link host = greeted(LINK_HOST);
    struct link_event event;
    uint8_t out[LINK_CONTROL_BYTES];
    const uint8_t stream[] = {LINK_DATA, LINK_STDERR, 3, 0, 'x', 'y', 'z', LINK_EXIT,
                              0,         4,           0, 7, 0,   0,   0};
    char text[4] = "";
    size_t length = 0;

    (void)state;
    assert_int_not_equal(link_put_credit(&host, LINK_STDERR, 3, out), 0);
    for (size_t i = 0; i < sizeof(stream); i++) {
        size_t used;
        enum link_status status = link_receive(&host, &stream[i], 1, &used, &event);

        assert_int_equal(used, 1);
        if (i >= 4 && i < 7) {
            assert_int_equal(status, LINK_EVENT);
            assert_int_equal(event.size, 1);
            text[length++] = (char)*event.bytes;
        } else if (i + 1 < sizeof(stream)) {
            assert_int_equal(status, LINK_MORE);
        }
    }
    assert_string_equal(text, "xyz");
    assert_int_equal(event.type, LINK_EXIT);
    assert_int_equal(event.value, 7);
    assert_true(link_is_over(&host));
    assert_int_equal(says(&host, LINK_END, LINK_STDOUT, 0, NULL), LINK_BROKEN);
}

static void ends(void **state)
{
    struct link host = greeted(LINK_HOST);
    struct link guest = greeted(LINK_GUEST);
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    assert_int_equal(says_word(&host, LINK_CREDIT, LINK_STDIN, 5), LINK_EVENT);
    assert_int_equal(link_sendable(&host, LINK_STDIN), 5);
    assert_int_equal(link_put_end(&host, LINK_STDIN, out), LINK_HEADER_BYTES);
    assert_memory_equal(out, "\x03\x00\x00\x00", LINK_HEADER_BYTES);
    assert_int_equal(link_put_end(&host, LINK_STDIN, out), 0);
    assert_int_equal(link_put_end(&host, LINK_STDOUT, out), 0);
    assert_int_equal(link_sendable(&host, LINK_STDIN), 0);
    assert_int_not_equal(link_put_credit(&guest, LINK_STDIN, 9, out), 0);
    assert_int_equal(says(&guest, LINK_END, LINK_STDIN, 0, NULL), LINK_EVENT);
    assert_int_equal(link_put_credit(&guest, LINK_STDIN, 1, out), 0);
    assert_int_equal(says(&guest, LINK_DATA, LINK_STDIN, 1, "x"), LINK_BROKEN);
    guest = greeted(LINK_GUEST);
    assert_int_equal(says(&guest, LINK_END, LINK_STDIN, 0, NULL), LINK_EVENT);
    assert_int_equal(says(&guest, LINK_END, LINK_STDIN, 0, NULL), LINK_BROKEN);
}

static void credit_has_a_limit(void **state)
{
    struct link host = greeted(LINK_HOST);
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    assert_int_equal(link_put_credit(&host, LINK_STDOUT, 0, out), 0);
    assert_int_equal(link_put_credit(&host, LINK_STDIN, 1, out), 0);
    assert_int_equal(link_put_credit(&host, LINK_STDOUT, LINK_CREDIT_MAX + 1, out), 0);
    assert_int_equal(link_put_credit(&host, LINK_STDOUT, LINK_CREDIT_MAX, out), 8);
    assert_int_equal(link_put_credit(&host, LINK_STDOUT, 1, out), 0);
    assert_int_equal(says_word(&host, LINK_CREDIT, LINK_STDIN, LINK_CREDIT_MAX),
                     LINK_EVENT);
    assert_int_equal(link_sendable(&host, LINK_STDIN), LINK_DATA_MAX);
    assert_int_equal(says_word(&host, LINK_CREDIT, LINK_STDIN, 1), LINK_BROKEN);
    assert_int_equal(link_sendable(&host, LINK_STDIN), 0);
}

static void signals_and_exit(void **state)
{
    struct link guest = greeted(LINK_GUEST);
    struct link host = greeted(LINK_HOST);
    struct wire wire = {.size = 0};
    struct link_event event;
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    add(&wire, out, link_put_signal(LINK_INTERRUPT, out));
    assert_int_equal(next(&guest, &wire, &event), LINK_EVENT);
    assert_int_equal(event.type, LINK_SIGNAL);
    assert_int_equal(event.value, LINK_INTERRUPT);
    assert_int_equal(link_put_exit(&host, 1, out), 0);
    assert_int_equal(link_put_exit(&guest, 256, out), 0);
    add(&wire, out, link_put_exit(&guest, 255, out));
    assert_int_equal(link_put_exit(&guest, 0, out), 0);
    assert_true(link_is_over(&guest));
    assert_int_equal(next(&host, &wire, &event), LINK_EVENT);
    assert_int_equal(event.value, 255);
}

/** Each of these packets ends the link. */
static void broken_packets(void **state)
{
    static const struct {
        enum link_side to;
        uint8_t type, stream;
        uint16_t size;
    } cases[] = {
        {LINK_HOST, 0, 0, 0},
        {LINK_HOST, 7, 0, 4},
        {LINK_HOST, LINK_DATA, LINK_STDIN, 1},   /* the wrong way */
        {LINK_HOST, LINK_DATA, LINK_STREAMS, 1}, /* no such stream */
        {LINK_HOST, LINK_DATA, LINK_STDOUT, 0},
        {LINK_HOST, LINK_DATA, LINK_STDOUT, LINK_DATA_MAX + 1},
        {LINK_HOST, LINK_END, LINK_STDIN, 0},
        {LINK_HOST, LINK_END, LINK_STDOUT, 1},
        {LINK_HOST, LINK_END, 0xff, 0},
        {LINK_HOST, LINK_CREDIT, LINK_STDOUT, 4},
        {LINK_HOST, LINK_CREDIT, LINK_STDIN, 3},
        {LINK_HOST, LINK_CREDIT, 0xff, 4},
        {LINK_HOST, LINK_SIGNAL, 0, 4},
        {LINK_HOST, LINK_EXIT, 1, 4},
        {LINK_GUEST, LINK_EXIT, 0, 4},
        {LINK_GUEST, LINK_DATA, LINK_STDOUT, 1},
        {LINK_GUEST, LINK_SIGNAL, 0, 4}, /* of number 0 */
        {LINK_GUEST, LINK_SIGNAL, 1, 4},
        {LINK_GUEST, LINK_CREDIT, LINK_STDOUT, 4}, /* of nothing */
    };
    static const uint8_t zeros[LINK_DATA_MAX + 1];
    uint8_t out[LINK_CONTROL_BYTES];

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct link link = greeted(cases[i].to);

        for (enum link_stream s = 0; s < LINK_STREAMS; s++) {
            (void)link_put_credit(&link, s, LINK_CREDIT_MAX, out);
        }
        assert_int_equal(
            says(&link, cases[i].type, cases[i].stream, cases[i].size, zeros),
            LINK_BROKEN);
    }
    struct link host = greeted(LINK_HOST);
    assert_int_equal(says_word(&host, LINK_EXIT, 0, 256), LINK_BROKEN);
}

/** A long stream through a small window, cut at random: every byte arrives, in order, and
 *  never more is on the way than was granted. */
static void stream_through_window(void **state)
{
    enum { WINDOW = 300, TOTAL = 100000 };
    struct link guest = greeted(LINK_GUEST);
    struct link host = greeted(LINK_HOST);
    struct wire to_host = {.size = 0};
    struct wire to_guest = {.size = 0};
    uint8_t out[LINK_CONTROL_BYTES];
    uint64_t seed = 88172645463325252ull;
    uint32_t sent = 0;
    uint32_t got = 0;

    (void)state;
    add(&to_guest, out, link_put_credit(&host, LINK_STDOUT, WINDOW, out));
    while (got < TOTAL) {
        struct link_event event;
        uint32_t size = link_sendable(&guest, LINK_STDOUT);

        while (next(&guest, &to_guest, &event) == LINK_EVENT) {
            assert_int_equal(event.type, LINK_CREDIT);
        }
        if (size > 0) {
            size = 1 + (uint32_t)(unit_random(&seed) % size);
            add(&to_host, out, link_put_data_header(&guest, LINK_STDOUT, size, out));
            for (uint32_t i = 0; i < size; i++, sent++) {
                add(&to_host, &(uint8_t){(uint8_t)(sent * 167 >> 3)}, 1);
            }
        }
        assert_true(sent - got <= WINDOW);
        if (next(&host, &to_host, &event) == LINK_EVENT) {
            for (uint32_t i = 0; i < event.size; i++, got++) {
                assert_int_equal(event.bytes[i], (uint8_t)(got * 167 >> 3));
            }
            add(&to_guest, out, link_put_credit(&host, LINK_STDOUT, event.size, out));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(greeting),           cmocka_unit_test(data_within_credit),
        cmocka_unit_test(byte_by_byte),       cmocka_unit_test(ends),
        cmocka_unit_test(credit_has_a_limit), cmocka_unit_test(signals_and_exit),
        cmocka_unit_test(broken_packets),     cmocka_unit_test(stream_through_window),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
