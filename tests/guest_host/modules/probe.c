/**
 * probe.c - does one thing that its first argument names, and exits with the errno of it.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wasi/api.h>

static int with_path(const char *path, int oflags, uint64_t rights)
{
    /* The name of each preopen, and the longest that the path begins with. */
    size_t best_size = 0;
    int best = -1;
    char name[64];
    __wasi_prestat_t stat;
    __wasi_fd_t opened;

    for (int fd = 3; __wasi_fd_prestat_get(fd, &stat) == 0; fd++) {
        size_t size = stat.u.dir.pr_name_len;
        if (size < sizeof(name) &&
            __wasi_fd_prestat_dir_name(fd, (uint8_t *)name, size) == 0 &&
            strncmp(name, path, size) == 0 && size > best_size) {
            best = fd;
            best_size = size;
        }
    }
    path += best_size;
    path += *path == '/';
    return __wasi_path_open(best, 0, path, oflags, rights, 0, 0, &opened);
}

static int grow(void)
{
    while (__builtin_wasm_memory_grow(0, 1) != SIZE_MAX) {
    }
    printf("%zu pages\n", __builtin_wasm_memory_size(0));
    return 0;
}

static int recurse(int depth);

/* Read anew for each call, so that the calls stay. */
static int (*volatile recurse_again)(int depth) = recurse;

static int recurse(int depth)
{
    return depth < 0 ? 0 : recurse_again(depth + 1) + depth;
}

static int sleep_long(void)
{
    const __wasi_subscription_t subscription = {
        .u = {.tag = 0, .u.clock = {.id = 1, .timeout = 1000000000000}}};
    __wasi_event_t event;
    size_t count;

    return __wasi_poll_oneoff(&subscription, &event, 1, &count);
}

static int probe(const char *what, const char *with)
{
    uint8_t bytes[8];
    __wasi_timestamp_t time;
    __wasi_fd_t fd;

    if (strcmp(what, "exit") == 0) {
        return (int)strtol(with, NULL, 10);
    }
    if (strcmp(what, "trap") == 0) {
        __builtin_trap();
    }
    if (strcmp(what, "out_of_bounds") == 0) {
        return *(volatile int *)0xFFFFFF00;
    }
    if (strcmp(what, "spin") == 0) {
        for (volatile unsigned i = 0;; i++) {
        }
    }
    if (strcmp(what, "sleep") == 0) {
        return sleep_long();
    }
    if (strcmp(what, "recurse") == 0) {
        return recurse(1);
    }
    if (strcmp(what, "grow") == 0) {
        return grow();
    }
    if (strcmp(what, "open") == 0) {
        return with_path(with, 0, __WASI_RIGHTS_FD_READ);
    }
    if (strcmp(what, "create") == 0) {
        return with_path(with, __WASI_OFLAGS_CREAT, __WASI_RIGHTS_FD_WRITE);
    }
    if (strcmp(what, "clock") == 0) {
        return __wasi_clock_time_get((__wasi_clockid_t)strtol(with, NULL, 10), 1,
                                     &time);
    }
    if (strcmp(what, "random") == 0) {
        return __wasi_random_get(bytes, sizeof(bytes));
    }
    if (strcmp(what, "socket") == 0) {
        return __wasi_sock_accept(1, 0, &fd);
    }
    if (strcmp(what, "write") == 0) {
        const __wasi_ciovec_t piece = {bytes, 1};
        size_t written;
        return __wasi_fd_write(1, &piece, 1, &written);
    }
    return 99;
}

int main(int argc, char **argv)
{
    return argc > 1 ? probe(argv[1], argc > 2 ? argv[2] : "") : 98;
}
