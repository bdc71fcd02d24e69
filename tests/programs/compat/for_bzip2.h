/**
 * for_bzip2.h - what bzip2 asks of POSIX and WASI's libc has not: owners and modes of
 * files, of which WASI knows nothing. Included by -include.
 */
#include <sys/types.h>

static inline int fchmod(int file, mode_t mode)
{
    (void)file;
    (void)mode;
    return 0;
}

static inline int fchown(int file, uid_t user, gid_t group)
{
    (void)file;
    (void)user;
    (void)group;
    return 0;
}
