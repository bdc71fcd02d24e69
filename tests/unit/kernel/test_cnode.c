/**
 * test_cnode.c - CNodes and capabilities beside a plain table: what each slot holds, from
 * which slot it was made, and how many capabilities name each object.
 */
#include "abi/rights.h"
#include "cap/capability.h"
#include "cap/cnode.h"
#include "fake_machine.h"

enum { CNODES = 2, SLOTS = CNODES * MN_CNODE_INITIAL_SLOTS, OBJECTS = 5, NONE = -1 };

/** An object that counts, as the objects of the kernel do. */
struct counted {
    int references;
};

static void count_retain(struct slot *slot)
{
    ((struct counted *)slot->object)->references++;
}

static void count_release(struct slot *slot)
{
    ((struct counted *)slot->object)->references--;
}

/** Narrows a range as IoPort does: [a, a + b) inside of the source's. */
static mn_status range_narrow(const struct slot *source, uint64_t a, uint64_t b,
                              struct account *account, struct slot *target)
{
    uint64_t first = SLOT_FIRST(source->value);

    (void)account;
    if (a < first || b == 0 || b > SLOT_COUNT(source->value) ||
        a - first > SLOT_COUNT(source->value) - b) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    target->value = SLOT_RANGE(a, b);
    return MN_OK;
}

static const struct object_ops counted_ops = {count_retain, count_release, NULL, NULL};
static const struct object_ops range_ops = {NULL, NULL, NULL, range_narrow};

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_PMM_ALLOCATOR] = &counted_ops, [MN_CAP_IO_PORT] = &range_ops,
    [MN_CAP_PROCESS] = &counted_ops,       [MN_CAP_MEMORY_FRAME] = &counted_ops,
    [MN_CAP_ENDPOINT] = &counted_ops,      [MN_CAP_INTERRUPT] = &range_ops,
    [MN_CAP_MACHINE] = &range_ops,
};

/** What a slot should hold. */
struct plain_slot {
    enum mn_cap_type type;
    uint32_t rights;
    int object; /**< or NONE */
    uint64_t value;
    int parent; /**< a slot, or NONE */
};

struct world {
    struct account account;
    struct cnode cnodes[CNODES];
    struct counted objects[OBJECTS];
    struct plain_slot plain[SLOTS];
    uint64_t seed;
};

static struct world *open_world(void)
{
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    fake_machine_open(16);
    account_init(&world->account, 1, 1000);
    for (size_t i = 0; i < CNODES; i++) {
        assert_true(cnode_create(&world->cnodes[i], &world->account));
    }
    for (size_t i = 0; i < SLOTS; i++) {
        world->plain[i].parent = NONE;
        world->plain[i].object = NONE;
    }
    world->seed = 0x452821E638D01377;
    return world;
}

static void close_world(struct world *world)
{
    for (size_t i = 0; i < CNODES; i++) {
        cnode_destroy(&world->cnodes[i]);
    }
    assert_int_equal(world->account.used_frames, 0);
    fake_machine_close();
    free(world);
}

static struct slot *slot_at(const struct world *world, int index)
{
    return cnode_slot(&world->cnodes[index / MN_CNODE_INITIAL_SLOTS],
                      (uint64_t)(index % MN_CNODE_INITIAL_SLOTS));
}

static bool is_range(enum mn_cap_type type)
{
    return object_ops[type] == &range_ops;
}

static void install_root(struct world *world, int index, uint64_t random)
{
    struct plain_slot *plain = &world->plain[index];
    struct slot *slot = slot_at(world, index);
    struct counted *object = NULL;

    plain->type = (enum mn_cap_type)(1 + random % (MN_CAP_TYPES - 1));
    plain->rights = MN_RIGHTS_ALL;
    if (is_range(plain->type)) {
        plain->value = SLOT_RANGE(0x100, 0x80);
    } else {
        plain->object = (int)((random >> 8) % OBJECTS);
        object = &world->objects[plain->object];
        object->references++;
    }
    capability_install(slot, NULL, SLOT_WORD(plain->type, plain->rights), object,
                       plain->value);
}

