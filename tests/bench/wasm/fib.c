/** fib.c - recursion: nothing but calls and returns. */
#include "bench.h"

static __attribute__((noinline)) uint32_t fib(uint32_t n)
{
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
}

int main(void)
{
    uint32_t sum = 0;

    for (uint32_t i = 0; i < 8 * SCALE; i++) {
        sum += fib(32 + (i & 1));
    }
    return bench_result("fib", sum);
}
