/**
 * test_endpoint.c - endpoints as objects: badges, closing, who pays. Messages are in
 * test_scheduler.c.
 */
#include "abi/rights.h"
#include "core/cnode.h"
#include "fake_cpu.h"
#include "fake_machine.h"
#include "ipc/endpoint.h"
#include "sched/thread.h"

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_ENDPOINT] = &endpoint_ops,
};

static struct account account;

static struct endpoint *open_endpoint(struct slot *slot)
{
    struct endpoint *endpoint;

    fake_machine_open(16);
    account_init(&account, &physical_memory, 1, 4);
    endpoint = endpoint_create(&account);
    assert_non_null(endpoint);
    memset(slot, 0, sizeof(*slot));
    capability_install(slot, NULL, SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHTS_ALL), endpoint,
                       0);
    endpoint_ops.retain(slot);
    return endpoint;
}

static void close_machine(void)
{
    assert_int_equal(account.used_frames, 0);
    fake_machine_close();
}

/** A capability without a badge can be given one; one with a badge keeps it. */
static void badges_are_given_once(void **state)
{
    struct slot root;
    struct slot badged = {.value = 0};
    struct slot again = {.value = 0};
    struct capability_copy how = {.rights = MN_RIGHTS_SAME, .a = 77};
    struct mn_cap_info info = {0};

    (void)state;
    open_endpoint(&root);
    assert_int_equal(capability_copy(&root, &badged, &how), MN_OK);
    endpoint_ops.describe(&badged, &info);
    assert_int_equal(info.a, 77);
    how.a = 78;
    assert_int_equal(capability_copy(&badged, &again, &how), MN_ERROR_INVALID_ARGUMENT);
    how.a = 0;
    assert_int_equal(capability_copy(&badged, &again, &how), MN_OK);
    assert_int_equal(again.value, 77); /* a plain copy has the badge too */
    capability_drop(&again);
    how.b = 1;
    assert_int_equal(capability_copy(&root, &again, &how), MN_ERROR_INVALID_ARGUMENT);
    capability_drop(&badged);
    capability_drop(&root);
    close_machine();
}

/** Capabilities that can only send do not keep it open. */
static void readers_are_counted(void **state)
{
    static struct thread self;
    struct slot root;
    struct slot sender = {.value = 0};
    struct slot receiver = {.value = 0};
    struct capability_copy send_only = {.rights = MN_RIGHT_WRITE};
    struct capability_copy receive_only = {.rights = MN_RIGHT_READ};
    struct endpoint *endpoint = open_endpoint(&root);

    (void)state;
    assert_int_equal(endpoint->readers, 1);
    assert_int_equal(capability_copy(&root, &sender, &send_only), MN_OK);
    assert_int_equal(capability_copy(&root, &receiver, &receive_only), MN_OK);
    assert_int_equal(endpoint->readers, 2);
    capability_drop(&root);
    capability_drop(&receiver);
    assert_int_equal(endpoint->readers, 0);
    assert_int_equal(endpoint->references, 1);
    fake_cpu_open();
    fake_cpu.cpu.current = &self;
    assert_int_equal(endpoint_send(&sender), MN_ERROR_NO_ENDPOINT);
    capability_drop(&sender);
    close_machine();
}

/** A one-shot capability keeps what one use uses up, is found by calls that do that, and is
 *  gone with it. */
static void one_shot_has_one_use(void **state)
{
    struct slot root;
    static struct slot page[CNODE_PAGE_SLOTS];
    struct slot *pages[] = {page};
    struct cnode cnode = {.slot_count = CNODE_PAGE_SLOTS, .pages = pages};
    struct slot *found = NULL;
    struct capability_copy how = {.rights = MN_MINT_ONE_SHOT | MN_RIGHT_READ};
    struct endpoint *endpoint = open_endpoint(&root);

    (void)state;
    assert_int_equal(capability_copy(&root, &page[1], &how), MN_ERROR_INVALID_ARGUMENT);
    how.rights = MN_MINT_ONE_SHOT;
    assert_int_equal(capability_copy(&root, &page[1], &how), MN_OK);
    assert_int_equal(slot_rights(&page[1]), MN_RIGHT_WRITE);
    assert_int_equal(endpoint->readers, 1);
    assert_int_equal(capability_copy(&page[1], &page[2], &how), MN_ERROR_RIGHTS);
    assert_int_equal(cnode_lookup(&cnode, 1, MN_CAP_ENDPOINT, MN_RIGHT_WRITE, &found),
                     MN_ERROR_RIGHTS);
    assert_int_equal(
        cnode_lookup(&cnode, 1, MN_CAP_ENDPOINT, MN_RIGHT_READ | CNODE_USES_UP, &found),
        MN_ERROR_RIGHTS);
    capability_move(&page[1], &page[2]);
    assert_int_equal(cnode_lookup(&cnode, 2, MN_CAP_ENDPOINT,
                                  MN_RIGHT_WRITE | CNODE_USES_UP, &found),
                     MN_OK);
    capability_used(found);
    assert_true(slot_is_empty(&page[2]));
    capability_used(&root); /* that one is not */
    capability_drop(&root);
    close_machine();
}

static void creating_needs_memory(void **state)
{
    struct endpoint *endpoint;

    (void)state;
    fake_machine_open(16);
    account_init(&account, &physical_memory, 1, 0);
    assert_null(endpoint_create(&account));
    account_init(&account, &physical_memory, 1, 1);
    endpoint = endpoint_create(&account);
    assert_non_null(endpoint);
    endpoint_destroy(endpoint);
    close_machine();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(badges_are_given_once),
        cmocka_unit_test(one_shot_has_one_use),
        cmocka_unit_test(readers_are_counted),
        cmocka_unit_test(creating_needs_memory),
    };

    return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
