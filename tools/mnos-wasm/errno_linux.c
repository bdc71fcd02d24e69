/**
 * errno_linux.c - the table behind errno_linux.h.
 */
#include "errno_linux.h"
#include <errno.h>
#include <stddef.h>

#define SAME(name) [name] = WASI_##name

static const unsigned char table[] = {SAME(E2BIG),        SAME(EACCES),
                                      SAME(EAGAIN),       SAME(EBADF),
                                      SAME(EBUSY),        SAME(ECONNRESET),
                                      SAME(EDEADLK),      SAME(EDOM),
                                      SAME(EDQUOT),       SAME(EEXIST),
                                      SAME(EFAULT),       SAME(EFBIG),
                                      SAME(EILSEQ),       SAME(EINTR),
                                      SAME(EINVAL),       SAME(EIO),
                                      SAME(EISDIR),       SAME(ELOOP),
                                      SAME(EMFILE),       SAME(EMLINK),
                                      SAME(ENAMETOOLONG), SAME(ENFILE),
                                      SAME(ENODEV),       SAME(ENOENT),
                                      SAME(ENOEXEC),      SAME(ENOLCK),
                                      SAME(ENOMEM),       SAME(ENOSPC),
                                      SAME(ENOSYS),       SAME(ENOTCONN),
                                      SAME(ENOTDIR),      SAME(ENOTEMPTY),
                                      SAME(ENOTSOCK),     [EOPNOTSUPP] = WASI_ENOTSUP,
                                      SAME(ENOTTY),       SAME(ENXIO),
                                      SAME(EOVERFLOW),    SAME(EPERM),
                                      SAME(EPIPE),        SAME(ERANGE),
                                      SAME(EROFS),        SAME(ESPIPE),
                                      SAME(ESRCH),        SAME(ESTALE),
                                      SAME(ETIMEDOUT),    SAME(ETXTBSY),
                                      SAME(EXDEV)};

enum wasi_errno errno_to_wasi(int number)
{
    if (number == 0) {
        return WASI_SUCCESS;
    }
    if (number < 0 || (size_t)number >= sizeof(table) || table[number] == 0) {
        return WASI_EIO;
    }
    return (enum wasi_errno)table[number];
}
