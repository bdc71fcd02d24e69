/**
 * memory.c - addresses and sizes that are not the program's memory: each gives EFAULT, and
 * nothing was done before it.
 */
#include "attack.h"

static uint32_t beyond[6];

static void attack_outputs(uint32_t at)
{
    uint64_t out[16];
    int file = -1;

    EXPECT(open_in(BOX, "file", 0, 0, ALL_RIGHTS, &file), 0);
    EXPECT(raw_args_sizes_get(at, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_args_sizes_get(address(out), at), __WASI_ERRNO_FAULT);
    EXPECT(raw_args_get(at, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_args_get(address(out), at), __WASI_ERRNO_FAULT);
    EXPECT(raw_environ_sizes_get(at, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_environ_get(address(out), at), __WASI_ERRNO_FAULT);
    EXPECT(raw_clock_time_get(0, 0, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_clock_res_get(0, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_random_get(at, 8), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_fdstat_get(file, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_filestat_get(file, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_prestat_get(BOX, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_prestat_dir_name(BOX, at, 64), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_seek(file, 0, 0, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_tell(file, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_readdir(BOX, at, 64, 0, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_readdir(BOX, address(out), 64, 0, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_filestat_get(BOX, 0, at, 8, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_filestat_get(BOX, 0, address("file"), 4, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_open(BOX, 0, at, 8, 0, 0, 0, 0, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_open(BOX, 0, address("made"), 4, __WASI_OFLAGS_CREAT, ALL_RIGHTS, 0,
                         0, at),
           __WASI_ERRNO_FAULT);
    EXPECT(raw_path_readlink(BOX, address("link_secret"), 11, at, 8, address(out)),
           __WASI_ERRNO_FAULT);
    EXPECT(raw_path_symlink(at, 8, BOX, address("made"), 4), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_symlink(address("x"), 1, BOX, at, 8), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_create_directory(BOX, at, 8), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_rename(BOX, at, 8, BOX, address("made"), 4), __WASI_ERRNO_FAULT);
    EXPECT(raw_path_rename(BOX, address("file"), 4, BOX, at, 8), __WASI_ERRNO_FAULT);
    EXPECT(raw_poll_oneoff(at, address(out), 1, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(raw_poll_oneoff(address(out), at, 1, address(out)), __WASI_ERRNO_FAULT);
    EXPECT(__wasi_fd_close(file), 0);
}

static void attack_iovecs(uint32_t at)
{
    char buffer[16] = "text that stays";
    uint32_t iovec[4] = {address(buffer), 4, at, 8};
    uint32_t used = 77;
    int file = -1;

    EXPECT(open_in(BOX, "made_by_iovecs", 0, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC,
                   ALL_RIGHTS, &file),
           0);
    EXPECT(raw_fd_write(file, at, 1, address(&used)), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_write(file, address(iovec), 2, address(&used)), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_write(file, address(iovec), 1, at), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_pwrite(file, address(iovec), 2, 0, address(&used)),
           __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_read(file, address(iovec), 2, address(&used)), __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_write(file, address(iovec), UINT32_MAX, address(&used)),
           __WASI_ERRNO_FAULT);
    EXPECT(raw_fd_write(file, address(iovec), 0x20000000, address(&used)),
           __WASI_ERRNO_FAULT); /* count times 8 is 2^32 */
    EXPECT(raw_fd_write(file, address(iovec), 0x20000001, address(&used)),
           __WASI_ERRNO_FAULT);
    EXPECT(used, 77);
    __wasi_filestat_t stat;
    EXPECT(__wasi_fd_filestat_get(file, &stat), 0);
    EXPECT(stat.size, 0); /* nothing was written by any of them */
    EXPECT(raw_fd_pwrite(file, address(iovec), 1, UINT64_MAX, address(&used)),
           __WASI_ERRNO_INVAL);
    EXPECT(raw_fd_pread(file, address(iovec), 1, (uint64_t)1 << 63, address(&used)),
           __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_close(file), 0);
}

/* Many buffers that overlap: together more than memory, each fine on its own. */
static void overlapping(void)
{
    static uint32_t iovecs[2 * 1000];
    uint32_t used = 0;
    int file = -1;

    for (int i = 0; i < 1000; i++) {
        iovecs[2 * i] = 0;
        iovecs[2 * i + 1] = memory_end();
    }
    EXPECT(open_in(BOX, "big", 0, __WASI_OFLAGS_CREAT | __WASI_OFLAGS_TRUNC, ALL_RIGHTS,
                   &file),
           0);
    EXPECT(raw_fd_write(file, address(iovecs), 1000, address(&used)), 0);
    EXPECT(used > 0 && used <= INT32_MAX, 1);
    EXPECT(__wasi_fd_filestat_set_size(file, 0), 0);
    EXPECT(raw_fd_seek(file, 0, 0, address(iovecs)), 0);
    EXPECT(raw_fd_read(file, address(iovecs + 2), 999, address(&used)), 0);
    EXPECT(used, 0);
    EXPECT(__wasi_fd_close(file), 0);
    EXPECT(raw_path_unlink_file(BOX, address("big"), 3), 0);
}

int main(void)
{
    uint32_t end = memory_end();
    uint32_t addresses[] = {end,        end - 1,        end - 3,
                            UINT32_MAX, UINT32_MAX - 7, 0x80000000};

    memcpy(beyond, addresses, sizeof(beyond));
    for (unsigned i = 0; i < 6; i++) {
        attack_outputs(beyond[i]);
        attack_iovecs(beyond[i]);
    }
    overlapping();
    EXPECT(raw_random_get(end, 0), 0); /* an empty range at the end is in the memory */
    EXPECT(raw_random_get(0, UINT32_MAX), __WASI_ERRNO_FAULT);
    EXPECT(raw_random_get(end + 1, 0), __WASI_ERRNO_FAULT);
    return finish();
}
