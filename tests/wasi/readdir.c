/**
 * readdir.c - directory entries: every buffer size, cookies nobody gave, changes meanwhile.
 */
#include "attack.h"

enum { ENTRIES = 50, HEADER = 24 };

static char buffer[8192];

static uint64_t load64(const char *from)
{
    uint64_t value;

    memcpy(&value, from, 8);
    return value;
}

static uint32_t load32(const char *from)
{
    uint32_t value;

    memcpy(&value, from, 4);
    return value;
}

/* Reads the whole directory with a buffer of `size`; how many entries of ours there were. */
static int count_entries(int fd, uint32_t size)
{
    uint64_t cookie = 0;
    int count = 0;

    for (int calls = 0; calls < 10000; calls++) {
        uint32_t used = UINT32_MAX;
        uint32_t at = 0;
        EXPECT(raw_fd_readdir(fd, address(buffer), size, cookie, address(&used)), 0);
        EXPECT(used <= size, 1);
        while (used - at >= HEADER && load32(buffer + at + 16) <= used - at - HEADER) {
            uint32_t length = load32(buffer + at + 16);
            cookie = load64(buffer + at);
            count += length == 6 && memcmp(buffer + at + HEADER, "entry", 5) == 0;
            at += HEADER + length;
        }
        if (used < size) {
            return count;
        }
    }
    return -1;
}

static void make_entries(int fd)
{
    char name[] = "entry?";

    for (int i = 0; i < ENTRIES; i++) {
        int file = -1;
        name[5] = (char)('0' + i);
        EXPECT(open_in(fd, name, 0, __WASI_OFLAGS_CREAT, ALL_RIGHTS, &file), 0);
        EXPECT(__wasi_fd_close(file), 0);
    }
}

static void remove_entries(int fd)
{
    char name[] = "entry?";

    for (int i = 0; i < ENTRIES; i++) {
        name[5] = (char)('0' + i);
        EXPECT(raw_path_unlink_file(fd, address(name), 6), 0);
    }
}

/* No cookie is worse than an error or some entries. */
static void attack_cookies(int fd)
{
    uint64_t cookie = 1;
    uint32_t used = 0;

    for (int i = 0; i < 1000; i++) {
        int error = raw_fd_readdir(fd, address(buffer), 512, cookie, address(&used));
        EXPECT(error == 0 || error == __WASI_ERRNO_INVAL, 1);
        EXPECT(error != 0 || used <= 512, 1);
        cookie = cookie * 6364136223846793005u + 1442695040888963407u;
    }
    EXPECT(raw_fd_readdir(fd, address(buffer), 512, UINT64_MAX, address(&used)),
           __WASI_ERRNO_INVAL);
    EXPECT(raw_fd_readdir(fd, address(buffer), 0, 0, address(&used)), 0);
    EXPECT(used, 0);
    EXPECT(raw_fd_readdir(fd, address(buffer), UINT32_MAX, 0, address(&used)),
           __WASI_ERRNO_FAULT);
}

int main(void)
{
    int fd = -1;

    EXPECT(raw_path_create_directory(BOX, address("many"), 4), 0);
    EXPECT(raw_path_open(BOX, 0, address("many"), 4, __WASI_OFLAGS_DIRECTORY,
                         ALL_RIGHTS & ~(uint64_t)__WASI_RIGHTS_FD_WRITE, ALL_RIGHTS, 0,
                         address(&fd)),
           0);
    make_entries(fd);
    for (uint32_t size = HEADER + 6; size < 400; size++) {
        EXPECT(count_entries(fd, size), ENTRIES);
    }
    EXPECT(count_entries(fd, sizeof(buffer)), ENTRIES);
    attack_cookies(fd);
    EXPECT(count_entries(fd, 100), ENTRIES);
    remove_entries(fd);
    EXPECT(count_entries(fd, 100), 0);
    EXPECT(__wasi_fd_close(fd), 0);
    EXPECT(raw_path_remove_directory(BOX, address("many"), 4), 0);
    return finish();
}
