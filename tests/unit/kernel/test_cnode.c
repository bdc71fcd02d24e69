/**
 * test_cnode.c - CNodes: random runs beside the model, and each lookup with each type and
 * each set of rights.
 */
#include "abi/rights.h"
#include "core/cnode.h"
#include "fake_machine.h"
#include "model/cap_model.h"
#include "unit.h"

static void random_operations_match_the_model(void **state)
{
    struct choices choices = {.seed = 0x452821E638D01377};

    (void)state;
    cap_model_run(&choices, 30000);
}

/** A machine with one account and one CNode. */
struct world {
    struct account account;
    struct cnode cnode;
};

static void open_world(struct world *world)
{
    fake_machine_open(16);
    account_init(&world->account, &physical_memory, 1, 8);
    assert_true(cnode_create(&world->cnode, &world->account));
}

static void close_world(struct world *world)
{
    cnode_destroy(&world->cnode);
    assert_int_equal(world->account.used_frames, 0);
    fake_machine_close();
}

/** Every type, every set of rights held, every set of rights asked for. */
static void lookup_wants_type_and_all_rights(void **state)
{
    struct world world;
    struct slot *found = NULL;
    struct slot *slot;

    (void)state;
    open_world(&world);
    slot = cnode_slot(&world.cnode, 7);
    for (uint32_t type = 1; type < MN_CAP_TYPES; type++) {
        for (uint32_t held = 0; held <= MN_RIGHTS_ALL; held++) {
            slot->node.word = SLOT_WORD(type, held);
            for (uint32_t asked = 0; asked <= MN_RIGHTS_ALL; asked++) {
                assert_int_equal(cnode_lookup(&world.cnode, 7, (enum mn_cap_type)type,
                                              asked, &found),
                                 (asked & ~held) == 0 ? MN_OK : MN_ERROR_RIGHTS);
            }
            assert_int_equal(
                cnode_lookup(&world.cnode, 7,
                             (enum mn_cap_type)(1 + type % (MN_CAP_TYPES - 1)), 0,
                             &found),
                MN_ERROR_TYPE);
        }
    }
    assert_ptr_equal(found, slot);
    slot->node.word = 0;
    close_world(&world);
}

static void indexes_outside_are_invalid(void **state)
{
    static const uint64_t outside[] = {MN_CNODE_INITIAL_SLOTS, 65, 1ull << 32,
                                       UINT64_MAX};
    struct world world;
    const struct cnode *cnode = &world.cnode;
    struct slot *found = NULL;

    (void)state;
    open_world(&world);
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
    close_world(&world);
}

static void empty_slots_are_found_in_order(void **state)
{
    struct world world;
    struct cnode *cnode = &world.cnode;
    struct slot *found;

    (void)state;
    open_world(&world);
    for (uint64_t i = 1; i < MN_CNODE_INITIAL_SLOTS; i++) {
        assert_int_equal(cnode_find_empty(cnode), i);
        assert_int_equal(cnode_lookup_empty(cnode, i, &found), MN_OK);
        assert_ptr_equal(found, cnode_slot(cnode, i));
        found->node.word = SLOT_WORD(MN_CAP_PROCESS, 0);
        assert_int_equal(cnode_lookup_empty(cnode, i, &found), MN_ERROR_SLOT_OCCUPIED);
    }
    assert_int_equal(cnode_find_empty(cnode), 0);
    close_world(&world);
}

static void a_cnode_needs_memory(void **state)
{
    struct account account;
    struct cnode cnode;

    (void)state;
    fake_machine_open(4);
    account_init(&account, &physical_memory, 1, 0);
    assert_false(cnode_create(&cnode, &account));
    fake_machine_close();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_operations_match_the_model),
        cmocka_unit_test(lookup_wants_type_and_all_rights),
        cmocka_unit_test(indexes_outside_are_invalid),
        cmocka_unit_test(empty_slots_are_found_in_order),
        cmocka_unit_test(a_cnode_needs_memory),
    };

    return cmocka_run_group_tests_name("cnode", tests, NULL, NULL);
}
