/** nbody.c - five bodies under gravity: float arithmetic with square roots. */
#include "bench.h"

double sqrt(double);

enum { BODIES = 5 };

struct body {
    double x[3];
    double v[3];
    double mass;
};

static void advance(struct body *bodies, double dt)
{
    for (int i = 0; i < BODIES; i++) {
        for (int j = i + 1; j < BODIES; j++) {
            double d[3];
            double square = 0.001;
            for (int k = 0; k < 3; k++) {
                d[k] = bodies[i].x[k] - bodies[j].x[k];
                square += d[k] * d[k];
            }
            double magnitude = dt / (square * sqrt(square));
            for (int k = 0; k < 3; k++) {
                bodies[i].v[k] -= d[k] * bodies[j].mass * magnitude;
                bodies[j].v[k] += d[k] * bodies[i].mass * magnitude;
            }
        }
    }
    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) {
            bodies[i].x[k] += dt * bodies[i].v[k];
        }
    }
}

int main(void)
{
    struct body bodies[BODIES];
    uint32_t seed = 7;

    for (int i = 0; i < BODIES; i++) {
        for (int k = 0; k < 3; k++) {
            bodies[i].x[k] = (double)(bench_random(&seed) % 1000) / 50.0 - 10.0;
            bodies[i].v[k] = (double)(bench_random(&seed) % 1000) / 500.0 - 1.0;
        }
        bodies[i].mass = 1.0 + (double)(bench_random(&seed) % 100) / 25.0;
    }
    for (int i = 0; i < 1000000 * SCALE; i++) {
        advance(bodies, 0.001);
    }
    return bench_result("nbody", bench_hash(2166136261u, bodies, sizeof(bodies)));
}
