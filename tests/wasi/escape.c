/**
 * escape.c - every operation on a path, with every path that leads out of the box.
 *
 * Around the box: `secret` beside it, /etc above. In it: links to both, see run.py.
 */
#include "attack.h"

static const char *const outside[] = {
    "..",
    "../",
    "../secret",
    "./../secret",
    "dir/../../secret",
    "dir/../../box/file",
    "dir//..//..//secret",
    "../box/file",
    "/secret",
    "/etc/passwd",
    "/",
    "//",
    "link_parent/secret",
    "link_parent/box/file",
    "dir/link_up/../../secret",
    "dir/link_root/etc/passwd",
    "link_secret/",
    "link_to_link/x",
    "link_parent/new",
};

/* These lead out only when the last component is followed. */
static const char *const links[] = {"link_secret", "link_absolute", "link_to_link",
                                    "dir/link_up_secret", "link_parent"};

static int never(int error)
{
    return error == __WASI_ERRNO_NOTCAPABLE || error == __WASI_ERRNO_NOTDIR ||
           error == __WASI_ERRNO_NOENT;
}

static void attack_path(const char *path, int follow)
{
    uint32_t at = address(path);
    uint32_t size = strlen(path);
    uint8_t buffer[64];
    int fd = -1;
    uint32_t used = 0;

    EXPECT(never(open_in(BOX, path, follow, 0, READ_RIGHTS, &fd)), 1);
    EXPECT(never(open_in(BOX, path, follow, __WASI_OFLAGS_DIRECTORY, READ_RIGHTS, &fd)),
           1);
    EXPECT(never(open_in(BOX, path, follow, __WASI_OFLAGS_CREAT, ALL_RIGHTS, &fd)), 1);
    EXPECT(never(open_in(BOX, path, follow, __WASI_OFLAGS_TRUNC, ALL_RIGHTS, &fd)), 1);
    EXPECT(fd, -1);
    EXPECT(never(raw_path_filestat_get(BOX, follow, at, size, address(buffer))), 1);
    EXPECT(never(raw_path_filestat_set_times(BOX, follow, at, size, 0, 0,
                                             __WASI_FSTFLAGS_MTIM)),
           1);
    EXPECT(never(raw_path_link(BOX, follow, at, size, BOX, address("stolen"), 6)), 1);
    if (follow == 0) {
        EXPECT(never(raw_path_readlink(BOX, at, size, address(buffer), 64,
                                       address(&used))),
               1);
        EXPECT(never(raw_path_unlink_file(BOX, at, size)), 1);
        EXPECT(never(raw_path_remove_directory(BOX, at, size)), 1);
        int made = raw_path_create_directory(BOX, at, size);
        EXPECT(never(made) || made == __WASI_ERRNO_EXIST, 1);
        EXPECT(never(raw_path_rename(BOX, at, size, BOX, address("stolen"), 6)), 1);
        EXPECT(never(raw_path_rename(BOX, address("file"), 4, BOX, at, size)), 1);
        EXPECT(never(raw_path_link(BOX, 0, address("file"), 4, BOX, at, size)), 1);
        EXPECT(never(raw_path_symlink(address("x"), 1, BOX, at, size)), 1);
    }
}

/* Links that the program makes itself are no better. */
static void attack_own_links(void)
{
    int fd = -1;

    EXPECT(raw_path_symlink(address("/etc/passwd"), 11, BOX, address("mine"), 4),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(raw_path_symlink(address("../secret"), 9, BOX, address("mine"), 4), 0);
    EXPECT(open_in(BOX, "mine", 1, 0, READ_RIGHTS, &fd), __WASI_ERRNO_NOTCAPABLE);
    EXPECT(open_in(BOX, "mine", 0, 0, READ_RIGHTS, &fd), __WASI_ERRNO_LOOP);
    EXPECT(raw_path_unlink_file(BOX, address("mine"), 4), 0);
}

/* A directory that is moved while it is open is no way up either. */
static void attack_by_moving(void)
{
    int inner = -1;
    int fd = -1;

    EXPECT(open_in(BOX, "dir/inner", 0, __WASI_OFLAGS_DIRECTORY,
                   ALL_RIGHTS & ~(uint64_t)__WASI_RIGHTS_FD_WRITE, &inner),
           0);
    EXPECT(open_in(inner, "../../file", 0, 0, READ_RIGHTS, &fd),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(raw_path_rename(BOX, address("dir/inner"), 9, BOX, address("moved"), 5), 0);
    EXPECT(open_in(inner, "../secret", 0, 0, READ_RIGHTS, &fd),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(open_in(inner, "../../secret", 0, 0, READ_RIGHTS, &fd),
           __WASI_ERRNO_NOTCAPABLE);
    EXPECT(raw_path_rename(BOX, address("moved"), 5, BOX, address("dir/inner"), 9), 0);
    EXPECT(raw_path_rename(BOX, address("dir"), 3, inner, address("loop"), 4) != 0, 1);
}

int main(void)
{
    for (unsigned i = 0; i < sizeof(outside) / sizeof(outside[0]); i++) {
        attack_path(outside[i], 0);
        attack_path(outside[i], 1);
    }
    for (unsigned i = 0; i < sizeof(links) / sizeof(links[0]); i++) {
        attack_path(links[i], 1);
    }
    attack_own_links();
    attack_by_moving();
    /* What is inside works: the box was not merely broken. */
    int fd = -1;
    EXPECT(open_in(BOX, "dir/../dir/link_file", 1, 0, READ_RIGHTS, &fd), 0);
    EXPECT(open_in(BOX, "loop", 1, 0, READ_RIGHTS, &fd), __WASI_ERRNO_LOOP);
    EXPECT(open_in(BOX, "", 1, 0, READ_RIGHTS, &fd), __WASI_ERRNO_NOENT);
    EXPECT(
        raw_path_open(BOX, 1, address("fi\0le"), 5, 0, READ_RIGHTS, 0, 0, address(&fd)),
        __WASI_ERRNO_INVAL);
    return finish();
}
