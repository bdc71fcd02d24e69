/**
 * test_descriptors.c - segments, gates and the area of the vector state, bit by bit.
 */
#include "core/descriptors.h"

#include "core/fpu_area.h"
#include "core/vectors.h"
#include "unit.h"

/** Base and limit of the system descriptor at a selector. */
static void read_system(const uint64_t *gdt, unsigned selector, uint64_t *out_base,
                        uint64_t *out_limit)
{
    const uint64_t *words = &gdt[selector / 8];

    *out_base = (words[0] >> 16 & 0xffffff) | (words[0] >> 56) << 24 | words[1] << 32;
    *out_limit = (words[0] & 0xffff) | (words[0] >> 48 & 0xf) << 16;
}

static void test_gdt(void **state)
{
    uint64_t gdt[DESCRIPTORS_GDT_WORDS];
    uint64_t base;
    uint64_t limit;

    (void)state;
    memset(gdt, 0xa5, sizeof(gdt));
    descriptors_gdt(gdt, 0xfedcba9876543210);
    read_system(gdt, SELECTOR_TSS, &base, &limit);
    assert_int_equal(base, 0xfedcba9876543210);
    assert_int_equal(limit, sizeof(struct tss) - 1);
    assert_int_equal(gdt[SELECTOR_TSS / 8] >> 40 & 0x1f, 9); /* available 64-bit TSS */
    assert_int_equal(gdt[0], 0);
    /* DPL, and L without D for code. */
    assert_int_equal(gdt[SELECTOR_KERNEL_CODE / 8] >> 45 & 3, 0);
    assert_int_equal(gdt[SELECTOR_KERNEL_DATA / 8] >> 45 & 3, 0);
    assert_int_equal(gdt[SELECTOR_USER_CODE / 8] >> 45 & 3, 3);
    assert_int_equal(gdt[SELECTOR_USER_DATA / 8] >> 45 & 3, 3);
    assert_int_equal(gdt[SELECTOR_KERNEL_CODE / 8] >> 53 & 3, 1);
    assert_int_equal(gdt[SELECTOR_USER_CODE / 8] >> 53 & 3, 1);
}

static void test_gates(void **state)
{
    (void)state;
    for (unsigned vector = 0; vector < VECTOR_COUNT; vector++) {
        struct idt_gate gate = descriptors_gate(vector, 0xffffffff80123456 + vector);
        bool from_user = vector == 3 || vector == 4;
        bool own_stack = vector == 1 || vector == 2 || vector == 8 || vector == 18;
        uint64_t offset = gate.offset_low | (uint64_t)gate.offset_middle << 16 |
                          (uint64_t)gate.offset_high << 32;

        assert_int_equal(offset, 0xffffffff80123456 + vector);
        assert_int_equal(gate.selector, SELECTOR_KERNEL_CODE);
        assert_int_equal(gate.attributes, from_user ? 0xee : 0x8e);
        assert_int_equal(gate.ist != 0, own_stack);
        assert_int_equal(gate.reserved, 0);
    }
}

static void test_fpu_area(void **state)
{
    static struct fpu_area area;

    (void)state;
    fpu_area_init(&area);
    assert_int_equal(area.bytes[0] | area.bytes[1] << 8, 0x37f);
    assert_int_equal(area.bytes[24] | area.bytes[25] << 8, 0x1f80);
    memset(&area, 0xff, sizeof(area));
    fpu_area_reset(&area, true, 0x1fbf, 0x27f);
    assert_int_equal(*(uint64_t *)(void *)(area.bytes + 512), 1);
    assert_int_equal(*(uint64_t *)(void *)area.bytes, 0x27f);
    assert_int_equal(*(uint32_t *)(void *)(area.bytes + 24), 0x1fbf);
    fpu_area_reset(&area, false, 0x1fbf, 0x27f);
    assert_int_equal(*(uint64_t *)(void *)area.bytes, 0x27f);
    assert_int_equal(*(uint32_t *)(void *)(area.bytes + 24), 0x1fbf);
    for (unsigned i = 28; i < 512; i++) {
        assert_int_equal(area.bytes[i], 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gdt),
        cmocka_unit_test(test_gates),
        cmocka_unit_test(test_fpu_area),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