/** Copies a capability, with a mask and a range by @p random. */
static void copy(struct world *world, int source, int target, uint64_t random)
{
    struct plain_slot *from = &world->plain[source];
    bool narrow = is_range(from->type) && (random & 1) != 0;
    struct capability_copy how = {.rights = (uint32_t)(random >> 1 & MN_RIGHTS_ALL)};
    struct plain_slot made = *from;
    mn_status expected = MN_OK;

    if (narrow) {
        how.a = SLOT_FIRST(from->value) + (random >> 8) % 4 - 1;
        how.b = 1 + (random >> 16) % SLOT_COUNT(from->value);
        made.value = SLOT_RANGE(how.a, how.b);
    }
    made.parent = source;
    made.rights &= how.rights == MN_RIGHTS_SAME ? MN_RIGHTS_ALL : how.rights;
    if ((from->rights & MN_RIGHT_GRANT) == 0) {
        expected = MN_ERROR_RIGHTS;
    } else if (narrow &&
               (how.a < SLOT_FIRST(from->value) ||
                how.a + how.b > SLOT_FIRST(from->value) + SLOT_COUNT(from->value))) {
        expected = MN_ERROR_INVALID_ARGUMENT;
    }
    assert_int_equal(
        capability_copy(slot_at(world, source), slot_at(world, target), &how),
        expected);
    if (expected == MN_OK) {
        world->plain[target] = made;
    }
}

static void drop(struct world *world, int index)
{
    capability_drop(slot_at(world, index));
    for (size_t i = 0; i < SLOTS; i++) {
        if (world->plain[i].type != MN_CAP_EMPTY && world->plain[i].parent == index) {
            world->plain[i].parent = world->plain[index].parent;
        }
    }
    world->plain[index] = (struct plain_slot){.parent = NONE, .object = NONE};
}

static bool descends_from(const struct world *world, int index, int ancestor)
{
    for (index = world->plain[index].parent; index != NONE;
         index = world->plain[index].parent) {
        if (index == ancestor) {
            return true;
        }
    }
    return false;
}

/** Revoke: leaf by leaf, as the kernel does it; the plain table by searching. */
static void revoke(struct world *world, int index)
{
    struct cap_node *leaf;

    while ((leaf = derivation_leaf(&slot_at(world, index)->node)) != NULL) {
        capability_drop((struct slot *)(void *)leaf);
    }
    for (bool again = true; again;) {
        again = false;
        for (int i = 0; i < SLOTS; i++) {
            if (world->plain[i].type != MN_CAP_EMPTY &&
                descends_from(world, i, index)) {
                again = true;
                world->plain[i].type =
                    MN_CAP_EMPTY; /* its parent stays for the others */
                world->plain[i].rights = 0;
            }
        }
    }
    for (int i = 0; i < SLOTS; i++) {
        if (world->plain[i].type == MN_CAP_EMPTY) {
            world->plain[i] = (struct plain_slot){.parent = NONE, .object = NONE};
        }
    }
}

static void check_slot(const struct world *world, int index, int references[OBJECTS])
{
    const struct plain_slot *plain = &world->plain[index];
    const struct slot *slot = slot_at(world, index);
    struct cap_node *parent;

    assert_int_equal(slot_type(slot), plain->type);
    assert_int_equal(slot_rights(slot), plain->rights);
    assert_int_equal(slot->value, plain->value);
    if (plain->type == MN_CAP_EMPTY) {
        assert_true(slot_is_empty(slot) && slot->object == NULL);
        return;
    }
    parent = derivation_parent(&slot->node);
    assert_ptr_equal(
        parent, plain->parent == NONE ? NULL : &slot_at(world, plain->parent)->node);
    if (plain->object != NONE) {
        assert_ptr_equal(slot->object, &world->objects[plain->object]);
        references[plain->object]++;
    }
}

static void check_all(const struct world *world)
{
    int references[OBJECTS] = {0};

    for (int i = 0; i < SLOTS; i++) {
        check_slot(world, i, references);
    }
    for (size_t i = 0; i < OBJECTS; i++) {
        assert_int_equal(world->objects[i].references, references[i]);
    }
}

static void step(struct world *world)
{
    uint64_t random = unit_random(&world->seed);
    int one = (int)(random % SLOTS);
    int other = (int)((random >> 8) % SLOTS);

    if (world->plain[one].type == MN_CAP_EMPTY) {
        if ((random >> 16) % 8 == 0) {
            install_root(world, one, random >> 20);
        }
    } else if (world->plain[other].type == MN_CAP_EMPTY) {
        copy(world, one, other, random >> 20);
    } else if ((random >> 16) % 16 == 0) {
        revoke(world, one);
    } else {
        drop(world, one);
    }
}

