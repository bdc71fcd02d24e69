/**
 * args.c - args_get, args_sizes_get, environ_get, environ_sizes_get.
 *
 * Both lists have one form: pointers in one array, zero-terminated strings in one buffer.
 */
#include "core/checked_math.h"
#include "wasi/context.h"

/* The bytes of all strings with their zeros. False: more than a guest can address. */
static bool strings_size(const char *const *strings, size_t count, uint32_t *out_size)
{
    uint64_t size = 0;

    for (size_t i = 0; i < count; i++) {
        if (!checked_add(size, strlen(strings[i]) + 1, &size)) {
            return false;
        }
    }
    *out_size = (uint32_t)size;
    return count <= UINT32_MAX / 4 && size <= UINT32_MAX;
}

static enum wasi_errno put_sizes(struct wasi *wasi, const char *const *strings,
                                 size_t count, const union wasm_value *arguments)
{
    uint32_t size;

    if (!strings_size(strings, count, &size)) {
        return WASI_EOVERFLOW;
    }
    enum wasi_errno error = guest_write32(wasi, arguments[0].i32, (uint32_t)count);
    return error != WASI_SUCCESS ? error : guest_write32(wasi, arguments[1].i32, size);
}

static enum wasi_errno put_strings(struct wasi *wasi, const char *const *strings,
                                   size_t count, const union wasm_value *arguments)
{
    uint32_t size;

    if (!strings_size(strings, count, &size)) {
        return WASI_EOVERFLOW;
    }
    uint8_t *pointers = guest_range(wasi, arguments[0].i32, (uint64_t)count * 4);
    uint8_t *bytes = guest_range(wasi, arguments[1].i32, size);
    uint32_t address = arguments[1].i32;
    if (pointers == NULL || bytes == NULL) {
        return WASI_EFAULT;
    }
    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(strings[i]) + 1;
        guest_put32(pointers + i * 4, address);
        memcpy(bytes, strings[i], length);
        bytes += length;
        address += (uint32_t)length;
    }
    return WASI_SUCCESS;
}

enum wasi_errno wasi_args_get(struct wasi *wasi, const union wasm_value *arguments)
{
    return put_strings(wasi, wasi->arguments, wasi->argument_count, arguments);
}

enum wasi_errno wasi_args_sizes_get(struct wasi *wasi,
                                    const union wasm_value *arguments)
{
    return put_sizes(wasi, wasi->arguments, wasi->argument_count, arguments);
}

enum wasi_errno wasi_environ_get(struct wasi *wasi, const union wasm_value *arguments)
{
    return put_strings(wasi, wasi->environment, wasi->environment_count, arguments);
}

enum wasi_errno wasi_environ_sizes_get(struct wasi *wasi,
                                       const union wasm_value *arguments)
{
    return put_sizes(wasi, wasi->environment, wasi->environment_count, arguments);
}
