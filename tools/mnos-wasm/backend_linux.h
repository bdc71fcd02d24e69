/**
 * backend_linux.h - WASI's backend on Linux: objects are file descriptors.
 */
#ifndef MNOS_WASM_BACKEND_LINUX_H
#define MNOS_WASM_BACKEND_LINUX_H

#include "wasi/wasi_backend.h"

/** The backend; it has no state of its own. */
struct wasi_backend backend_linux(void);

/** An object for a duplicate of a standard stream; NULL: it is closed, or no memory. */
struct wasi_object *backend_linux_standard(int fd);

/** Opens a directory of the host's for a preopen; NULL, with errno set. */
struct wasi_object *backend_linux_directory(const char *path);

/** Closes what the two functions above gave and nobody took. NULL is fine. */
void backend_linux_close(struct wasi_object *object);

#endif
