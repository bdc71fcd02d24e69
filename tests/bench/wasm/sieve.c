/** sieve.c - the sieve of Eratosthenes: short loops of byte stores. */
#include "bench.h"

enum { LIMIT = 2000000 };

static uint8_t composite[LIMIT];

static uint32_t count_primes(void)
{
    uint32_t count = 0;

    memset(composite, 0, sizeof(composite));
    for (uint32_t i = 2; i < LIMIT; i++) {
        if (composite[i]) {
            continue;
        }
        count++;
        for (uint64_t j = (uint64_t)i * i; j < LIMIT; j += i) {
            composite[j] = 1;
        }
    }
    return count;
}

int main(void)
{
    uint32_t sum = 0;

    for (int i = 0; i < 20 * SCALE; i++) {
        sum = sum * 7 + count_primes();
    }
    return bench_result("sieve", sum);
}
