/**
 * rights.c - rights only shrink: by asking for more, by way of children, by giving up.
 *
 * With the argument "ro" the box is a read-only preopen.
 */
#include "attack.h"

static __wasi_fdstat_t status_of(int fd)
{
    __wasi_fdstat_t status;

    EXPECT(__wasi_fd_fdstat_get(fd, &status), 0);
    return status;
}

/* Everything that changes something, in a directory that must not be changed. */
static void attack_read_only(int box)
{
    uint32_t file = address("file");
    int fd = -1;
    int denied = __WASI_ERRNO_NOTCAPABLE;

    EXPECT(open_in(box, "new", 0, __WASI_OFLAGS_CREAT, READ_RIGHTS, &fd), denied);
    EXPECT(open_in(box, "new", 0, __WASI_OFLAGS_CREAT, ALL_RIGHTS, &fd), denied);
    EXPECT(open_in(box, "file", 0, __WASI_OFLAGS_TRUNC, READ_RIGHTS, &fd), denied);
    EXPECT(open_in(box, "file", 0, 0, ALL_RIGHTS, &fd), denied);
    EXPECT(open_in(box, "file", 0, 0, __WASI_RIGHTS_FD_WRITE, &fd), denied);
    EXPECT(raw_path_create_directory(box, address("new"), 3), denied);
    EXPECT(raw_path_remove_directory(box, address("dir/inner"), 9), denied);
    EXPECT(raw_path_unlink_file(box, file, 4), denied);
    EXPECT(raw_path_rename(box, file, 4, box, address("new"), 3), denied);
    EXPECT(raw_path_link(box, 0, file, 4, box, address("new"), 3), denied);
    EXPECT(raw_path_symlink(file, 4, box, address("new"), 3), denied);
    EXPECT(raw_path_filestat_set_times(box, 0, file, 4, 0, 0, 4), denied);
    EXPECT(__wasi_fd_filestat_set_times(box, 0, 0, 4), denied);
}

static void attack_read_only_file(int box)
{
    char byte = 'x';
    uint32_t iovec[2] = {address(&byte), 1};
    uint32_t used = 0;
    int file = -1;
    int denied = __WASI_ERRNO_NOTCAPABLE;

    EXPECT(open_in(box, "file", 0, 0, ALL_RIGHTS & ~(uint64_t)__WASI_RIGHTS_FD_WRITE,
                   &file),
           0);
    EXPECT(raw_fd_write(file, address(iovec), 1, address(&used)), denied);
    EXPECT(raw_fd_pwrite(file, address(iovec), 1, 0, address(&used)), denied);
    EXPECT(__wasi_fd_filestat_set_size(file, 0), denied);
    EXPECT(__wasi_fd_allocate(file, 0, 100), denied);
    EXPECT(__wasi_fd_filestat_set_times(file, 0, 0, 4), denied);
    EXPECT(__wasi_fd_fdstat_set_rights(file, ALL_RIGHTS, 0), denied);
    EXPECT(raw_fd_read(file, address(iovec), 1, address(&used)), 0);
    EXPECT(used, 1);
    EXPECT(__wasi_fd_close(file), 0);
}

/* The same through a child directory opened with all the rights that can be asked for. */
static void attack_through_child(void)
{
    int child = -1;

    EXPECT(raw_path_open(BOX, 0, address("."), 1, __WASI_OFLAGS_DIRECTORY,
                         ALL_RIGHTS & ~(uint64_t)__WASI_RIGHTS_FD_WRITE, ALL_RIGHTS, 0,
                         address(&child)),
           0);
    attack_read_only(child);
    attack_read_only_file(child);
    EXPECT(__wasi_fd_close(child), 0);
}

/* A directory that passes on reading only. */
static void attack_inheriting(void)
{
    uint64_t reading = READ_RIGHTS;
    int child = -1;
    int file = -1;

    EXPECT(raw_path_open(BOX, 0, address("dir"), 3, __WASI_OFLAGS_DIRECTORY, reading,
                         reading, 0, address(&child)),
           0);
    EXPECT(status_of(child).fs_rights_inheriting, reading);
    EXPECT(open_in(child, "f", 0, 0, ALL_RIGHTS, &file), __WASI_ERRNO_NOTCAPABLE);
    EXPECT(open_in(child, "f", 0, __WASI_OFLAGS_CREAT, reading, &file),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(
        open_in(child, "f", 0, 0, reading | __WASI_RIGHTS_FD_FILESTAT_SET_SIZE, &file),
        0);
    EXPECT(status_of(file).fs_rights_base & ~reading, 0);
    EXPECT(__wasi_fd_filestat_set_size(file, 0), __WASI_ERRNO_NOTCAPABLE);
    EXPECT(__wasi_fd_close(file), 0);
    EXPECT(__wasi_fd_fdstat_set_rights(child, reading | __WASI_RIGHTS_PATH_UNLINK_FILE,
                                       reading),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(__wasi_fd_fdstat_set_rights(child, reading, ALL_RIGHTS),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(__wasi_fd_fdstat_set_rights(child, 0, 0), 0);
    EXPECT(open_in(child, "f", 0, 0, 0, &file), __WASI_ERRNO_NOTCAPABLE);
    EXPECT(__wasi_fd_fdstat_set_rights(child, __WASI_RIGHTS_PATH_OPEN, 0),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(__wasi_fd_close(child), 0);
}

static void attack_standard_streams(void)
{
    char byte = 'x';
    uint32_t iovec[2] = {address(&byte), 1};
    uint32_t used = 0;

    EXPECT(raw_fd_read(1, address(iovec), 1, address(&used)), __WASI_ERRNO_NOTCAPABLE);
    EXPECT(raw_fd_write(0, address(iovec), 1, address(&used)), __WASI_ERRNO_NOTCAPABLE);
}

int main(int argc, char **argv)
{
    attack_standard_streams();
    attack_inheriting();
    if (argc > 1 && strcmp(argv[1], "ro") == 0) {
        attack_read_only(BOX);
        attack_read_only_file(BOX);
        attack_through_child();
    }
    return finish();
}
