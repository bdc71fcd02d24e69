/**
 * test_reference_clock.c - which clock is chosen, and what its counts mean.
 */
#include "core/reference_clock.h"
#include "unit.h"

static struct acpi_info with_timer(uint64_t address, bool wide)
{
    struct acpi_info acpi;

    memset(&acpi, 0, sizeof acpi);
    acpi.pm_timer.address = address;
    acpi.pm_timer.space = ACPI_SPACE_IO;
    acpi.pm_timer_32bit = wide;
    return acpi;
}

static void hpet(void **state)
{
    struct acpi_info acpi = with_timer(0x608, true);
    struct reference_clock clock = reference_clock_choose(&acpi, 10000000);

    (void)state;
    assert_int_equal(clock.kind, REFERENCE_HPET);
    assert_int_equal(clock.ticks_per_second, 100000000);
    assert_int_equal(reference_clock_ns(&clock, 5, 105), 1000);
    assert_int_equal(reference_clock_ns(&clock, UINT32_MAX, 1), 20);
    assert_int_equal(reference_clock_ns(&clock, 0, UINT32_MAX), 42949672950);
    assert_string_equal(reference_clock_name(&clock), "HPET");
    assert_int_equal(reference_clock_choose(&acpi, 100000001).kind, REFERENCE_PM_TIMER);
}

static void pm_timer(void **state)
{
    struct acpi_info acpi = with_timer(0x608, false);
    struct reference_clock clock = reference_clock_choose(&acpi, 0);

    (void)state;
    assert_int_equal(clock.kind, REFERENCE_PM_TIMER);
    assert_int_equal(clock.port, 0x608);
    assert_int_equal(reference_clock_ns(&clock, 0xffffff, 3579544), 1000000000);
    assert_true(reference_clock_minimum_ns(&clock) == 300000);
    acpi.pm_timer_32bit = true;
    clock = reference_clock_choose(&acpi, 0);
    assert_int_equal(clock.count_mask, UINT32_MAX);
    assert_string_equal(reference_clock_name(&clock), "ACPI timer");
}

static void pit(void **state)
{
    struct acpi_info none = with_timer(0, false);
    struct acpi_info far = with_timer(0x10000, false);
    struct acpi_info memory = with_timer(0x608, false);
    struct reference_clock clock = reference_clock_choose(&none, 0);

    (void)state;
    assert_int_equal(clock.kind, REFERENCE_PIT);
    assert_int_equal(reference_clock_choose(&far, 0).kind, REFERENCE_PIT);
    memory.pm_timer.space = ACPI_SPACE_MEMORY;
    assert_int_equal(reference_clock_choose(&memory, 0).kind, REFERENCE_PIT);
    assert_in_range(reference_clock_ns(&clock, 0, 0xffff), 54900000, 55000000);
    assert_string_equal(reference_clock_name(&clock), "PIT");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hpet),
        cmocka_unit_test(pm_timer),
        cmocka_unit_test(pit),
    };

    return cmocka_run_group_tests_name("reference_clock", tests, NULL, NULL);
}
