/**
 * bench.c - `mnos-wasm bench`: how long loading, instantiating and running take.
 *
 * Each round is a whole life: a new engine, module, store and instance. Fastest and median
 * of the rounds are printed; standard streams of the program are /dev/null.
 */
#include "program.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { PHASE_LOAD, PHASE_INSTANTIATE, PHASE_RUN, PHASE_COUNT };

static double seconds_now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* One life. False: it said why. */
static bool run_round(const struct program_options *options, double *phases,
                      size_t *out_bytes)
{
    struct program program;
    enum wasm_trap_kind trap = WASM_TRAP_NONE;
    double start = seconds_now();
    bool done = program_load(&program, options);

    phases[PHASE_LOAD] = seconds_now() - start;
    *out_bytes = program.file.size;
    start = seconds_now();
    done = done && program_instantiate(&program, &trap);
    phases[PHASE_INSTANTIATE] = seconds_now() - start;
    start = seconds_now();
    if (done && trap == WASM_TRAP_NONE) {
        done = program_call(&program, false, &trap);
    }
    phases[PHASE_RUN] = seconds_now() - start;
    if (done && trap != WASM_TRAP_NONE && trap != WASM_TRAP_EXIT) {
        refuse("%s: trap: %s", options->path, wasm_trap_text(trap));
        done = false;
    }
    program_close(&program);
    return done;
}

static int compare(const void *a, const void *b)
{
    double left = *(const double *)a;
    double right = *(const double *)b;

    return (left > right) - (left < right);
}

static void print_phase(const char *name, double *seconds, size_t count)
{
    qsort(seconds, count, sizeof(*seconds), compare);
    printf("%-12s fastest %12.6f ms   median %12.6f ms\n", name, seconds[0] * 1e3,
           seconds[count / 2] * 1e3);
}

static bool run_rounds(const struct program_options *options, double *seconds,
                       size_t *out_bytes)
{
    size_t count = (size_t)options->repeat;

    for (size_t i = 0; i < count; i++) {
        double phases[PHASE_COUNT];
        if (!run_round(options, phases, out_bytes)) {
            return false;
        }
        for (size_t phase = 0; phase < PHASE_COUNT; phase++) {
            seconds[phase * count + i] = phases[phase];
        }
    }
    return true;
}

static int bench(const struct program_options *options)
{
    static const char *const names[PHASE_COUNT] = {"load", "instantiate", "run"};
    size_t count = (size_t)options->repeat;
    size_t bytes;

    if (count == 0 || count > 1000000) {
        return refuse("--repeat: give 1 to 1000000");
    }
    double *seconds = calloc(count * PHASE_COUNT, sizeof(*seconds));
    if (seconds == NULL) {
        return refuse("out of memory");
    }
    bool done = run_rounds(options, seconds, &bytes);
    if (done) {
        printf("%s: %zu bytes, %zu rounds\n", options->path, bytes, count);
        for (size_t phase = 0; phase < PHASE_COUNT; phase++) {
            print_phase(names[phase], seconds + phase * count, count);
        }
        printf("load speed   %.1f MB/s\n", (double)bytes / 1e6 / seconds[0]);
    }
    free(seconds);
    return done ? STATUS_OK : STATUS_REFUSED;
}

int command_bench(int argc, char **argv)
{
    struct program_options options;
    int status = STATUS_REFUSED;

    if (program_options_parse("bench", argc, argv, &options)) {
        options.is_quiet = true;
        status = bench(&options);
    }
    program_options_release(&options);
    return status;
}
