/**
 * filestat.c - see filestat.h. Layout: WASI preview 1, record filestat.
 */
#include "wasi/filestat.h"

enum wasi_errno wasi_filestat_write(struct wasi *wasi, uint32_t address,
                                    const struct wasi_stat *stat)
{
    uint8_t *to = guest_range(wasi, address, WASI_FILESTAT_SIZE);

    if (to == NULL) {
        return WASI_EFAULT;
    }
    memset(to, 0, WASI_FILESTAT_SIZE);
    guest_put64(to, stat->device);
    guest_put64(to + 8, stat->inode);
    to[16] = (uint8_t)stat->filetype;
    guest_put64(to + 24, stat->link_count);
    guest_put64(to + 32, stat->size);
    guest_put64(to + 40, stat->access_time_ns);
    guest_put64(to + 48, stat->modification_time_ns);
    guest_put64(to + 56, stat->change_time_ns);
    return WASI_SUCCESS;
}

static bool is_twice(uint32_t flags, uint32_t value, uint32_t now)
{
    return (flags & value) != 0 && (flags & now) != 0;
}

enum wasi_errno wasi_times_from(uint64_t access_time_ns, uint64_t modification_time_ns,
                                uint32_t flags, struct wasi_times *out_times)
{
    if ((flags & ~(uint32_t)WASI_FST_ALL) != 0 ||
        is_twice(flags, WASI_FST_ATIM, WASI_FST_ATIM_NOW) ||
        is_twice(flags, WASI_FST_MTIM, WASI_FST_MTIM_NOW)) {
        return WASI_EINVAL;
    }
    *out_times = (struct wasi_times){.flags = (uint16_t)flags,
                                     .access_time_ns = access_time_ns,
                                     .modification_time_ns = modification_time_ns};
    return WASI_SUCCESS;
}
