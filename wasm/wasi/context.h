/**
 * context.h - one program's WASI state, and how its functions get at the guest's memory.
 *
 * A handler takes the arguments as they came and answers an errno. Every guest address goes
 * through guest_range(): a pointer into the memory of the calling instance, good until
 * the handler returns, or NULL where the range does not lie in the memory.
 */
#ifndef WASM_WASI_CONTEXT_H
#define WASM_WASI_CONTEXT_H

#include "core/bytes.h"
#include "wasi/descriptors.h"
#include "wasi/wasi.h"

typedef enum wasi_errno (*wasi_handler)(struct wasi *wasi,
                                        const union wasm_value *arguments);

/** A function and the program it belongs to: the context of its host callback. */
struct wasi_binding {
    struct wasi *wasi;
    wasi_handler handler;
};

#define FUNCTION(name, signature) WASI_FUNCTION_##name,
enum wasi_function_number {
#include "wasi/functions.def"
    WASI_FUNCTION_COUNT
};
#undef FUNCTION

/** The path that the current call walks last, for whoever is told refusals. */
struct wasi_asked {
    const char *path; /**< in the guest's memory; NULL: no path was looked at */
    uint32_t path_size;
    uint32_t fd;
    bool leads_out;
};

struct wasi {
    struct wasi_backend backend;
    void (*refused)(void *context, const struct wasi_refusal *refusal);
    struct wasi_asked asked;
    struct wasm_platform platform;
    struct wasm_store *store; /**< where it was defined */
    const char *const *arguments;
    size_t argument_count;
    const char *const *environment;
    size_t environment_count;
    struct wasi_descriptors descriptors;
    struct wasm_instance *caller; /**< whose memory is cached */
    struct wasm_memory *memory;   /**< its export "memory" */
    bool has_exited;              /**< proc_exit was called, with `exit_code` */
    uint32_t exit_code;
    struct wasi_binding bindings[WASI_FUNCTION_COUNT];
};

#define FUNCTION(name, signature) \
    enum wasi_errno wasi_##name(struct wasi *wasi, const union wasm_value *arguments);
#include "wasi/functions.def"
#undef FUNCTION

/** The guest's bytes [@p address, +@p size), or NULL. */
static inline void *guest_range(const struct wasi *wasi, uint32_t address,
                                uint64_t size)
{
    return wasm_memory_range(wasi->memory, address, size);
}

/** Writes little-endian numbers to memory of any alignment. */
static inline void guest_put16(uint8_t *to, uint16_t value)
{
    to[0] = (uint8_t)value;
    to[1] = (uint8_t)(value >> 8);
}

static inline void guest_put32(uint8_t *to, uint32_t value)
{
    guest_put16(to, (uint16_t)value);
    guest_put16(to + 2, (uint16_t)(value >> 16));
}

static inline void guest_put64(uint8_t *to, uint64_t value)
{
    guest_put32(to, (uint32_t)value);
    guest_put32(to + 4, (uint32_t)(value >> 32));
}

/** Writes one number to the guest. WASI_EFAULT: not its memory. */
static inline enum wasi_errno guest_write32(const struct wasi *wasi, uint32_t address,
                                            uint32_t value)
{
    uint8_t *to = guest_range(wasi, address, 4);

    if (to == NULL) {
        return WASI_EFAULT;
    }
    guest_put32(to, value);
    return WASI_SUCCESS;
}

static inline enum wasi_errno guest_write64(const struct wasi *wasi, uint32_t address,
                                            uint64_t value)
{
    uint8_t *to = guest_range(wasi, address, 8);

    if (to == NULL) {
        return WASI_EFAULT;
    }
    guest_put64(to, value);
    return WASI_SUCCESS;
}

#endif
