/**
 * directory.c - fd_readdir.
 *
 * Entries are written one behind the other, each a header of 24 bytes and a name; the last one
 * is cut where the buffer ends, which tells the program to come back with its cookie.
 */
#include "wasi/context.h"

enum { DIRENT_SIZE = 24 };

static void put_header(uint8_t *to, const struct wasi_entry *entry)
{
    memset(to, 0, DIRENT_SIZE);
    guest_put64(to, entry->next_cookie);
    guest_put64(to + 8, entry->inode);
    guest_put32(to + 16, entry->name_size);
    to[20] = (uint8_t)entry->filetype;
}

static uint32_t put_cut(uint8_t *to, uint32_t room, const void *bytes, uint32_t size)
{
    uint32_t fitting = size < room ? size : room;

    memcpy(to, bytes, fitting);
    return fitting;
}

static uint32_t put_entry(uint8_t *to, uint32_t room, const struct wasi_entry *entry)
{
    uint8_t header[DIRENT_SIZE];

    put_header(header, entry);
    uint32_t used = put_cut(to, room, header, DIRENT_SIZE);
    return used + put_cut(to + used, room - used, entry->name, entry->name_size);
}

enum wasi_errno wasi_fd_readdir(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_descriptor *descriptor;
    struct wasi_entry entry;
    uint32_t size = arguments[2].i32;
    uint64_t cookie = arguments[3].i64;
    uint32_t used = 0;
    bool is_end = false;
    uint8_t *buffer = guest_range(wasi, arguments[1].i32, size);
    enum wasi_errno error = wasi_descriptors_find_directory(
        &wasi->descriptors, arguments[0].i32, WASI_RIGHT_FD_READDIR, &descriptor);

    if (error != WASI_SUCCESS) {
        return error;
    }
    if (buffer == NULL) {
        return WASI_EFAULT;
    }
    while (used < size) {
        error = wasi->backend.read_directory(wasi->backend.context, descriptor->object,
                                             cookie, &entry, &is_end);
        if (error != WASI_SUCCESS) {
            return error;
        }
        if (is_end) {
            break;
        }
        used += put_entry(buffer + used, size - used, &entry);
        cookie = entry.next_cookie;
    }
    return guest_write32(wasi, arguments[4].i32, used);
}
