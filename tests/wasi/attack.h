/**
 * attack.h - what the hostile programs share: checks that count, short forms of raw calls.
 *
 * Descriptor 3 is the first preopened directory. A program ends with the number of failed
 * checks, each of which it has printed.
 */
#ifndef TESTS_WASI_ATTACK_H
#define TESTS_WASI_ATTACK_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wasi/api.h>

enum { BOX = 3 };

#define ALL_RIGHTS UINT64_MAX
#define READ_RIGHTS                                                          \
    (__WASI_RIGHTS_FD_READ | __WASI_RIGHTS_FD_SEEK | __WASI_RIGHTS_FD_TELL | \
     __WASI_RIGHTS_FD_READDIR | __WASI_RIGHTS_FD_FILESTAT_GET |              \
     __WASI_RIGHTS_PATH_OPEN)

static int failures;
static int checks;

static inline void check_number(const char *file, int line, const char *what,
                                unsigned long long got, unsigned long long expected)
{
    checks++;
    if (got != expected) {
        printf("%s:%d: %s is %llu, not %llu\n", file, line, what, got, expected);
        failures++;
    }
}

/** The expression must have this value. */
#define EXPECT(expression, expected) \
    check_number(__FILE__, __LINE__, #expression, (expression), (expected))

/* The raw imports, so that any number can be given as an address. */
#define RAW(name) \
    __attribute__((import_module("wasi_snapshot_preview1"), import_name(#name)))
RAW(fd_read) int raw_fd_read(int fd, uint32_t iovs, uint32_t count, uint32_t out);
RAW(fd_write) int raw_fd_write(int fd, uint32_t iovs, uint32_t count, uint32_t out);
RAW(fd_pread)
int raw_fd_pread(int fd, uint32_t iovs, uint32_t count, uint64_t at, uint32_t out);
RAW(fd_pwrite)
int raw_fd_pwrite(int fd, uint32_t iovs, uint32_t count, uint64_t at, uint32_t out);
RAW(fd_readdir)
int raw_fd_readdir(int fd, uint32_t buffer, uint32_t size, uint64_t cookie,
                   uint32_t out);
RAW(fd_seek) int raw_fd_seek(int fd, int64_t offset, int whence, uint32_t out);
RAW(fd_tell) int raw_fd_tell(int fd, uint32_t out);
RAW(fd_fdstat_get) int raw_fd_fdstat_get(int fd, uint32_t out);
RAW(fd_filestat_get) int raw_fd_filestat_get(int fd, uint32_t out);
RAW(fd_prestat_get) int raw_fd_prestat_get(int fd, uint32_t out);
RAW(fd_prestat_dir_name)
int raw_fd_prestat_dir_name(int fd, uint32_t out, uint32_t size);
RAW(path_open)
int raw_path_open(int fd, int lookup, uint32_t path, uint32_t size, int oflags,
                  uint64_t base, uint64_t inheriting, int fdflags, uint32_t out);
RAW(path_filestat_get)
int raw_path_filestat_get(int fd, int lookup, uint32_t path, uint32_t size,
                          uint32_t out);
RAW(path_readlink)
int raw_path_readlink(int fd, uint32_t path, uint32_t size, uint32_t to,
                      uint32_t to_size, uint32_t out);
RAW(path_symlink)
int raw_path_symlink(uint32_t target, uint32_t target_size, int fd, uint32_t path,
                     uint32_t size);
RAW(path_rename)
int raw_path_rename(int fd, uint32_t from, uint32_t from_size, int to_fd, uint32_t to,
                    uint32_t to_size);
RAW(path_link)
int raw_path_link(int fd, int lookup, uint32_t from, uint32_t from_size, int to_fd,
                  uint32_t to, uint32_t to_size);
RAW(path_unlink_file) int raw_path_unlink_file(int fd, uint32_t path, uint32_t size);
RAW(path_remove_directory)
int raw_path_remove_directory(int fd, uint32_t path, uint32_t size);
RAW(path_create_directory)
int raw_path_create_directory(int fd, uint32_t path, uint32_t size);
RAW(path_filestat_set_times)
int raw_path_filestat_set_times(int fd, int lookup, uint32_t path, uint32_t size,
                                uint64_t atim, uint64_t mtim, int flags);
RAW(args_get) int raw_args_get(uint32_t argv, uint32_t buffer);
RAW(args_sizes_get) int raw_args_sizes_get(uint32_t count, uint32_t size);
RAW(environ_get) int raw_environ_get(uint32_t environ, uint32_t buffer);
RAW(environ_sizes_get) int raw_environ_sizes_get(uint32_t count, uint32_t size);
RAW(random_get) int raw_random_get(uint32_t buffer, uint32_t size);
RAW(clock_time_get)
int raw_clock_time_get(uint32_t id, uint64_t precision, uint32_t out);
RAW(clock_res_get) int raw_clock_res_get(uint32_t id, uint32_t out);
RAW(poll_oneoff)
int raw_poll_oneoff(uint32_t in, uint32_t out, uint32_t count, uint32_t out_count);
RAW(sock_accept) int raw_sock_accept(int fd, int flags, uint32_t out);
RAW(sock_recv)
int raw_sock_recv(int fd, uint32_t iovs, uint32_t count, int flags, uint32_t out,
                  uint32_t out_flags);
RAW(sock_send)
int raw_sock_send(int fd, uint32_t iovs, uint32_t count, int flags, uint32_t out);
RAW(sock_shutdown) int raw_sock_shutdown(int fd, int how);
RAW(proc_raise) int raw_proc_raise(int number);

static inline uint32_t address(const void *pointer)
{
    return (uint32_t)(uintptr_t)pointer;
}

/** The first address that is not the program's. */
static inline uint32_t memory_end(void)
{
    return (uint32_t)__builtin_wasm_memory_size(0) * 65536u;
}

/** path_open with the usual arguments; the descriptor goes to *out_fd. */
static inline int open_in(int fd, const char *path, int lookup, int oflags,
                          uint64_t rights, int *out_fd)
{
    return raw_path_open(fd, lookup, address(path), strlen(path), oflags, rights,
                         rights, 0, address(out_fd));
}

static inline int finish(void)
{
    printf("%d checks, %d failed\n", checks, failures);
    return failures < 100 ? failures : 100;
}

#endif
