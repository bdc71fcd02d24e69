/** bulk.c - memory moved and filled in pieces of many sizes, with a look at the result. */
#include "bench.h"

enum { SIZE = 1 << 20 };

static uint8_t buffer[SIZE];

int main(void)
{
    uint32_t seed = 5;
    uint32_t hash = 2166136261u;

    for (int i = 0; i < 100000 * SCALE; i++) {
        uint32_t size = bench_random(&seed) % 4096;
        uint32_t from = bench_random(&seed) % (SIZE - 4096);
        uint32_t to = bench_random(&seed) % (SIZE - 4096);
        if (i % 3 == 0) {
            memset(buffer + to, (int)(seed & 255), size);
        } else {
            memmove(buffer + to, buffer + from, size);
        }
        if (i % 64 == 0) {
            hash = bench_hash(hash, buffer + to, 256);
        }
    }
    return bench_result("bulk", hash);
}
