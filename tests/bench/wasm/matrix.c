/** matrix.c - products of matrices of doubles, the plain triple loop. */
#include "bench.h"

enum { N = 128 };

static double a[N][N];
static double b[N][N];
static double c[N][N];

static void multiply(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            c[i][j] *= 0.5;
            for (int k = 0; k < N; k++) {
                c[i][j] += a[i][k] * b[k][j];
            }
        }
    }
}

int main(void)
{
    for (int i = 0; i < N; i++) {
        for (int j = 0; j < N; j++) {
            a[i][j] = (double)((i * j + 1) % N) / N;
            b[i][j] = (double)((i * (j + 2)) % N) / N;
        }
    }
    for (int i = 0; i < 60 * SCALE; i++) {
        multiply();
    }
    return bench_result("matrix", bench_hash(2166136261u, c, sizeof(c)));
}
