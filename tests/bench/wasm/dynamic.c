/** dynamic.c - dynamic programming: the longest common subsequence of two strings. */
#include "bench.h"

enum { N = 1500 };

static uint8_t l[N];
static uint8_t r[N];
static uint16_t table[2][N + 1];

static uint32_t common(void)
{
    for (int i = 0; i < N; i++) {
        uint16_t *now = table[i & 1];
        const uint16_t *before = table[~i & 1];
        for (int j = 0; j < N; j++) {
            uint16_t best = now[j] > before[j + 1] ? now[j] : before[j + 1];
            now[j + 1] = l[i] == r[j] ? (uint16_t)(before[j] + 1) : best;
        }
    }
    return table[(N - 1) & 1][N];
}

int main(void)
{
    uint32_t seed = 3;
    uint32_t sum = 0;

    for (int round = 0; round < 20 * SCALE; round++) {
        for (int i = 0; i < N; i++) {
            l[i] = (uint8_t)(bench_random(&seed) >> 8 & 3);
            r[i] = (uint8_t)(bench_random(&seed) >> 9 & 3);
        }
        memset(table, 0, sizeof(table));
        sum = sum * 31 + common();
    }
    return bench_result("dynamic", sum);
}
