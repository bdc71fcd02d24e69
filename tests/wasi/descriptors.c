/**
 * descriptors.c - numbers that are no descriptors, and descriptors used for what they are not.
 */
#include "attack.h"

static const int bad[] = {99, 1023, 1024, 65536, -1, -2, INT32_MIN, INT32_MAX};

static void attack_number(int fd)
{
    uint64_t out[16];
    uint32_t at = address(out);

    EXPECT(__wasi_fd_advise(fd, 0, 0, 0), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_allocate(fd, 0, 1), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_close(fd), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_datasync(fd), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_sync(fd), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_fdstat_get(fd, at), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_fdstat_set_flags(fd, 0), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_fdstat_set_rights(fd, 0, 0), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_filestat_get(fd, at), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_filestat_set_size(fd, 0), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_filestat_set_times(fd, 0, 0, 0), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_pread(fd, at, 1, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_pwrite(fd, at, 1, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_read(fd, at, 1, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_write(fd, at, 1, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_prestat_get(fd, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_prestat_dir_name(fd, at, 8), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_readdir(fd, at, 64, 0, at), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_renumber(fd, BOX), __WASI_ERRNO_BADF);
    EXPECT(__wasi_fd_renumber(BOX, fd), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_seek(fd, 0, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_tell(fd, at), __WASI_ERRNO_BADF);
    EXPECT(raw_path_open(fd, 0, address("file"), 4, 0, 0, 0, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_path_filestat_get(fd, 0, address("file"), 4, at), __WASI_ERRNO_BADF);
    EXPECT(raw_path_rename(fd, address("a"), 1, BOX, address("b"), 1),
           __WASI_ERRNO_BADF);
    EXPECT(raw_path_rename(BOX, address("file"), 4, fd, address("b"), 1),
           __WASI_ERRNO_BADF);
    EXPECT(raw_sock_accept(fd, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_sock_recv(fd, at, 1, 0, at, at), __WASI_ERRNO_BADF);
    EXPECT(raw_sock_send(fd, at, 1, 0, at), __WASI_ERRNO_BADF);
    EXPECT(raw_sock_shutdown(fd, 0), __WASI_ERRNO_BADF);
}

static void attack_types(void)
{
    uint64_t out[16];
    uint32_t at = address(out);
    int file = -1;

    EXPECT(open_in(BOX, "file", 0, 0, ALL_RIGHTS, &file), 0);
    EXPECT(raw_path_open(file, 0, address("x"), 1, 0, 0, 0, 0, at),
           __WASI_ERRNO_NOTDIR);
    EXPECT(raw_path_create_directory(file, address("x"), 1), __WASI_ERRNO_NOTDIR);
    EXPECT(raw_fd_readdir(file, at, 64, 0, at), __WASI_ERRNO_NOTDIR);
    EXPECT(raw_fd_prestat_get(file, at), __WASI_ERRNO_BADF);
    EXPECT(raw_fd_read(BOX, at, 0, at), __WASI_ERRNO_ISDIR);
    EXPECT(raw_fd_write(BOX, at, 0, at), __WASI_ERRNO_ISDIR);
    EXPECT(raw_sock_accept(file, 0, at), __WASI_ERRNO_NOTSOCK);
    EXPECT(raw_sock_recv(file, at, 0, 0, at, at), __WASI_ERRNO_NOTSOCK);
    EXPECT(raw_sock_send(file, at, 0, 0, at), __WASI_ERRNO_NOTSOCK);
    EXPECT(raw_sock_shutdown(file, 0), __WASI_ERRNO_NOTSOCK);
    EXPECT(raw_fd_seek(file, 0, 3, at), __WASI_ERRNO_INVAL);
    EXPECT(raw_fd_seek(file, -1, 0, at), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_allocate(file, 0, 0), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_allocate(file, UINT64_MAX, 2), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_allocate(file, INT64_MAX, 1), __WASI_ERRNO_FBIG);
    EXPECT(__wasi_fd_filestat_set_size(file, UINT64_MAX), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_advise(file, 0, 0, 6), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_advise(file, UINT64_MAX, 1, 0), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_fdstat_set_flags(file, 0x8000), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_filestat_set_times(file, 0, 0, 3), __WASI_ERRNO_INVAL);
    EXPECT(__wasi_fd_filestat_set_times(file, 0, 0, 16), __WASI_ERRNO_INVAL);
    EXPECT(raw_proc_raise(9), __WASI_ERRNO_NOTSUP);
    EXPECT(__wasi_fd_close(file), 0);
    EXPECT(__wasi_fd_close(file), __WASI_ERRNO_BADF);
}

/* Descriptors run out at the limit, and are all there again afterwards. */
static void exhaust(void)
{
    int opened[2048];
    int count = 0;
    int error = 0;

    for (int round = 0; round < 2; round++) {
        for (count = 0; count < 2048 && error == 0; count++) {
            error = open_in(BOX, "file", 0, 0, READ_RIGHTS, &opened[count]);
        }
        EXPECT(error, __WASI_ERRNO_MFILE);
        EXPECT(count > 100 && count < 2048, 1);
        for (count--; count > 0; count--) {
            EXPECT(__wasi_fd_close(opened[count - 1]), 0);
        }
        error = 0;
    }
}

/* A closed preopen is gone: its number does not come back with its rights. */
static void close_preopen(void)
{
    uint64_t out[16];

    EXPECT(__wasi_fd_close(BOX), 0);
    EXPECT(raw_fd_prestat_get(BOX, address(out)), __WASI_ERRNO_BADF);
    EXPECT(raw_path_open(BOX, 0, address("file"), 4, 0, 0, 0, 0, address(out)),
           __WASI_ERRNO_BADF);
}

int main(void)
{
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        attack_number(bad[i]);
    }
    attack_types();
    exhaust();
    close_preopen();
    return finish();
}
