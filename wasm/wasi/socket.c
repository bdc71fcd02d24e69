/**
 * socket.c - sock_accept, sock_recv, sock_send, sock_shutdown.
 *
 * No descriptor is a socket: each answers WASI_EBADF for a closed descriptor and
 * WASI_ENOTSOCK for an open one.
 */
#include "wasi/context.h"

static enum wasi_errno refuse(struct wasi *wasi, uint32_t fd)
{
    struct wasi_descriptor *descriptor;
    enum wasi_errno error =
        wasi_descriptors_find(&wasi->descriptors, fd, 0, &descriptor);

    return error != WASI_SUCCESS ? error : WASI_ENOTSOCK;
}

enum wasi_errno wasi_sock_accept(struct wasi *wasi, const union wasm_value *arguments)
{
    return refuse(wasi, arguments[0].i32);
}

enum wasi_errno wasi_sock_recv(struct wasi *wasi, const union wasm_value *arguments)
{
    return refuse(wasi, arguments[0].i32);
}

enum wasi_errno wasi_sock_send(struct wasi *wasi, const union wasm_value *arguments)
{
    return refuse(wasi, arguments[0].i32);
}

enum wasi_errno wasi_sock_shutdown(struct wasi *wasi, const union wasm_value *arguments)
{
    return refuse(wasi, arguments[0].i32);
}
