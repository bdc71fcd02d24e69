/**
 * test_irq_lines.c - interrupt lines on a usual PC and with odd overrides.
 */
#include "core/irq_lines.h"
#include "unit.h"

/* QEMU's: the timer at input 2, the rest of PCI's old lines level-triggered, active high. */
static const struct acpi_override usual[] = {
    {.gsi = 2, .source = 0},
    {.gsi = 5, .source = 5, .level = true},
    {.gsi = 9, .source = 9, .level = true, .active_low = true},
};

static struct irq_lines lines;

static void usual_pc(void **state)
{
    (void)state;
    irq_lines_init(&lines, usual, 3);
    assert_int_equal(irq_lines_gsi(&lines, 0), 2);
    assert_int_equal(irq_lines_gsi(&lines, 1), 1);
    assert_int_equal(irq_lines_gsi(&lines, 16), 16);
    assert_int_equal(irq_lines_gsi(&lines, 200), 200);
    for (uint32_t line = 0; line < 64; line++) {
        assert_int_equal(irq_lines_is_taken(&lines, line), line == 2);
    }
}

static void bits(void **state)
{
    (void)state;
    irq_lines_init(&lines, usual, 3);
    assert_int_equal(irq_lines_bits(&lines, 0), 0);
    assert_int_equal(irq_lines_bits(&lines, 1), 0);
    assert_int_equal(irq_lines_bits(&lines, 5), IRQ_LINES_LEVEL);
    assert_int_equal(irq_lines_bits(&lines, 9), IRQ_LINES_LEVEL | IRQ_LINES_ACTIVE_LOW);
    assert_int_equal(irq_lines_bits(&lines, 16),
                     IRQ_LINES_LEVEL | IRQ_LINES_ACTIVE_LOW);
    assert_int_equal(irq_lines_bits(&lines, 21),
                     IRQ_LINES_LEVEL | IRQ_LINES_ACTIVE_LOW);
}

/** Two lines that change places are both there; a PCI line that an ISA one took is not. */
static void odd_overrides(void **state)
{
    static const struct acpi_override odd[] = {
        {.gsi = 4, .source = 3},
        {.gsi = 3, .source = 4},
        {.gsi = 20, .source = 9},
        {.gsi = 6, .source = 16 + 7},
    };

    (void)state;
    irq_lines_init(&lines, odd, 4);
    assert_false(irq_lines_is_taken(&lines, 3));
    assert_false(irq_lines_is_taken(&lines, 4));
    assert_true(irq_lines_is_taken(&lines, 20));
    assert_false(irq_lines_is_taken(&lines, 9));
    assert_int_equal(irq_lines_gsi(&lines, 7), 6);
    assert_true(irq_lines_is_taken(&lines, 6));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(usual_pc),
        cmocka_unit_test(bits),
        cmocka_unit_test(odd_overrides),
    };

    return cmocka_run_group_tests_name("irq_lines", tests, NULL, NULL);
}
