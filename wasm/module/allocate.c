/**
 * allocate.c - see allocate.h.
 */
#include "module/allocate.h"

#include "core/bytes.h"
#include "core/checked_math.h"

void *wasm_allocate(const struct wasm_platform *platform, uint64_t count, size_t size)
{
    uint64_t bytes;

    if (count == 0 || !checked_mul(count, size, &bytes)) {
        return NULL;
    }
    return platform->allocate(platform->context, bytes);
}

void *wasm_allocate_zeroed(const struct wasm_platform *platform, uint64_t count,
                           size_t size)
{
    void *pointer = wasm_allocate(platform, count, size);

    if (pointer != NULL) {
        memset(pointer, 0, count * size);
    }
    return pointer;
}

void wasm_release(const struct wasm_platform *platform, const void *pointer,
                  uint64_t count, size_t size)
{
    if (pointer != NULL) {
        platform->release(platform->context, (void *)(uintptr_t)pointer, count * size);
    }
}

void *wasm_reallocate(const struct wasm_platform *platform, void *pointer,
                      uint64_t old_count, uint64_t new_count, size_t size)
{
    uint64_t bytes;
    uint64_t old_bytes = old_count * size;
    void *moved;

    if (pointer == NULL) {
        return wasm_allocate(platform, new_count, size);
    }
    if (new_count == 0 || !checked_mul(new_count, size, &bytes)) {
        return NULL;
    }
    if (platform->reallocate != NULL) {
        return platform->reallocate(platform->context, pointer, old_bytes, bytes);
    }
    moved = platform->allocate(platform->context, bytes);
    if (moved != NULL) {
        memcpy(moved, pointer, old_bytes < bytes ? old_bytes : bytes);
        platform->release(platform->context, pointer, old_bytes);
    }
    return moved;
}

bool wasm_reserve(const struct wasm_platform *platform, void **array,
                  uint32_t *capacity, uint64_t needed, size_t size)
{
    uint64_t wanted = *capacity + *capacity / 2 + 8;
    void *moved;

    if (needed <= *capacity) {
        return true;
    }
    if (needed > UINT32_MAX) {
        return false;
    }
    wanted = wanted < needed ? needed : wanted;
    wanted = wanted > UINT32_MAX ? UINT32_MAX : wanted;
    moved = wasm_reallocate(platform, *array, *capacity, wanted, size);
    if (moved == NULL) {
        return false;
    }
    *array = moved;
    *capacity = (uint32_t)wanted;
    return true;
}
