/**
 * test_user_registers.c - registers that ring 3 asks to run with.
 */
#include "core/user_registers.h"

#include "abi/user_memory_map.h"
#include "unit.h"

static void test_flags(void **state)
{
    /* What EFLAGS has (Intel SDM vol. 1, 3.4.3), bit by bit: may ring 3 choose it? */
    static const unsigned chosen[] = {0, 2, 4, 6, 7, 8, 10, 11, 16, 18, 21};
    uint64_t expected_one = 0;

    (void)state;
    for (unsigned i = 0; i < sizeof(chosen) / sizeof(chosen[0]); i++) {
        expected_one |= 1ull << chosen[i];
    }
    for (unsigned bit = 0; bit < 64; bit++) {
        struct mn_trap_frame frame = {.rflags = 1ull << bit};

        assert_true(user_registers_admit(&frame));
        assert_int_equal(frame.rflags, 0x202 | (frame.rflags & expected_one));
        assert_int_equal(frame.rflags & 1ull << bit, ((expected_one | 0x202) >> bit & 1)
                                                         << bit);
        frame.rflags = ~(1ull << bit);
        assert_true(user_registers_admit(&frame));
        assert_int_equal(frame.rflags & 0x202, 0x202);
    }
}

static void test_rip(void **state)
{
    static const uint64_t bad[] = {
        MN_USER_LIMIT,      MN_USER_LIMIT + 1,  0x00007fffffffffff, 0x0000800000000000,
        0xffff7fffffffffff, 0xffff800000000000, 0xffffffff80200000, UINT64_MAX};

    (void)state;
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        struct mn_trap_frame frame = {.rip = bad[i], .rflags = UINT64_MAX, .cs = 7};

        assert_false(user_registers_admit(&frame));
        assert_int_equal(frame.rflags, UINT64_MAX);
        assert_int_equal(frame.cs, 7);
    }
    assert_true(user_registers_rip_is_valid(0));
    assert_true(user_registers_rip_is_valid(MN_USER_LIMIT - 1));
}

static void test_the_rest_stays(void **state)
{
    struct mn_trap_frame frame;
    struct mn_trap_frame wanted;

    (void)state;
    memset(&frame, 0xa5, sizeof(frame));
    frame.rip = 0x400000;
    wanted = frame;
    wanted.rflags = (frame.rflags & MN_RFLAGS_USER) | MN_RFLAGS_ALWAYS;
    wanted.vector = 0;
    wanted.error = 0;
    wanted.cs = 0;
    wanted.ss = 0;
    assert_true(user_registers_admit(&frame));
    assert_memory_equal(&frame, &wanted, sizeof(frame));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_flags),
        cmocka_unit_test(test_rip),
        cmocka_unit_test(test_the_rest_stays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
