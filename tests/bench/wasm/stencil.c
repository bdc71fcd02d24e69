/** stencil.c - a five-point stencil over a grid of doubles, there and back. */
#include "bench.h"

enum { N = 200 };

static double front[N][N];
static double back[N][N];

static void relax(double to[N][N], double from[N][N])
{
    for (int i = 1; i < N - 1; i++) {
        for (int j = 1; j < N - 1; j++) {
            to[i][j] = 0.2 * (from[i][j] + from[i][j - 1] + from[i][j + 1] +
                              from[i - 1][j] + from[i + 1][j]);
        }
    }
}

int main(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            front[i][j] = back[i][j] = (double)(i * (j + 2) % 97) / N;
        }
    }
    for (int i = 0; i < 600 * SCALE; i++) {
        relax(back, front);
        relax(front, back);
    }
    return bench_result("stencil", bench_hash(2166136261u, front, sizeof(front)));
}
