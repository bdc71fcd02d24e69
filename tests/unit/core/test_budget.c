/**
 * test_budget.c - core/budget: groups that come and go and a processor that runs their members
 * at random, beside plain sums of what each may have used and has.
 */
#include "core/budget.h"
#include "model/choices.h"
#include "unit.h"

enum { BUDGETS = 4, WORKERS = 12, STEPS = 200000, LATE = 3000, QUANTUM = 40000 };

#define PERIOD (1ull << 20)

/** Somebody who runs when chosen: on its own budget, or for a caller. */
struct worker {
    struct budget_member member;
    int caller; /**< whose budget pays; -1: its own */
    struct list_node queue;
    struct budget *waits_for;
};

struct world {
    struct budget budgets[BUDGETS];
    struct worker workers[WORKERS];
    struct budget_meter meter;
    struct choices choices;
    uint64_t now;
    uint64_t used[BUDGETS]; /**< while it was charged */
};

static struct world world;

static int number_of(const struct budget *budget)
{
    return budget == NULL ? -1 : (int)(budget - world.budgets);
}

static struct budget *payer_of(const struct worker *worker)
{
    const struct worker *paid_by =
        worker->caller < 0 ? worker : &world.workers[worker->caller];

    return paid_by->member.budget;
}

/** What is charged while it runs, as far as the meter says. */
static void use(uint64_t ns)
{
    for (unsigned i = 0; i < 2; i++) {
        int number = number_of(world.meter.charged[i]);

        if (number >= 0) {
            world.used[number] += ns;
        }
    }
    world.now += ns;
}

static void wake(struct list_node *node)
{
    struct worker *worker = container_of(node, struct worker, queue);

    list_remove(node);
    worker->waits_for = NULL;
}

/** Time has come for some of those who wait. */
static void replenish(void)
{
    for (unsigned i = 0; i < BUDGETS; i++) {
        struct list_node *next;

        time_budget_refresh(&world.budgets[i].time, world.now);
        while ((next = budget_next(&world.budgets[i])) != NULL) {
            wake(next);
        }
        assert_true(list_is_empty(&world.budgets[i].leaving));
    }
}

static void run(struct worker *worker)
{
    struct budget *payer = payer_of(worker);
    struct budget *own = worker->member.budget;
    struct budget *short_of;
    uint64_t ns = choices_below(&world.choices, QUANTUM);

    if (payer != world.meter.payer) {
        short_of = budget_meter_settle(&world.meter, payer, own, false, world.now);
        if (short_of != NULL) {
            /* Nobody who could pay has any time. */
            assert_true(payer->time.left_ns <= 0 && own != NULL &&
                        own->time.left_ns <= 0);
            assert_true(short_of == payer || short_of == own);
            worker->waits_for = short_of;
            list_insert_before(&short_of->waiting, &worker->queue);
            budget_meter_pay(&world.meter, BUDGET_UNSETTLED, world.now);
            return;
        }
    }
    if (payer == NULL) {
        assert_null(world.meter.charged[0]);
    } else {
        assert_ptr_equal(world.meter.charged[0], payer);
        assert_true(world.meter.end_ns != UINT64_MAX);
    }
    if (world.meter.end_ns != UINT64_MAX && world.now + ns > world.meter.end_ns) {
        /* The timer comes, a little late. */
        ns = world.meter.end_ns - world.now + choices_below(&world.choices, LATE);
        use(ns);
        budget_meter_pay(&world.meter, BUDGET_UNSETTLED, world.now);
    } else {
        use(ns);
    }
}

static void move(struct worker *worker)
{
    unsigned to = choices_below(&world.choices, BUDGETS + 1);

    if (worker->member.budget != NULL) {
        budget_stir(worker->member.budget);
    }
    (void)budget_join(&worker->member, to == BUDGETS ? NULL : &world.budgets[to]);
    replenish();
}

static void step(void)
{
    struct worker *worker = &world.workers[choices_below(&world.choices, WORKERS)];

    switch (choices_below(&world.choices, 64)) {
    case 0:
        move(worker);
        break;
    case 1:
        worker->caller = (int)choices_below(&world.choices, WORKERS + 1) - 1;
        break;
    case 2:
        budget_meter_pay(&world.meter, NULL, world.now);
        world.now += choices_below(&world.choices, 65536) * 8;
        break;
    default:
        if (worker->waits_for == NULL) {
            run(worker);
        }
        break;
    }
    replenish();
}

/** No group has used more than its periods gave and the debt that is still on its account. */
static void check_sums(const uint64_t *begin)
{
    budget_meter_pay(&world.meter, NULL, world.now);
    for (unsigned i = 0; i < BUDGETS; i++) {
        struct time_budget *time = &world.budgets[i].time;
        uint64_t periods;

        time_budget_refresh(time, world.now);
        periods = (time->start_ns - begin[i]) / time->period_ns + 1;
        assert_true((int64_t)world.used[i] <=
                    (int64_t)(periods * time->budget_ns) - time->left_ns);
        assert_true(world.used[i] > 0);
    }
}

