/**
 * test_time_budget.c - core/time_budget: its limits, the ends of its numbers, and random
 * runs beside its model.
 */
#include "core/time_budget.h"
#include "model/budget_model.h"
#include "unit.h"

enum { RUNS = 300, STEPS = 1000 };

#define PERIOD TIME_BUDGET_PERIOD_MIN_NS

static void test_limits(void **state)
{
    (void)state;
    assert_true(time_budget_is_valid(0, PERIOD));
    assert_true(time_budget_is_valid(PERIOD, PERIOD));
    assert_false(time_budget_is_valid(PERIOD + 1, PERIOD));
    assert_false(time_budget_is_valid(0, PERIOD - 1));
    assert_false(time_budget_is_valid(0, 0));
    assert_true(
        time_budget_is_valid(TIME_BUDGET_PERIOD_MAX_NS, TIME_BUDGET_PERIOD_MAX_NS));
    assert_false(time_budget_is_valid(1, TIME_BUDGET_PERIOD_MAX_NS + 1));
    assert_false(time_budget_is_valid(UINT64_MAX, UINT64_MAX));
}

/** A debt is paid off by the periods, one by one. */
static void test_debt(void **state)
{
    struct time_budget budget;

    (void)state;
    time_budget_init(&budget, PERIOD / 10, PERIOD, 7);
    assert_int_equal(time_budget_next_ns(&budget), 0);
    time_budget_charge(&budget, PERIOD / 10);
    assert_int_equal(budget.left_ns, 0);
    assert_int_equal(time_budget_next_ns(&budget), 7 + PERIOD);
    time_budget_charge(&budget, PERIOD / 10 * 3);
    assert_int_equal(time_budget_next_ns(&budget), 7 + 4 * PERIOD);
    time_budget_refresh(&budget, 6 + 4 * PERIOD);
    assert_int_equal(budget.left_ns, 0);
    time_budget_refresh(&budget, 7 + 4 * PERIOD);
    assert_int_equal(budget.left_ns, PERIOD / 10);
    time_budget_refresh(&budget, 0);
    assert_int_equal(budget.left_ns, PERIOD / 10);
}

static void test_ends_of_numbers(void **state)
{
    struct time_budget budget;

    (void)state;
    time_budget_init(&budget, 1, TIME_BUDGET_PERIOD_MAX_NS, 0);
    for (unsigned i = 0; i < 3; i++) {
        time_budget_charge(&budget, UINT64_MAX);
        assert_int_equal(budget.left_ns, -(1LL << 62));
    }
    assert_int_equal(time_budget_next_ns(&budget), UINT64_MAX);
    time_budget_refresh(&budget, UINT64_MAX);
    assert_true(budget.left_ns < 0);
    time_budget_init(&budget, PERIOD, PERIOD, 0);
    time_budget_charge(&budget, 1ull << 62);
    time_budget_refresh(&budget, UINT64_MAX);
    assert_int_equal(budget.left_ns, PERIOD);
    time_budget_init(&budget, 0, PERIOD, 0);
    time_budget_charge(&budget, 5);
    time_budget_refresh(&budget, UINT64_MAX);
    assert_int_equal(budget.left_ns, -5);
    assert_int_equal(time_budget_next_ns(&budget), UINT64_MAX);
}

static void test_shares(void **state)
{
    struct time_budget parent;

    (void)state;
    time_budget_init(&parent, PERIOD / 2, PERIOD, 0);
    assert_int_equal(time_budget_take(&parent, PERIOD * 4, PERIOD * 8 - 1), UINT64_MAX);
    assert_int_equal(time_budget_take(&parent, PERIOD * 2, PERIOD * 8), PERIOD / 4);
    assert_int_equal(parent.left_ns, PERIOD / 4);
    assert_int_equal(time_budget_take(&parent, 1, TIME_BUDGET_PERIOD_MAX_NS), 1);
    assert_int_equal(time_budget_take(&parent, PERIOD / 4, PERIOD), UINT64_MAX);
    time_budget_give(&parent, 1);
    time_budget_give(&parent, PERIOD / 4);
    assert_int_equal(parent.budget_ns, PERIOD / 2);
    assert_int_equal(parent.left_ns, PERIOD / 4 - 1);
}

static void test_random(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= RUNS; seed++) {
        struct choices choices = {.seed = seed * 0x9e3779b97f4a7c15u};

        budget_model_run(&choices, STEPS);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits),          cmocka_unit_test(test_debt),
        cmocka_unit_test(test_ends_of_numbers), cmocka_unit_test(test_shares),
        cmocka_unit_test(test_random),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
