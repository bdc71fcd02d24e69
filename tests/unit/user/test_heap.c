/**
 * test_heap.c - malloc and its family, under other names, and several threads in it.
 *
 * heap_blocks has a test of its own; here it is what heap.c adds: the state before
 * init_heap(), moving realloc(), calloc()'s product and zeros, the lock.
 */
#include "mnos/process.h"
#include "unit.h"
#include <pthread.h>
#include <sched.h>

enum { HEAP_BYTES = 1 << 20, THREADS = 4, ROUNDS = 50000 };

/* user/libmnos/heap.c, renamed by make/test-user.mk. */
void tested_init_heap(void *range, size_t size);
void *tested_malloc(size_t size);
void tested_free(void *pointer);
void *tested_calloc(size_t count, size_t size);
void *tested_realloc(void *pointer, size_t size);
void *tested_aligned_alloc(size_t alignment, size_t size);

static pthread_barrier_t start;
static uint8_t range[HEAP_BYTES] __attribute__((aligned(16)));

void sys_yield(void)
{
    sched_yield();
}

static void before_init_there_is_nothing(void **state)
{
    (void)state;
    assert_null(tested_malloc(1));
    assert_null(tested_calloc(1, 1));
    assert_null(tested_realloc(NULL, 1));
    assert_null(tested_aligned_alloc(16, 1));
    tested_free(NULL);
}

static int open_heap(void **state)
{
    (void)state;
    memset(range, 0xa5, sizeof(range));
    tested_init_heap(range, sizeof(range));
    return 0;
}

static void calloc_gives_zeros(void **state)
{
    (void)state;
    uint8_t *dirty = tested_malloc(1000);
    assert_non_null(dirty);
    memset(dirty, 0xff, 1000);
    tested_free(dirty);
    uint8_t *clean = tested_calloc(10, 100);
    assert_non_null(clean);
    for (size_t i = 0; i < 1000; i++) {
        assert_int_equal(clean[i], 0);
    }
    assert_null(tested_calloc(SIZE_MAX / 2, 3));
    assert_null(tested_calloc(SIZE_MAX, SIZE_MAX));
    tested_free(clean);
}

static void realloc_keeps_the_bytes(void **state)
{
    (void)state;
    uint8_t *pointer = tested_realloc(NULL, 10);
    assert_non_null(pointer);
    memcpy(pointer, "0123456789", 10);
    uint8_t *wall = tested_malloc(10); /* behind it: growing has to move */
    assert_non_null(wall);
    uint8_t *moved = tested_realloc(pointer, 5000);
    assert_non_null(moved);
    assert_ptr_not_equal(moved, pointer);
    assert_memory_equal(moved, "0123456789", 10);
    assert_ptr_equal(tested_realloc(moved, 6), moved);
    assert_memory_equal(moved, "012345", 6);
    assert_null(tested_realloc(moved, HEAP_BYTES));
    assert_memory_equal(moved, "012345", 6);
    assert_null(tested_realloc(moved, SIZE_MAX));
    tested_free(moved);
    tested_free(wall);
}

static void alignment_is_kept(void **state)
{
    (void)state;
    for (size_t alignment = 1; alignment <= 65536; alignment *= 2) {
        void *pointer = tested_aligned_alloc(alignment, 100);

        assert_non_null(pointer);
        assert_int_equal((uintptr_t)pointer % alignment, 0);
        tested_free(pointer);
    }
}

/** Allocates, fills, checks and frees, with a few blocks alive. NULL: all was well. */
static void *use_heap(void *argument)
{
    uint64_t seed = 1 + (uintptr_t)argument;
    uint8_t mark = (uint8_t)(uintptr_t)argument;
    uint8_t *blocks[8] = {NULL};
    size_t sizes[8] = {0};

    pthread_barrier_wait(&start);
    for (unsigned round = 0; round < ROUNDS; round++) {
        size_t at = unit_random(&seed) % 8;

        for (size_t i = 0; blocks[at] != NULL && i < sizes[at]; i++) {
            if (blocks[at][i] != mark) {
                return blocks[at];
            }
        }
        tested_free(blocks[at]);
        sizes[at] = unit_random(&seed) % 600;
        blocks[at] = tested_malloc(sizes[at]);
        if (blocks[at] != NULL) {
            memset(blocks[at], mark, sizes[at]);
        }
    }
    for (size_t i = 0; i < 8; i++) {
        tested_free(blocks[i]);
    }
    return NULL;
}

static void threads_share_it(void **state)
{
    pthread_t threads[THREADS];

    (void)state;
    pthread_barrier_init(&start, NULL, THREADS);
    for (uintptr_t i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, use_heap, (void *)(i + 1)),
                         0);
    }
    for (size_t i = 0; i < THREADS; i++) {
        void *wrong;

        pthread_join(threads[i], &wrong);
        assert_null(wrong);
    }
    /* All of it is one block again. */
    void *all = tested_malloc(HEAP_BYTES - 64);
    assert_non_null(all);
    tested_free(all);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(before_init_there_is_nothing),
        cmocka_unit_test_setup(calloc_gives_zeros, open_heap),
        cmocka_unit_test_setup(realloc_keeps_the_bytes, open_heap),
        cmocka_unit_test_setup(alignment_is_kept, open_heap),
        cmocka_unit_test_setup(threads_share_it, open_heap),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
