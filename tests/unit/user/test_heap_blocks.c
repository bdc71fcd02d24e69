/**
 * test_heap_blocks.c - the allocator behind malloc against a model that remembers bytes.
 *
 * The model keeps what was handed out and what was written there: two blocks that
 * overlap, a header inside of a user's bytes or a lost block show as wrong bytes or as a
 * failed heap_blocks_check().
 */
#include "mnos/heap_blocks.h"
#include "unit.h"

enum { HEAP_BYTES = 256 * 1024, LIVE = 300, ROUNDS = 60000 };

/** One allocation as the model knows it. */
struct live {
    uint8_t *pointer;
    size_t size;
    uint8_t fill;
};

struct fixture {
    struct heap_blocks heap;
    uint8_t *range;
    struct live live[LIVE];
    uint64_t seed;
    uint8_t next_fill;
};

static void open_heap(struct fixture *fixture, size_t size)
{
    memset(fixture, 0, sizeof(*fixture));
    fixture->seed = 0x9e3779b97f4a7c15ull;
    fixture->range = malloc(size);
    assert_non_null(fixture->range);
    memset(fixture->range, 0xa5, size);
    heap_blocks_init(&fixture->heap, fixture->range, size);
}

static struct heap_blocks_figures check(const struct fixture *fixture)
{
    struct heap_blocks_figures figures = {0};

    assert_true(heap_blocks_check(&fixture->heap, &figures));
    return figures;
}

static void verify(const struct live *live)
{
    for (size_t i = 0; i < live->size; i++) {
        assert_int_equal(live->pointer[i], live->fill);
    }
}

static void fill(struct fixture *fixture, struct live *live)
{
    live->fill = ++fixture->next_fill;
    memset(live->pointer, live->fill, live->size);
}

static void random_allocate(struct fixture *fixture, struct live *live)
{
    size_t alignment = (size_t)16 << (unit_random(&fixture->seed) % 8);
    size_t size = unit_random(&fixture->seed) % 8 == 0
                      ? unit_random(&fixture->seed) % 20000
                      : unit_random(&fixture->seed) % 300;

    live->pointer = heap_blocks_allocate(&fixture->heap, size, alignment);
    if (live->pointer != NULL) {
        assert_int_equal((uintptr_t)live->pointer % alignment, 0);
        assert_true(heap_blocks_usable_size(live->pointer) >= size);
        live->size = size;
        fill(fixture, live);
    }
}

static void random_resize(struct fixture *fixture, struct live *live)
{
    size_t size = unit_random(&fixture->seed) % 2000;

    verify(live);
    if (heap_blocks_resize(&fixture->heap, live->pointer, size)) {
        live->size = size < live->size ? size : live->size;
        verify(live);
        live->size = size;
        fill(fixture, live);
    } else {
        verify(live);
    }
}

static void one_round(struct fixture *fixture)
{
    struct live *live = &fixture->live[unit_random(&fixture->seed) % LIVE];

    if (live->pointer == NULL) {
        random_allocate(fixture, live);
    } else if (unit_random(&fixture->seed) % 4 == 0) {
        random_resize(fixture, live);
    } else {
        verify(live);
        heap_blocks_free(&fixture->heap, live->pointer);
        live->pointer = NULL;
    }
}

static void random_use_against_the_model(void **state)
{
    static struct fixture fixture;

    (void)state;
    open_heap(&fixture, HEAP_BYTES);
    struct heap_blocks_figures before = check(&fixture);
    for (unsigned round = 0; round < ROUNDS; round++) {
        one_round(&fixture);
        if (round % 64 == 0) {
            check(&fixture);
        }
    }
    size_t used = 0;
    for (size_t i = 0; i < LIVE; i++) {
        used += fixture.live[i].pointer != NULL;
    }
    assert_int_equal(check(&fixture).used_blocks, used);
    for (size_t i = 0; i < LIVE; i++) {
        if (fixture.live[i].pointer != NULL) {
            verify(&fixture.live[i]);
            heap_blocks_free(&fixture.heap, fixture.live[i].pointer);
        }
    }
    struct heap_blocks_figures after = check(&fixture);
    assert_int_equal(after.free_blocks, 1);
    assert_int_equal(after.free_bytes, before.free_bytes);
    free(fixture.range);
}

