/**
 * budget_model.c - see budget_model.h.
 */
#include "model/budget_model.h"

#include "core/time_budget.h"

enum { SHARES = 4, PERIODS_MAX = 40 };

struct world {
    struct time_budget budget;
    uint64_t now;
    /* The plain one. */
    int64_t left;
    int64_t given; /**< each period */
    uint64_t start;
    uint64_t shares[SHARES]; /**< that were taken; 0: none */
    /* What may be used at all. */
    uint64_t used;
    uint64_t sum_given;
    uint64_t overrun; /**< the most that one turn used beyond what was left */
};

static int64_t smaller(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

/** Period by period. */
static void pass(struct world *world, uint64_t ns)
{
    world->now += ns;
    while (world->now - world->start >= world->budget.period_ns) {
        world->start += world->budget.period_ns;
        world->left = smaller(world->left + world->given, world->given);
        world->sum_given += (uint64_t)world->given;
    }
}

/** One turn: only who has something left begins it. */
static void use(struct world *world, uint64_t ns)
{
    if (world->left <= 0) {
        return;
    }
    if (ns > (uint64_t)world->left && ns - (uint64_t)world->left > world->overrun) {
        world->overrun = ns - (uint64_t)world->left;
    }
    time_budget_charge(&world->budget, ns);
    world->left -= (int64_t)ns;
    world->used += ns;
}

static void take_or_give(struct world *world, struct choices *choices)
{
    uint64_t *share = &world->shares[choices_below(choices, SHARES)];
    uint64_t period = TIME_BUDGET_PERIOD_MIN_NS * (1 + choices_below(choices, 40000));
    uint64_t ns = period / 256 * choices_below(choices, 64);
    uint64_t taken;

    if (*share != 0) {
        time_budget_give(&world->budget, *share);
        world->given += (int64_t)*share;
        *share = 0;
        return;
    }
    taken = time_budget_take(&world->budget, ns, period);
    if (taken == UINT64_MAX) {
        return;
    }
    /* The same part of both periods, and not a nanosecond too much. */
    require(taken * period >= ns * world->budget.period_ns);
    require(taken == 0 || (taken - 1) * period < ns * world->budget.period_ns);
    *share = taken;
    world->given -= (int64_t)taken;
    require(world->given >= 0);
    world->left = smaller(world->left, world->given);
}

static void check(struct world *world)
{
    uint64_t next;

    time_budget_refresh(&world->budget, world->now);
    require(world->budget.left_ns == world->left);
    require(world->budget.budget_ns == (uint64_t)world->given);
    require(world->budget.start_ns == world->start);
    next = time_budget_next_ns(&world->budget);
    if (world->left > 0) {
        require(next == 0);
    } else if (world->given == 0) {
        require(next == UINT64_MAX);
    } else {
        struct time_budget then = world->budget;

        time_budget_refresh(&then, next - 1);
        require(next > world->now && then.left_ns <= 0);
        time_budget_refresh(&then, next);
        require(then.left_ns > 0);
    }
}

void budget_model_run(struct choices *choices, unsigned steps)
{
    uint64_t period = TIME_BUDGET_PERIOD_MIN_NS * (1 + choices_below(choices, 40000));
    struct world world = {.now = choices_below(choices, 65536)};

    world.given = (int64_t)(period / 256 * choices_below(choices, 257));
    world.left = world.given;
    world.start = world.now;
    world.sum_given = (uint64_t)world.given;
    require(time_budget_is_valid((uint64_t)world.given, period));
    time_budget_init(&world.budget, (uint64_t)world.given, period, world.now);
    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        switch (choices_below(choices, 8)) {
        case 0:
            take_or_give(&world, choices);
            break;
        case 1:
            pass(&world, period * choices_below(choices, PERIODS_MAX));
            break;
        case 2:
        case 3:
            pass(&world, period / 256 * choices_below(choices, 300));
            break;
        default:
            use(&world, period / 1024 * choices_below(choices, 1024));
            break;
        }
        check(&world);
        require(world.used <= world.sum_given + world.overrun + period);
    }
}
