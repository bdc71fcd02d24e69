/**
 * for_sqlite.h - what SQLite's shell asks of a POSIX system and WASI's libc has not.
 *
 * Included before each source by -include.
 */
#include <errno.h>
#include <sys/stat.h>

static inline int chmod(const char *path, mode_t mode)
{
    (void)path;
    (void)mode;
    errno = ENOTSUP;
    return -1;
}
