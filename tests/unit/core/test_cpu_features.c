/**
 * test_cpu_features.c - CPUs made of leaves of CPUID.
 */
#include "core/cpu_features.h"
#include "unit.h"

enum { LEAVES = 12 };

static struct leaf {
    uint32_t number;
    struct cpuid_result result;
} leaves[LEAVES];
static unsigned leaf_count;

static struct cpuid_result ask(uint32_t number, uint32_t subleaf)
{
    (void)subleaf;
    for (unsigned i = 0; i < leaf_count; i++) {
        if (leaves[i].number == number) {
            return leaves[i].result;
        }
    }
    return (struct cpuid_result){0};
}

static void set(uint32_t number, uint32_t eax, uint32_t ebx, uint32_t ecx, uint32_t edx)
{
    leaves[leaf_count++] = (struct leaf){number, {eax, ebx, ecx, edx}};
}

static struct cpu_features read(void)
{
    struct cpu_features features;

    memset(&features, 0xff, sizeof features);
    cpu_features_read(ask, &features);
    return features;
}

static int set_up(void **state)
{
    (void)state;
    leaf_count = 0;
    return 0;
}

static void a_cpu_with_nothing(void **state)
{
    struct cpu_features features = read();

    (void)state;
    assert_false(features.nx || features.pge || features.xsave || features.smap ||
                 features.syscall || features.hypervisor || features.tsc_invariant);
    assert_int_equal(cpu_features_tsc_rate(&features, ask), 0);
    assert_int_equal(cpu_features_xcr0(&features, ask), 0);
    assert_int_equal(cpu_features_efer(&features, 0x500), 0x500);
    assert_int_equal(cpu_features_cr4(&features), 0x60);
    assert_int_equal(cpu_features_cr0(0xe005003f), 0x80010033);
}

static void a_cpu_with_all(void **state)
{
    struct cpu_features features;

    (void)state;
    set(0, 0x15, 0, 0, 0);
    set(1, 0, 0, ~0u, ~0u);
    set(7, 0, 1u << 7 | 1u << 20, 1u << 2, 0);
    set(0x80000000, 0x80000008, 0, 0, 0);
    set(0x80000001, 0, 0, 0, 1u << 11 | 1u << 20 | 1u << 26);
    set(0x80000007, 0, 0, 0, 1u << 8);
    set(0x15, 2, 200, 24000000, 0);
    set(0xd, 0xe7, 0, 0, 0);
    features = read();
    assert_true(features.nx && features.pages_1gib && features.pge && features.smep &&
                features.smap && features.umip && features.xsave && features.fxsr &&
                features.avx && features.sse41 && features.x2apic &&
                features.tsc_deadline && features.tsc_invariant &&
                features.hypervisor && features.syscall);
    assert_int_equal(cpu_features_tsc_rate(&features, ask), 2400000000);
    assert_int_equal(cpu_features_xcr0(&features, ask), 0xe7);
    assert_int_equal(cpu_features_efer(&features, 0x500), 0xd01);
    assert_int_equal(cpu_features_cr4(&features),
                     0x60 | 0x80 | 0x600 | 0x800 | 0x40000 | 0x300000);
}

/** Leaves that the CPU does not have are not looked at; AVX-512 is whole, or not there. */
static void leaves_that_are_missing(void **state)
{
    struct cpu_features features;

    (void)state;
    set(0, 6, 0, 0, 0);
    set(1, 0, 0, 1u << 26 | 1u << 31, 0);
    set(7, 0, ~0u, ~0u, 0);
    set(0x80000000, 0x80000000, 0, 0, 0);
    set(0x80000001, 0, 0, 0, ~0u);
    set(0x80000007, 0, 0, 0, ~0u);
    set(0xd, 0x67, 0, 0, 0);
    features = read();
    assert_false(features.smep || features.nx || features.tsc_invariant);
    assert_int_equal(cpu_features_xcr0(&features, ask), 0x7);
    leaves[leaf_count - 1].result.eax = 0xe3;
    assert_int_equal(cpu_features_xcr0(&features, ask), 0x3);
    assert_int_equal(cpu_features_tsc_rate(&features, ask), 0);
    set(0x40000000, 0x40000010, 0, 0, 0);
    set(0x40000010, 3000000, 0, 0, 0);
    assert_int_equal(cpu_features_tsc_rate(&features, ask), 3000000000);
    features.max_leaf = 0x15;
    set(0x15, 1, 0, 1, 0);
    assert_int_equal(cpu_features_tsc_rate(&features, ask), 3000000000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(a_cpu_with_nothing, set_up),
        cmocka_unit_test_setup(a_cpu_with_all, set_up),
        cmocka_unit_test_setup(leaves_that_are_missing, set_up),
    };

    return cmocka_run_group_tests_name("cpu_features", tests, NULL, NULL);
}
