/**
 * cap_model.c - see cap_model.h.
 */
#include "model/cap_model.h"

#include "abi/rights.h"
#include "core/capability.h"
#include "core/cnode.h"
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

static const struct object_ops counted_ops = {count_retain, count_release, NULL, NULL,
                                              NULL};
static const struct object_ops range_ops = {NULL, NULL, NULL, range_narrow, NULL};

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_PMM_ALLOCATOR] = &counted_ops,
    [MN_CAP_IO_PORT] = &range_ops,
    [MN_CAP_PROCESS... MN_CAP_ENDPOINT] = &counted_ops,
    [MN_CAP_INTERRUPT... MN_CAP_MACHINE] = &range_ops,
    [MN_CAP_NOTIFICATION... MN_CAP_INSPECTOR - 1] = &counted_ops,
    [MN_CAP_INSPECTOR... MN_CAP_TYPES - 1] = &range_ops,
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
};

static struct world *open_world(void)
{
    struct world *world = calloc(1, sizeof(*world));

    require(world != NULL);
    fake_machine_open(16);
    account_init(&world->account, &physical_memory, 1, 1000);
    for (size_t i = 0; i < CNODES; i++) {
        require(cnode_create(&world->cnodes[i], &world->account));
    }
    for (size_t i = 0; i < SLOTS; i++) {
        world->plain[i].parent = NONE;
        world->plain[i].object = NONE;
    }
    return world;
}

static void close_world(struct world *world)
{
    for (size_t i = 0; i < CNODES; i++) {
        cnode_destroy(&world->cnodes[i]);
    }
    require(world->account.used_frames == 0);
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

static void install_root(struct world *world, int index, struct choices *choices)
{
    struct plain_slot *plain = &world->plain[index];
    struct slot *slot = slot_at(world, index);
    struct counted *object = NULL;

    plain->type = (enum mn_cap_type)(1 + choices_below(choices, MN_CAP_TYPES - 1));
    plain->rights = MN_RIGHTS_ALL;
    if (is_range(plain->type)) {
        plain->value = SLOT_RANGE(0x100, 0x80);
    } else {
        plain->object = (int)choices_below(choices, OBJECTS);
        object = &world->objects[plain->object];
        object->references++;
    }
    capability_install(slot, NULL, SLOT_WORD(plain->type, plain->rights), object,
                       plain->value);
}

/** What to copy: a mask of rights and, of a range, maybe a part, maybe one outside. */
static struct capability_copy choose_copy(const struct plain_slot *from,
                                          struct choices *choices)
{
    struct capability_copy how = {.rights = choices_below(choices, MN_RIGHTS_ALL + 1)};

    if (is_range(from->type) && choices_below(choices, 2) != 0) {
        how.a = SLOT_FIRST(from->value) + choices_below(choices, 4) - 1;
        how.b = 1 + choices_below(choices, SLOT_COUNT(from->value));
    }
    return how;
}

/** What capability_copy() has to answer. */
static mn_status expected_status(const struct plain_slot *from,
                                 const struct capability_copy *how)
{
    uint64_t first = SLOT_FIRST(from->value);

    if ((from->rights & MN_RIGHT_GRANT) == 0) {
        return MN_ERROR_RIGHTS;
    }
    if (how->b != 0 &&
        (how->a < first || how->a + how->b > first + SLOT_COUNT(from->value))) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return MN_OK;
}

static void copy(struct world *world, int source, int target, struct choices *choices)
{
    const struct plain_slot *from = &world->plain[source];
    struct capability_copy how = choose_copy(from, choices);
    mn_status expected = expected_status(from, &how);
    struct plain_slot made = *from;

    made.parent = source;
    if (how.b != 0) {
        made.value = SLOT_RANGE(how.a, how.b);
    }
    if (how.rights != MN_RIGHTS_SAME) {
        made.rights &= how.rights;
    }
    require(capability_copy(slot_at(world, source), slot_at(world, target), &how) ==
            expected);
    if (expected == MN_OK) {
        world->plain[target] = made;
    }
}

/** Hands what was made from one slot to another. */
static void give_children(struct world *world, int from, int to)
{
    for (size_t i = 0; i < SLOTS; i++) {
        if (world->plain[i].type != MN_CAP_EMPTY && world->plain[i].parent == from) {
            world->plain[i].parent = to;
        }
    }
}

static void move(struct world *world, int source, int target)
{
    capability_move(slot_at(world, source), slot_at(world, target));
    world->plain[target] = world->plain[source];
    world->plain[source] = (struct plain_slot){.parent = NONE, .object = NONE};
    give_children(world, source, target);
}

static void drop(struct world *world, int index)
{
    capability_drop(slot_at(world, index));
    give_children(world, index, world->plain[index].parent);
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

/** Revoke: leaf by leaf, as the kernel does it; in the table, whoever descends. */
static void revoke(struct world *world, int index)
{
    bool gone[SLOTS];
    struct cap_node *leaf;

    while ((leaf = derivation_leaf(&slot_at(world, index)->node)) != NULL) {
        capability_drop((struct slot *)(void *)leaf);
    }
    for (int i = 0; i < SLOTS; i++) {
        gone[i] =
            world->plain[i].type != MN_CAP_EMPTY && descends_from(world, i, index);
    }
    for (int i = 0; i < SLOTS; i++) {
        if (gone[i]) {
            world->plain[i] = (struct plain_slot){.parent = NONE, .object = NONE};
        }
    }
}

static void check_slot(const struct world *world, int index, int references[OBJECTS])
{
    const struct plain_slot *plain = &world->plain[index];
    const struct slot *slot = slot_at(world, index);
    const struct cap_node *parent;

    require(slot_type(slot) == plain->type);
    require(slot_rights(slot) == plain->rights);
    require(slot->value == plain->value);
    if (plain->type == MN_CAP_EMPTY) {
        require(slot_is_empty(slot) && slot->object == NULL);
        return;
    }
    parent = plain->parent == NONE ? NULL : &slot_at(world, plain->parent)->node;
    require(derivation_parent(&slot->node) == parent);
    if (plain->object != NONE) {
        require(slot->object == &world->objects[plain->object]);
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
        require(world->objects[i].references == references[i]);
    }
}

static void step(struct world *world, struct choices *choices)
{
    int one = (int)choices_below(choices, SLOTS);
    int other = (int)choices_below(choices, SLOTS);
    unsigned what = choices_byte(choices);

    if (world->plain[one].type == MN_CAP_EMPTY) {
        if (what % 8 == 0) {
            install_root(world, one, choices);
        }
    } else if (world->plain[other].type == MN_CAP_EMPTY) {
        if (what % 4 == 0) {
            move(world, one, other);
        } else {
            copy(world, one, other, choices);
        }
    } else if (what % 16 == 0) {
        revoke(world, one);
    } else {
        drop(world, one);
    }
}

void cap_model_run(struct choices *choices, unsigned steps)
{
    struct world *world = open_world();

    for (unsigned i = 0; i < steps && choices_left(choices); i++) {
        step(world, choices);
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
