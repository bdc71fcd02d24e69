/**
 * clock.c - clock_res_get, clock_time_get, random_get, sched_yield.
 */
#include "wasi/context.h"

static bool is_clock(uint32_t id)
{
    return id <= WASI_CLOCK_THREAD_CPUTIME;
}

enum wasi_errno wasi_clock_res_get(struct wasi *wasi, const union wasm_value *arguments)
{
    uint64_t resolution;

    if (!is_clock(arguments[0].i32)) {
        return WASI_EINVAL;
    }
    enum wasi_errno error = wasi->backend.clock_resolution(
        wasi->backend.context, (enum wasi_clockid)arguments[0].i32, &resolution);
    return error != WASI_SUCCESS ? error
                                 : guest_write64(wasi, arguments[1].i32, resolution);
}

/* The precision that is asked for (argument 1) is a hint: the clock's best is given. */
enum wasi_errno wasi_clock_time_get(struct wasi *wasi,
                                    const union wasm_value *arguments)
{
    uint64_t time;

    if (!is_clock(arguments[0].i32)) {
        return WASI_EINVAL;
    }
    enum wasi_errno error = wasi->backend.clock_time(
        wasi->backend.context, (enum wasi_clockid)arguments[0].i32, &time);
    return error != WASI_SUCCESS ? error : guest_write64(wasi, arguments[2].i32, time);
}

enum wasi_errno wasi_random_get(struct wasi *wasi, const union wasm_value *arguments)
{
    uint32_t size = arguments[1].i32;
    void *bytes = guest_range(wasi, arguments[0].i32, size);

    if (bytes == NULL) {
        return WASI_EFAULT;
    }
    return size == 0 ? WASI_SUCCESS
                     : wasi->backend.random(wasi->backend.context, bytes, size);
}

enum wasi_errno wasi_sched_yield(struct wasi *wasi, const union wasm_value *arguments)
{
    (void)arguments;
    wasi->backend.yield(wasi->backend.context);
    return WASI_SUCCESS;
}