static void random_operations_match_the_table(void **state)
{
    struct world *world = open_world();

    (void)state;
    for (unsigned round = 0; round < 30000; round++) {
        step(world);
        check_all(world);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (world->plain[i].type != MN_CAP_EMPTY) {
            drop(world, i);
        }
    }
    check_all(world);
    close_world(world);
}

/** Every type, every set of rights held, every set of rights asked for. */
static void lookup_wants_type_and_all_rights(void **state)
{
    struct world *world = open_world();
    struct slot *found = NULL;
    struct slot *slot = cnode_slot(&world->cnodes[0], 7);

    (void)state;
    for (uint32_t type = 1; type < MN_CAP_TYPES; type++) {
        for (uint32_t held = 0; held <= MN_RIGHTS_ALL; held++) {
            slot->node.word = SLOT_WORD(type, held);
            for (uint32_t asked = 0; asked <= MN_RIGHTS_ALL; asked++) {
                assert_int_equal(cnode_lookup(&world->cnodes[0], 7,
                                              (enum mn_cap_type)type, asked, &found),
                                 (asked & ~held) == 0 ? MN_OK : MN_ERROR_RIGHTS);
            }
            assert_int_equal(
                cnode_lookup(&world->cnodes[0], 7,
                             (enum mn_cap_type)(1 + type % (MN_CAP_TYPES - 1)), 0,
                             &found),
                MN_ERROR_TYPE);
        }
    }
    assert_ptr_equal(found, slot);
    slot->node.word = 0;
    close_world(world);
}

static void indexes_outside_are_invalid(void **state)
{
    static const uint64_t outside[] = {MN_CNODE_INITIAL_SLOTS, 65, 1ull << 32,
                                       UINT64_MAX};
    struct world *world = open_world();
    const struct cnode *cnode = &world->cnodes[0];
    struct slot *found = NULL;

    (void)state;
    for (size_t i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        assert_null(cnode_slot(cnode, outside[i]));
        assert_int_equal(cnode_lookup(cnode, outside[i], MN_CAP_PROCESS, 0, &found),
                         MN_ERROR_INVALID_SLOT);
        assert_int_equal(cnode_lookup_empty(cnode, outside[i], &found),
                         MN_ERROR_INVALID_SLOT);
    }
    assert_int_equal(cnode_lookup(cnode, 3, MN_CAP_PROCESS, 0, &found),
                     MN_ERROR_INVALID_SLOT);
    assert_int_equal(cnode_lookup_empty(cnode, 0, &found), MN_ERROR_INVALID_SLOT);
    assert_null(found);
    close_world(world);
}

static void empty_slots_are_found_in_order(void **state)
{
    struct world *world = open_world();
    struct cnode *cnode = &world->cnodes[0];
    struct slot *found;

    (void)state;
    for (uint64_t i = 1; i < MN_CNODE_INITIAL_SLOTS; i++) {
        assert_int_equal(cnode_find_empty(cnode), i);
        assert_int_equal(cnode_lookup_empty(cnode, i, &found), MN_OK);
        assert_ptr_equal(found, cnode_slot(cnode, i));
        found->node.word = SLOT_WORD(MN_CAP_PROCESS, 0);
        assert_int_equal(cnode_lookup_empty(cnode, i, &found), MN_ERROR_SLOT_OCCUPIED);
    }
    assert_int_equal(cnode_find_empty(cnode), 0);
    close_world(world);
}

static void a_cnode_needs_memory(void **state)
{
    struct account account;
    struct cnode cnode;

    (void)state;
    fake_machine_open(4);
    account_init(&account, 1, 0);
    assert_false(cnode_create(&cnode, &account));
    fake_machine_close();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_table),
        cmocka_unit_test(lookup_wants_type_and_all_rights),
        cmocka_unit_test(indexes_outside_are_invalid),
        cmocka_unit_test(empty_slots_are_found_in_order),
        cmocka_unit_test(a_cnode_needs_memory),
    };

    return cmocka_run_group_tests_name("cnode", tests, NULL, NULL);
}
