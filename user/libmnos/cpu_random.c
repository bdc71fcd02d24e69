/**
 * cpu_random.c - see cpu_random.h.
 */
#include "mnos/cpu_random.h"

enum {
    LEAF_FEATURES = 1,
    FEATURES_ECX_RDRAND = 30,
    LEAF_EXTENDED_FEATURES = 7,
    EXTENDED_EBX_RDSEED = 18,
    TRIES = 64
};

struct cpuid {
    uint32_t eax;
    uint32_t ebx;
    uint32_t ecx;
    uint32_t edx;
};

static struct cpuid cpuid(uint32_t leaf)
{
    struct cpuid result;

    __asm__ volatile("cpuid"
                     : "=a"(result.eax), "=b"(result.ebx), "=c"(result.ecx),
                       "=d"(result.edx)
                     : "a"(leaf), "c"(0));
    return result;
}

static bool rdseed(uint64_t *out_bits)
{
    uint64_t bits;
    bool done;

    __asm__ volatile("rdseed %0" : "=r"(bits), "=@ccc"(done));
    *out_bits = bits;
    return done;
}

static bool rdrand(uint64_t *out_bits)
{
    uint64_t bits;
    bool done;

    __asm__ volatile("rdrand %0" : "=r"(bits), "=@ccc"(done));
    *out_bits = bits;
    return done;
}

struct cpu_random cpu_random_detect(void)
{
    bool has_leaf = cpuid(0).eax >= LEAF_EXTENDED_FEATURES;

    return (struct cpu_random){
        .rdseed = has_leaf &&
                  (cpuid(LEAF_EXTENDED_FEATURES).ebx >> EXTENDED_EBX_RDSEED & 1) != 0,
        .rdrand = (cpuid(LEAF_FEATURES).ecx >> FEATURES_ECX_RDRAND & 1) != 0};
}

bool cpu_random_seed(uint64_t *out_bits)
{
    for (unsigned i = 0; i < TRIES; i++) {
        if (rdseed(out_bits)) {
            return true;
        }
    }
    return false;
}

bool cpu_random_number(uint64_t *out_bits)
{
    for (unsigned i = 0; i < TRIES; i++) {
        if (rdrand(out_bits)) {
            return true;
        }
    }
    return false;
}