static void exhausting_and_freeing_gives_all_back(void **state)
{
    static struct fixture fixture;
    void *blocks[4096];
    size_t count = 0;

    (void)state;
    open_heap(&fixture, HEAP_BYTES);
    struct heap_blocks_figures before = check(&fixture);
    while (count < 4096 &&
           (blocks[count] = heap_blocks_allocate(&fixture.heap, 100, 16)) != NULL) {
        count++;
    }
    assert_true(count * 128 > HEAP_BYTES * 9 / 10);
    for (size_t i = 0; i < count; i += 2) {
        heap_blocks_free(&fixture.heap, blocks[i]);
    }
    assert_int_equal(check(&fixture).free_blocks, (count + 1) / 2);
    assert_null(heap_blocks_allocate(&fixture.heap, 1000, 16));
    for (size_t i = 1; i < count; i += 2) {
        heap_blocks_free(&fixture.heap, blocks[i]);
    }
    assert_int_equal(check(&fixture).free_bytes, before.free_bytes);
    assert_int_equal(check(&fixture).free_blocks, 1);
    free(fixture.range);
}

/** The whole range as one allocation: only the last attempt of an allocation, through
 *  the list of its own class, can find it. */
static void all_of_it_at_once(void **state)
{
    static struct fixture fixture;

    (void)state;
    open_heap(&fixture, HEAP_BYTES + 32);
    size_t most = check(&fixture).largest_free - 16;
    assert_null(heap_blocks_allocate(&fixture.heap, most + 1, 16));
    void *all = heap_blocks_allocate(&fixture.heap, most, 16);
    assert_non_null(all);
    memset(all, 0xff, most);
    assert_int_equal(check(&fixture).free_blocks, 0);
    assert_false(heap_blocks_resize(&fixture.heap, all, most + 1));
    assert_true(heap_blocks_resize(&fixture.heap, all, 10));
    assert_true(heap_blocks_resize(&fixture.heap, all, most));
    heap_blocks_free(&fixture.heap, all);
    free(fixture.range);
}

static void refuses_what_does_not_fit(void **state)
{
    static struct fixture fixture;
    static const size_t sizes[] = {SIZE_MAX,        SIZE_MAX - 15,   SIZE_MAX - 100,
                                   (size_t)1 << 63, (size_t)1 << 47, HEAP_BYTES};

    (void)state;
    open_heap(&fixture, HEAP_BYTES);
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_null(heap_blocks_allocate(&fixture.heap, sizes[i], 16));
        assert_null(heap_blocks_allocate(&fixture.heap, sizes[i], 4096));
        assert_null(heap_blocks_allocate(&fixture.heap, 1, sizes[i]));
    }
    assert_null(heap_blocks_allocate(&fixture.heap, 1, 0));
    assert_null(heap_blocks_allocate(&fixture.heap, 1, 48));
    check(&fixture);
    free(fixture.range);
}

static void ranges_that_are_too_small(void **state)
{
    (void)state;
    for (size_t size = 0; size < 80; size++) {
        static struct fixture fixture;

        open_heap(&fixture, size + 1);
        heap_blocks_init(&fixture.heap, fixture.range + 1, size);
        check(&fixture);
        void *pointer = heap_blocks_allocate(&fixture.heap, 1, 16);
        if (pointer != NULL) {
            memset(pointer, 1, heap_blocks_usable_size(pointer));
            heap_blocks_free(&fixture.heap, pointer);
        }
        check(&fixture);
        free(fixture.range);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_use_against_the_model),
        cmocka_unit_test(exhausting_and_freeing_gives_all_back),
        cmocka_unit_test(all_of_it_at_once),
        cmocka_unit_test(refuses_what_does_not_fit),
        cmocka_unit_test(ranges_that_are_too_small),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
