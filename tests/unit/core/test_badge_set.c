/**
 * test_badge_set.c - counted badges beside an array.
 */
#include "core/badge_set.h"
#include "unit.h"

enum { BADGES = 200, STEPS = 300000, DEPTH_MAX = 65 };

struct world {
    struct badge_set set;
    struct badge_record records[BADGES]; /**< of badge_of(i), while it is in the set */
    uint64_t count[BADGES];
    bool exists[BADGES];
    int gone[BADGES]; /**< indexes, the first gone first */
    int gone_count;
};

/** Badges that lie close together, and far apart. */
static uint64_t badge_of(int index)
{
    return index % 2 == 0 ? (uint64_t)index + 1 : ~(uint64_t)index << 40;
}

static bool is_gone(const struct world *world, int index)
{
    for (int i = 0; i < world->gone_count; i++) {
        if (world->gone[i] == index) {
            return true;
        }
    }
    return false;
}

static void check_find(struct world *world)
{
    for (int i = 0; i < BADGES; i++) {
        const struct badge_record *found = badge_set_find(&world->set, badge_of(i));

        assert_ptr_equal(found, world->exists[i] ? &world->records[i] : NULL);
        assert_true(found == NULL || found->count == world->count[i]);
    }
    assert_null(badge_set_find(&world->set, 0x5a5a5a5a));
}

static void mint(struct world *world, int index)
{
    if (!world->exists[index]) {
        memset(&world->records[index], 0, sizeof(world->records[index]));
        badge_set_add(&world->set, &world->records[index], badge_of(index));
        world->exists[index] = true;
    }
    world->records[index].count++;
    world->count[index]++;
}

static void drop(struct world *world, int index)
{
    bool told;

    if (world->count[index] == 0) {
        return;
    }
    told = world->count[index] == 1 && !is_gone(world, index);
    assert_int_equal(badge_set_release(&world->set, &world->records[index]), told);
    world->count[index]--;
    if (told) {
        world->gone[world->gone_count] = index;
        world->gone_count++;
    }
}

static void take(struct world *world)
{
    const struct badge_record *taken = badge_set_take_gone(&world->set);
    int index = world->gone[0];

    if (world->gone_count == 0) {
        assert_null(taken);
        return;
    }
    assert_ptr_equal(taken, &world->records[index]);
    assert_int_equal(taken->badge, badge_of(index));
    world->gone_count--;
    memmove(world->gone, world->gone + 1, (size_t)world->gone_count * sizeof(int));
    world->exists[index] = world->count[index] > 0;
    if (!world->exists[index]) {
        /* It is the caller's: whatever is in it now is no part of the set. */
        memset(&world->records[index], 0xa5, sizeof(world->records[index]));
    }
}

static void random_steps_match_the_array(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    uint64_t seed = 0x243F6A8885A308D3;
    unsigned taken = 0;

    (void)state;
    assert_non_null(world);
    badge_set_init(&world->set, 0x452821E638D01377);
    for (unsigned i = 0; i < STEPS; i++) {
        uint64_t random = unit_random(&seed);
        int index = (int)(random >> 8 & 0xffff) % BADGES;
        unsigned what = (unsigned)random % 16;

        if (what < 4 + i / 1000 % 8) {
            drop(world, index);
        } else if (what < 14) {
            mint(world, index);
        } else {
            taken += world->gone_count > 0;
            take(world);
        }
        if (i % 16 == 0) {
            check_find(world);
        }
    }
    assert_in_range(taken, 1000, STEPS);
    free(world);
}

/** The longest path from the root to a record. */
static unsigned depth_of(struct badge_record *root)
{
    struct badge_record *stack[2 * DEPTH_MAX];
    unsigned depths[2 * DEPTH_MAX];
    unsigned used = 1;
    unsigned deepest = 0;

    stack[0] = root;
    depths[0] = 1;
    while (used > 0) {
        struct badge_record *at = stack[--used];
        unsigned depth = depths[used];

        deepest = depth > deepest ? depth : deepest;
        for (unsigned i = 0; i < 2; i++) {
            if (at->child[i] != NULL) {
                assert_in_range(used, 0, 2 * DEPTH_MAX - 1);
                stack[used] = at->child[i];
                depths[used++] = depth + 1;
            }
        }
    }
    return deepest;
}

/** Many badges in a row do not make a deep tree. */
static void the_tree_is_not_deep(void **state)
{
    enum { MANY = 10000, DEEPEST = 40 };
    struct badge_record *records = calloc(MANY, sizeof(*records));
    struct badge_set set;

    (void)state;
    assert_non_null(records);
    badge_set_init(&set, 7);
    for (uint64_t i = 0; i < MANY; i++) {
        badge_set_add(&set, &records[i], i + 1);
    }
    assert_in_range(depth_of(set.root), 13, DEEPEST);
    free(records);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_the_array),
        cmocka_unit_test(the_tree_is_not_deep),
    };

    return cmocka_run_group_tests_name("badge_set", tests, NULL, NULL);
}