static void test_random(void **state)
{
    uint64_t begin[BUDGETS];

    (void)state;
    world = (struct world){.choices = {.seed = 20261122}, .now = 12345};
    world.meter.end_ns = UINT64_MAX;
    for (unsigned i = 0; i < BUDGETS; i++) {
        assert_true(budget_init(&world.budgets[i], NULL, PERIOD / 16 * (i + 1), PERIOD,
                                world.now));
        world.budgets[i].references = 1;
        begin[i] = world.now;
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        list_init(&world.workers[i].member.link);
        list_init(&world.workers[i].queue);
        world.workers[i].caller = -1;
        (void)budget_join(&world.workers[i].member, &world.budgets[i % BUDGETS]);
    }
    for (unsigned i = 0; i < STEPS; i++) {
        step();
    }
    check_sums(begin);
}

/** Shares are taken out of shares, to a depth, and all go back. */
static void test_shares(void **state)
{
    struct budget chain[BUDGET_DEPTH_MAX + 2];
    struct budget none = {.depth = BUDGET_DEPTH_NONE, .time = {.period_ns = PERIOD}};

    (void)state;
    assert_true(budget_init(&chain[0], NULL, PERIOD, PERIOD, 0));
    for (unsigned i = 1; i <= BUDGET_DEPTH_MAX; i++) {
        assert_true(budget_init(&chain[i], &chain[i - 1], PERIOD >> i, PERIOD, 0));
        assert_int_equal(chain[i].depth, i);
        assert_false(budget_is_unused(&chain[i - 1]));
        assert_int_equal(chain[i - 1].time.budget_ns, PERIOD >> i);
    }
    assert_false(budget_init(&chain[BUDGET_DEPTH_MAX + 1], &chain[BUDGET_DEPTH_MAX], 0,
                             PERIOD, 0));
    assert_false(
        budget_init(&chain[BUDGET_DEPTH_MAX + 1], &chain[0], PERIOD, PERIOD, 0));
    for (unsigned i = BUDGET_DEPTH_MAX; i > 0; i--) {
        assert_true(budget_is_unused(&chain[i]) && budget_is_calm(&chain[i]));
        assert_ptr_equal(budget_part(&chain[i]), &chain[i - 1]);
    }
    assert_null(budget_part(&chain[0]));
    assert_int_equal(chain[0].time.budget_ns, PERIOD);
    /* Of nobody's nothing is taken, and to it nothing given. */
    list_init(&none.members);
    list_init(&none.waiting);
    list_init(&none.leaving);
    assert_false(budget_init(&chain[1], &none, 0, PERIOD, 0));
    assert_true(budget_init(&chain[1], &chain[0], PERIOD / 2, PERIOD, 0));
    assert_ptr_equal(budget_join(&chain[1].parent, &none), &chain[0]);
    assert_ptr_equal(budget_part(&chain[1]), &none);
    assert_int_equal(none.time.budget_ns, 0);
}

/** A poor payer: who works for it goes on by its own time, or not at all. */
static void test_credit(void **state)
{
    struct budget_meter meter = {.end_ns = UINT64_MAX};
    struct budget poor;
    struct budget own;

    (void)state;
    assert_true(budget_init(&poor, NULL, 0, PERIOD, 0));
    assert_true(budget_init(&own, NULL, PERIOD / 2, PERIOD, 0));
    assert_ptr_equal(budget_meter_settle(&meter, &poor, &poor, false, 0), &poor);
    assert_null(budget_meter_settle(&meter, &poor, &poor, true, 0));
    assert_null(budget_meter_settle(&meter, &poor, NULL, false, 0));
    assert_ptr_equal(meter.payer, BUDGET_UNSETTLED);
    assert_int_equal(meter.end_ns, BUDGET_OVERDRAFT_NS);
    assert_null(budget_meter_settle(&meter, &poor, &own, false, 0));
    budget_meter_pay(&meter, NULL, PERIOD / 2);
    assert_int_equal(own.time.left_ns, 0);
    assert_int_equal(poor.time.left_ns, -(int64_t)(PERIOD / 2));
    /* The one that has time sooner is to be waited for. */
    assert_ptr_equal(budget_meter_settle(&meter, &poor, &own, false, PERIOD / 2), &own);
    assert_null(budget_meter_settle(&meter, &own, &own, false, PERIOD));
    assert_true(budget_meter_forget(&meter, &own));
    assert_ptr_equal(meter.payer, BUDGET_UNSETTLED);
    assert_false(budget_meter_forget(&meter, &own));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random),
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_credit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
