/**
 * test_run_queue.c - a run queue beside lists that are searched from the best priority down;
 * and the clock by the TSC.
 */
#include "core/run_queue.h"

#include "core/timer_clock.h"
#include "unit.h"

enum { THREADS = 100, STEPS = 20000 };

struct member {
    struct list_node node;
    uint32_t priority;
    int64_t order; /**< among those of its priority */
    bool is_in;
};

static struct run_queue queue;
static struct member members[THREADS];

/** The member that is next; NULL: none is in. */
static struct member *expected_best(void)
{
    struct member *best = NULL;

    for (unsigned i = 0; i < THREADS; i++) {
        struct member *at = &members[i];

        if (at->is_in &&
            (best == NULL || at->priority > best->priority ||
             (at->priority == best->priority && at->order < best->order))) {
            best = at;
        }
    }
    return best;
}

static void check_best(void)
{
    struct list_node *list = run_queue_best(&queue);
    struct member *best = expected_best();

    assert_int_equal(best == NULL, queue.occupied == 0);
    assert_int_equal(best == NULL, list_is_empty(list));
    if (best != NULL) {
        assert_ptr_equal(list->next, &best->node);
        assert_true(run_queue_has(&queue, best->priority, true));
        assert_false(run_queue_has(&queue, best->priority, false));
        if (best->priority > 0) {
            assert_true(run_queue_has(&queue, best->priority - 1, false));
        }
    }
}

static void random_steps(void **state)
{
    int64_t first = -1;
    int64_t last = 0;
    uint32_t random = 1;

    (void)state;
    run_queue_init(&queue);
    for (unsigned step = 0; step < STEPS; step++) {
        struct member *member;

        random = random * 1664525u + 1013904223u;
        member = &members[(random >> 8) % THREADS];
        if (member->is_in) {
            run_queue_remove(&queue, &member->node, member->priority);
            member->is_in = false;
        } else {
            bool to_front = (random >> 30 & 1) != 0;

            member->priority = (random >> 20) % THREAD_PRIORITIES;
            member->order = to_front ? first-- : last++;
            member->is_in = true;
            run_queue_insert(&queue, &member->node, member->priority, to_front);
        }
        check_best();
    }
}

static void clock_by_the_tsc(void **state)
{
    static const struct timer_clock clock = {
        .base_tsc = 1000, .multiplier = 1ull << (TIMER_CLOCK_SHIFT - 1)};

    (void)state;
    assert_int_equal(timer_clock_ns(&clock, 1000), 0);
    assert_int_equal(timer_clock_ns(&clock, 1010), 5);
    assert_int_equal(timer_clock_ns(&clock, 990), 0); /* another CPU's TSC */
    assert_int_equal(timer_clock_ns(&clock, 1000 + (1ull << 62)), 1ull << 61);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps),
        cmocka_unit_test(clock_by_the_tsc),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
