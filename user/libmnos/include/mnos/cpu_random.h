/**
 * cpu_random.h - random numbers of the processor's own: RDSEED and RDRAND.
 *
 * Source: Intel SDM, volume 1, 7.3.17. For who seeds a generator; everybody else asks the
 * random service, which mixes several sources.
 */
#ifndef MNOS_CPU_RANDOM_H
#define MNOS_CPU_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/** Which of the two the processor has. */
struct cpu_random {
    bool rdseed;
    bool rdrand;
};

/** Asks CPUID. */
struct cpu_random cpu_random_detect(void);

/** 64 random bits by RDSEED, which the processor must have. false: it had none ready after
 *  several tries. */
bool cpu_random_seed(uint64_t *out_bits);

/** The same by RDRAND. */
bool cpu_random_number(uint64_t *out_bits);

#endif
