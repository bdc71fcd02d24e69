/**
 * test_ipc.c - messages, capabilities in them, notifications and badges beside their model
 * (tests/model/ipc_model.h).
 */
#include "model/ipc_model.h"
#include "unit.h"

enum { SEEDS = 40, STEPS = 20000 };

static void random_steps_match_the_tables(void **state)
{
    unsigned arrived = 0;

    (void)state;
    for (uint64_t seed = 1; seed <= SEEDS; seed++) {
        struct choices choices = {.seed = seed * 0x9E3779B97F4A7C15};

        arrived += ipc_model_run(&choices, STEPS);
    }
    /* Messages did arrive. */
    assert_in_range(arrived, SEEDS * STEPS / 50, SEEDS * STEPS * 4);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_the_tables),
    };

    return cmocka_run_group_tests_name("ipc", tests, NULL, NULL);
}
