/**
 * test_frame.c - blocks of frames: who pays, and when they go back.
 */
#include "abi/rights.h"
#include "core/frame.h"
#include "fake_machine.h"
#include "unit.h"

enum { FRAMES = 64 };

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_MEMORY_FRAME] = &frame_ops,
};

static void install(struct slot *slot, struct frame *frame)
{
    capability_install(slot, NULL, SLOT_WORD(MN_CAP_MEMORY_FRAME, MN_RIGHTS_ALL), frame,
                       0);
    frame_ops.retain(slot);
}

static void the_last_reference_gives_back(void **state)
{
    struct account account;
    struct slot one = {.value = 0};
    struct slot two = {.value = 0};
    struct capability_copy how = {.rights = MN_RIGHT_READ};
    struct frame *frame;

    (void)state;
    fake_machine_open(FRAMES);
    account_init(&account, &physical_memory, 1, 20);
    frame = frame_create(&account, 4);
    assert_non_null(frame);
    assert_int_equal(frame->pages, 16);
    assert_int_equal(account.used_frames, 17); /* the blocks, and a page of objects */
    install(&one, frame);
    assert_int_equal(capability_copy(&one, &two, &how), MN_OK);
    capability_drop(&one);
    assert_int_equal(account.used_frames, 17);
    capability_drop(&two);
    assert_int_equal(account.used_frames, 0);
    fake_machine_close();
}

/** For each limit: either all of it is charged, or nothing. */
static void creating_is_all_or_nothing(void **state)
{
    struct account account;

    (void)state;
    fake_machine_open(FRAMES);
    for (uint64_t limit = 0; limit < 20; limit++) {
        struct slot slot = {.value = 0};
        struct frame *frame;

        account_init(&account, &physical_memory, 1, limit);
        frame = frame_create(&account, 4);
        assert_int_equal(frame != NULL, limit >= 17);
        if (frame != NULL) {
            install(&slot, frame);
            capability_drop(&slot);
        }
        assert_int_equal(account.used_frames, 0);
    }
    fake_machine_close();
}

/** Frames that are in use already are charged, and become free with the last reference. */
static void adopted_frames(void **state)
{
    struct account account;
    struct slot slot = {.value = 0};
    struct mn_cap_info info = {0};
    struct frame *frame;
    uint64_t address;

    (void)state;
    fake_machine_open(FRAMES);
    assert_true(frame_allocator_take(&physical_memory, 3, &address));
    for (uint64_t limit = 0; limit < 6; limit++) {
        account_init(&account, &physical_memory, 1, limit);
        assert_null(frame_adopt(&account, address, 6));
        assert_int_equal(account.used_frames, 0);
    }
    account_init(&account, &physical_memory, 1, 7);
    frame = frame_adopt(&account, address, 6);
    assert_non_null(frame);
    install(&slot, frame);
    frame_ops.describe(&slot, &info);
    assert_int_equal(info.a, 6 * FRAME_BYTES);
    assert_int_equal(info.b, 0);
    capability_drop(&slot);
    assert_int_equal(account.used_frames, 0);
    frame_allocator_add(&physical_memory, (address >> FRAME_SHIFT) + 6,
                        (address >> FRAME_SHIFT) + 8);
    fake_machine_close();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_last_reference_gives_back),
        cmocka_unit_test(creating_is_all_or_nothing),
        cmocka_unit_test(adopted_frames),
    };

    return cmocka_run_group_tests_name("frame", tests, NULL, NULL);
}
