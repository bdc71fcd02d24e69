/**
 * filestat.h - filestat and times between the guest's layout and the backend's.
 */
#ifndef WASM_WASI_FILESTAT_H
#define WASM_WASI_FILESTAT_H

#include "wasi/context.h"

enum { WASI_FILESTAT_SIZE = 64 };

/** Writes a filestat. WASI_EFAULT. */
enum wasi_errno wasi_filestat_write(struct wasi *wasi, uint32_t address,
                                    const struct wasi_stat *stat);

/** Checks what a program gave. WASI_EINVAL: unknown flags, or a time twice. */
enum wasi_errno wasi_times_from(uint64_t access_time_ns, uint64_t modification_time_ns,
                                uint32_t flags, struct wasi_times *out_times);

#endif
