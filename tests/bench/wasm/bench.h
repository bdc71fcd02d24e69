/**
 * bench.h - what the workloads share: a checksum that the compiler cannot see through, a
 * small generator of pseudo-random numbers, and how a result is printed.
 *
 * Every workload prints one line, the same natively and in every engine; the time is
 * taken outside. SCALE, a macro, multiplies the work; the default takes an interpreter
 * about half a second.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifndef SCALE
#define SCALE 1
#endif

/** xorshift32; never 0 from a seed that is not 0. */
static inline uint32_t bench_random(uint32_t *state)
{
    uint32_t x = *state;

    x ^= x << 13;
    x ^= x >> 17;
    x ^= x << 5;
    return *state = x;
}

/** FNV-1a over @p size bytes, from @p hash on. */
static inline uint32_t bench_hash(uint32_t hash, const void *bytes, size_t size)
{
    const uint8_t *p = bytes;

    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ p[i]) * 16777619u;
    }
    return hash;
}

static inline int bench_result(const char *name, uint32_t value)
{
    printf("%s %08x\n", name, (unsigned)value);
    return 0;
}

#endif
