/**
 * test_slab.c - accounts and slabs: what is charged, what is handed out, what comes back.
 */
#include "arch/x86_64/direct_map.h"
#include "core/slab.h"
#include "fake_machine.h"
#include "unit.h"

enum { FRAMES = 64, LIVE_MAX = 600 };

static const size_t sizes[SLAB_CLASSES] = {64, 80, 128, 512};

struct object {
    uint8_t *bytes;
    size_t size;
    uint8_t pattern;
    struct account *account;
};

struct world {
    struct account accounts[2];
    struct object live[LIVE_MAX];
    size_t count;
    uint64_t seed;
};

static void check_object(const struct object *object)
{
    for (size_t i = 0; i < object->size; i++) {
        assert_int_equal(object->bytes[i], object->pattern);
    }
    assert_ptr_equal(slab_account(object->bytes), object->account);
}

static void take(struct world *world, uint64_t random)
{
    struct object *object = &world->live[world->count];
    enum slab_class class = (enum slab_class)(random % SLAB_CLASSES);
    struct account *account = &world->accounts[random >> 8 & 1];
    uint64_t used = account->used_frames;

    object->bytes = slab_take(account, class);
    if (object->bytes == NULL) {
        assert_int_equal(account->used_frames, used);
        assert_true(used == account->limit_frames || physical_memory.free_frames == 0);
        return;
    }
    assert_int_equal((uintptr_t)object->bytes % 16, 0);
    object->size = sizes[class];
    object->account = account;
    object->pattern = 0;
    check_object(object); /* it is zeroed */
    object->pattern = (uint8_t)(random >> 16);
    memset(object->bytes, object->pattern, object->size);
    world->count++;
}

static void give(struct world *world, size_t index)
{
    struct object object = world->live[index];

    check_object(&object);
    slab_give(object.bytes);
    world->count--;
    world->live[index] = world->live[world->count];
}

static void random_objects_never_meet(void **state)
{
    struct world *world = calloc(1, sizeof(*world));

    (void)state;
    assert_non_null(world);
    fake_machine_open(FRAMES);
    world->seed = 0x082EFA98EC4E6C89;
    account_init(&world->accounts[0], &physical_memory, 1, 20);
    account_init(&world->accounts[1], &physical_memory, 2, 1000);
    for (unsigned round = 0; round < 30000; round++) {
        uint64_t random = unit_random(&world->seed);
        bool growing = round / 1500 % 2 == 0;

        if (world->count == 0 ||
            (world->count < LIVE_MAX && random % 8 < (growing ? 6 : 2))) {
            take(world, random >> 3);
        } else {
            give(world, (random >> 3) % world->count);
        }
        assert_true(world->accounts[0].used_frames <= 20);
        assert_int_equal(world->accounts[0].used_frames +
                             world->accounts[1].used_frames +
                             physical_memory.free_frames,
                         FRAMES - 1);
    }
    while (world->count > 0) {
        give(world, 0);
    }
    assert_int_equal(world->accounts[0].used_frames, 0);
    assert_int_equal(world->accounts[1].used_frames, 0);
    fake_machine_close();
    free(world);
}

static void charges_stop_at_the_limit(void **state)
{
    struct account account;
    uint64_t address = 0x5A;

    (void)state;
    fake_machine_open(FRAMES);
    account_init(&account, &physical_memory, 1, 9);
    assert_true(account_take(&account, 3, &address));
    assert_int_equal(account.used_frames, 8);
    account_give(&account, address, 3);
    assert_true(account_charge(&account, 2));
    assert_false(account_take(&account, 3, &address));
    assert_false(account_charge(&account, 8));
    assert_false(account_charge(&account, UINT64_MAX));
    assert_true(account_charge(&account, 7));
    assert_null(account_take_page(&account));
    account_uncharge(&account, 9);
    expect_assert_failure(account_uncharge(&account, 1));
    fake_machine_close();
}

/** The machine has less than the account may use: nothing stays charged. */
static void an_empty_machine_charges_nothing(void **state)
{
    struct account account;
    uint64_t address = 0x5A;

    (void)state;
    fake_machine_open(FRAMES);
    account_init(&account, &physical_memory, 1, 1000);
    assert_false(account_take(&account, 7, &address));
    assert_int_equal(account.used_frames, 0);
    assert_int_equal(address, 0x5A);
    fake_machine_close();
}

static void pages_are_zeroed(void **state)
{
    struct account account;
    uint8_t *page;

    (void)state;
    fake_machine_open(FRAMES);
    account_init(&account, &physical_memory, 1, 1);
    page = account_take_page(&account);
    assert_non_null(page);
    for (size_t i = 0; i < FRAME_BYTES; i++) {
        assert_int_equal(page[i], 0);
    }
    account_give_page(&account, page);
    assert_int_equal(account.used_frames, 0);
    fake_machine_close();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_objects_never_meet),
        cmocka_unit_test(charges_stop_at_the_limit),
        cmocka_unit_test(an_empty_machine_charges_nothing),
        cmocka_unit_test(pages_are_zeroed),
    };

    return cmocka_run_group_tests_name("slab", tests, NULL, NULL);
}
