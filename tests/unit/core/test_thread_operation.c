/**
 * test_thread_operation.c - which operations on a thread are admitted.
 */
#include "core/thread_operation.h"

#include "abi/thread.h"
#include "abi/user_memory_map.h"
#include "unit.h"

static const struct thread_operation_limits limits = {
    .cpus = 2, .ceiling = 40, .callers_ceiling = 30};

static mn_status check(uint64_t operation, uint64_t value)
{
    return thread_operation_check(operation, value, &limits);
}

static void test_operations(void **state)
{
    (void)state;
    assert_int_equal(check(0, 0), MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(MN_THREAD_GS_BASE + 1, 0), MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(UINT64_MAX, 0), MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check((1ull << 32) + MN_THREAD_SUSPEND, 0),
                     MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(MN_THREAD_SUSPEND, UINT64_MAX), MN_OK);
    assert_int_equal(check(MN_THREAD_RESUME, UINT64_MAX), MN_OK);
    assert_int_equal(check(MN_THREAD_KILL, UINT64_MAX), MN_OK);
}

static void test_values(void **state)
{
    (void)state;
    assert_int_equal(check(MN_THREAD_CPU, 1), MN_OK);
    assert_int_equal(check(MN_THREAD_CPU, 2), MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(MN_THREAD_FS_BASE, MN_USER_LIMIT - 1), MN_OK);
    assert_int_equal(check(MN_THREAD_FS_BASE, MN_USER_LIMIT),
                     MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(MN_THREAD_GS_BASE, MN_USER_LIMIT - 1), MN_OK);
    assert_int_equal(check(MN_THREAD_GS_BASE, UINT64_MAX), MN_ERROR_INVALID_ARGUMENT);
}

static void test_ceilings(void **state)
{
    (void)state;
    assert_int_equal(check(MN_THREAD_PRIORITY, 40), MN_OK);
    assert_int_equal(check(MN_THREAD_PRIORITY, 41), MN_ERROR_RIGHTS);
    assert_int_equal(check(MN_THREAD_PRIORITY, 64), MN_ERROR_INVALID_ARGUMENT);
    assert_int_equal(check(MN_THREAD_CEILING, 30), MN_OK);
    assert_int_equal(check(MN_THREAD_CEILING, 31), MN_ERROR_RIGHTS);
    assert_int_equal(check(MN_THREAD_CEILING, 64), MN_ERROR_INVALID_ARGUMENT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_operations),
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_ceilings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
