/**
 * backend_directory.c - reading directories by readdir(), cookies being telldir()'s.
 */
#include "backend_object.h"
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

static enum wasi_filetype entry_type(unsigned char type)
{
    return backend_filetype(DTTOIF(type));
}

/* Opens the stream on a descriptor of its own and goes to the cookie. */
static enum wasi_errno position_stream(struct wasi_object *object, uint64_t cookie)
{
    if (object->stream == NULL) {
        int fd = openat(object->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (fd < 0) {
            return backend_error();
        }
        object->stream = fdopendir(fd);
        if (object->stream == NULL) {
            close(fd);
            return WASI_ENOMEM;
        }
        object->cookie = 0;
    }
    if (cookie > LONG_MAX) {
        return WASI_EINVAL;
    }
    if (cookie == 0) {
        rewinddir(object->stream); /* sees what was added since */
    } else if (cookie != object->cookie) {
        seekdir(object->stream, (long)cookie);
    }
    object->cookie = cookie;
    return WASI_SUCCESS;
}

static enum wasi_errno read_directory(void *context, struct wasi_object *directory,
                                      uint64_t cookie, struct wasi_entry *out_entry,
                                      bool *out_is_end)
{
    (void)context;
    enum wasi_errno error = position_stream(directory, cookie);
    if (error != WASI_SUCCESS) {
        return error;
    }
    errno = 0;
    const struct dirent *entry = readdir(directory->stream);
    if (entry == NULL) {
        *out_is_end = errno == 0;
        return errno == 0 ? WASI_SUCCESS : backend_error();
    }
    size_t length = strlen(entry->d_name);
    if (length > WASI_NAME_MAX) {
        return WASI_ENAMETOOLONG;
    }
    directory->cookie = (uint64_t)entry->d_off;
    out_entry->next_cookie = (uint64_t)entry->d_off;
    /* What ".." is lies outside of a preopened directory: its number is not told. */
    out_entry->inode = strcmp(entry->d_name, "..") == 0 ? 0 : entry->d_ino;
    out_entry->filetype = entry_type(entry->d_type);
    out_entry->name_size = (uint32_t)length;
    memcpy(out_entry->name, entry->d_name, length + 1);
    *out_is_end = false;
    return WASI_SUCCESS;
}

void backend_directory(struct wasi_backend *backend)
{
    backend->read_directory = read_directory;
}
