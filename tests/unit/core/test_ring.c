/**
 * test_ring.c - core/ring against a plain queue, at every wrap, and with a hostile peer.
 */
#include "core/ring.h"
#include "unit.h"

enum { CAPACITY = 8 };

struct pair {
    struct ring_positions shared;
    uint8_t *bytes;
    struct ring writer;
    struct ring reader;
};

static void open_pair(struct pair *pair, uint32_t capacity)
{
    memset(pair, 0, sizeof(*pair));
    pair->bytes = malloc(capacity);
    assert_non_null(pair->bytes);
    ring_init(&pair->writer, &pair->shared, pair->bytes, capacity);
    ring_init(&pair->reader, &pair->shared, pair->bytes, capacity);
}

/** Lets the positions start at @p position, as after that many bytes. */
static void start_at(struct pair *pair, uint32_t position)
{
    pair->shared.written = position;
    pair->shared.read = position;
    pair->writer.position = position;
    pair->reader.position = position;
}

static void write_then_read(void **state)
{
    struct pair pair;
    char text[CAPACITY + 1] = "";
    size_t size;

    (void)state;
    open_pair(&pair, CAPACITY);
    assert_int_equal(ring_read(&pair.reader, text, CAPACITY, &size), RING_OK);
    assert_int_equal(size, 0);
    assert_int_equal(ring_write(&pair.writer, "abcdefghij", 10, &size), RING_OK);
    assert_int_equal(size, CAPACITY);
    assert_int_equal(ring_write(&pair.writer, "k", 1, &size), RING_OK);
    assert_int_equal(size, 0);
    assert_int_equal(ring_read(&pair.reader, text, 3, &size), RING_OK);
    assert_int_equal(size, 3);
    assert_memory_equal(text, "abc", 3);
    assert_int_equal(ring_read(&pair.reader, text, CAPACITY, &size), RING_OK);
    assert_int_equal(size, CAPACITY - 3);
    assert_memory_equal(text, "defgh", 5);
    free(pair.bytes);
}

/** Random writes and reads beside the numbers that should come out: byte n is f(n). */
static void stream(uint32_t capacity, uint32_t start)
{
    struct pair pair;
    uint64_t seed = 88172645463325252ull;
    size_t written = 0;
    size_t read = 0;

    open_pair(&pair, capacity);
    start_at(&pair, start);
    for (unsigned round = 0; round < 20000; round++) {
        uint8_t chunk[40];
        size_t wanted = unit_random(&seed) % sizeof(chunk);
        size_t size;

        if ((unit_random(&seed) & 1) != 0) {
            for (size_t i = 0; i < wanted; i++) {
                chunk[i] = (uint8_t)((written + i) * 167);
            }
            assert_int_equal(ring_write(&pair.writer, chunk, wanted, &size), RING_OK);
            written += size;
            assert_true(size == wanted || written - read == capacity);
        } else {
            assert_int_equal(ring_read(&pair.reader, chunk, wanted, &size), RING_OK);
            for (size_t i = 0; i < size; i++) {
                assert_int_equal(chunk[i], (uint8_t)((read + i) * 167));
            }
            read += size;
            assert_true(size == wanted || written == read);
        }
    }
    assert_true(read > 1000);
    free(pair.bytes);
}

static void streams_at_every_size(void **state)
{
    (void)state;
    for (uint32_t capacity = 1; capacity <= 128; capacity *= 2) {
        stream(capacity, 0);
        stream(capacity, UINT32_MAX - 1000); /* over the end of the positions */
    }
}

static void impossible_positions_are_refused(void **state)
{
    struct pair pair;
    uint8_t byte = 0;
    size_t size = 77;

    (void)state;
    for (uint64_t far = CAPACITY + 1; far < 1ull << 32; far = far * 3 + 1) {
        open_pair(&pair, CAPACITY);
        pair.shared.written = (uint32_t)far;
        pair.shared.read = (uint32_t)-far;
        assert_int_equal(ring_read(&pair.reader, &byte, 1, &size), RING_BROKEN);
        assert_int_equal(ring_write(&pair.writer, &byte, 1, &size), RING_BROKEN);
        assert_int_equal(size, 77);
        free(pair.bytes);
    }
    open_pair(&pair, CAPACITY);
    pair.shared.read = 1; /* read what was never written */
    assert_int_equal(ring_write(&pair.writer, &byte, 1, &size), RING_BROKEN);
    free(pair.bytes);
}

/** Whatever the peer publishes, a side touches its own memory only and says so. */
static void a_hostile_peer_does_no_harm(void **state)
{
    struct pair pair;
    uint64_t seed = 0xB5297A4D3F84D5B5;
    unsigned broken = 0;

    (void)state;
    open_pair(&pair, CAPACITY);
    for (unsigned round = 0; round < 100000; round++) {
        uint8_t chunk[CAPACITY * 2];
        size_t size = 0;

        pair.shared.written = (uint32_t)unit_random(&seed) % 40 + pair.reader.position;
        pair.shared.read = pair.writer.position - (uint32_t)unit_random(&seed) % 40;
        memset(chunk, 0, sizeof(chunk));
        broken +=
            ring_read(&pair.reader, chunk, sizeof(chunk), &size) == RING_BROKEN ? 1 : 0;
        assert_true(size <= CAPACITY);
        broken += ring_write(&pair.writer, chunk, sizeof(chunk), &size) == RING_BROKEN
                      ? 1
                      : 0;
        assert_true(size <= CAPACITY);
    }
    assert_true(broken > 1000);
    free(pair.bytes);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(write_then_read),
        cmocka_unit_test(streams_at_every_size),
        cmocka_unit_test(impossible_positions_are_refused),
        cmocka_unit_test(a_hostile_peer_does_no_harm),
    };

    return cmocka_run_group_tests_name("ring", tests, NULL, NULL);
}
