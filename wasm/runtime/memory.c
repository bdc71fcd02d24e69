/**
 * memory.c - linear memories: where they lie, and how they grow.
 *
 * Three ways, by what the platform offers (wasm.h, struct wasm_platform): a guarded
 * reservation, a plain reservation, or one allocation that moves when it grows. Bytes
 * beyond `size` are inaccessible in the first two, and never looked at in the third.
 */
#include "runtime/memory.h"

#include "core/bytes.h"
#include "core/checked_math.h"
#include "module/allocate.h"

enum {
    GROWTH_SHARE = 4 /* an allocation that moves grows by a quarter at least */
};

/** Every 32-bit address plus every 32-bit offset plus an access of up to 64 KiB. */
#define GUARDED_RESERVATION (((uint64_t)1 << 33) + WASM_PAGE_SIZE)
#define LARGEST_32          ((uint64_t)1 << 32)

/** Makes the bytes up to @p size accessible and zero. */
static bool make_accessible(struct wasm_memory *memory, uint64_t size)
{
    const struct wasm_platform *platform = store_platform(memory->store);
    uint64_t spare = memory->capacity / GROWTH_SHARE;
    uint64_t wanted = size;
    void *moved;

    if (size <= memory->capacity) {
        if (memory->reserved == 0) {
            memset(memory->data + memory->size, 0, size - memory->size);
        }
        return true;
    }
    if (memory->reserved > 0) {
        if (size > memory->reserved ||
            !platform->commit(platform->context, memory->data + memory->capacity,
                              size - memory->capacity)) {
            return false;
        }
        memory->capacity = size;
        return true;
    }
    if (wanted - memory->capacity < spare) {
        wanted = memory->capacity + spare;
    }
    moved = wasm_reallocate(platform, memory->data, memory->capacity, wanted, 1);
    if (moved == NULL && wanted > size) {
        wanted = size;
        moved = wasm_reallocate(platform, memory->data, memory->capacity, wanted, 1);
    }
    if (moved == NULL) {
        return false;
    }
    memory->data = moved;
    memory->capacity = wanted;
    memset(memory->data + memory->size, 0, size - memory->size);
    return true;
}

uint64_t wasm_memory_grow(struct wasm_memory *memory, uint64_t pages)
{
    struct wasm_store *store = memory->store;
    uint64_t old_pages = memory->size / WASM_PAGE_SIZE;
    uint64_t new_pages;
    uint64_t new_size;
    uint64_t added;
    uint64_t total;

    if (!checked_add(old_pages, pages, &new_pages) ||
        new_pages > memory->maximum_pages ||
        !checked_mul(new_pages, WASM_PAGE_SIZE, &new_size)) {
        return UINT64_MAX;
    }
    added = new_size - memory->size;
    if (!checked_add(store->memory_bytes, added, &total) ||
        total > store->limits.memory_bytes) {
        return UINT64_MAX;
    }
    if (added > 0 && !make_accessible(memory, new_size)) {
        return UINT64_MAX;
    }
    memory->size = new_size;
    store->memory_bytes = total;
    return old_pages;
}

/** Reserves address space for a 32-bit memory, with guard pages where that is wanted. */
static void reserve_space(struct wasm_memory *memory)
{
    const struct wasm_engine *engine = memory->store->engine;
    const struct wasm_platform *platform = &engine->platform;
    uint64_t size = memory->maximum_pages * WASM_PAGE_SIZE;

    if (platform->reserve == NULL || memory->limits.is_64) {
        return;
    }
    if (engine->guarded_memory) {
        memory->data = platform->reserve(platform->context, GUARDED_RESERVATION);
        if (memory->data != NULL) {
            memory->reserved = GUARDED_RESERVATION;
            memory->is_guarded = true;
            return;
        }
    }
    if (size > 0 && size <= LARGEST_32) {
        memory->data = platform->reserve(platform->context, size);
        memory->reserved = memory->data == NULL ? 0 : size;
    }
}

static void memory_release(struct wasm_memory *memory)
{
    const struct wasm_platform *platform = store_platform(memory->store);

    if (memory->reserved > 0) {
        platform->unreserve(platform->context, memory->data, memory->reserved);
    } else {
        wasm_release(platform, memory->data, memory->capacity, 1);
    }
    wasm_release(platform, memory, 1, sizeof(*memory));
}

struct wasm_memory *wasm_memory_make(struct wasm_store *store,
                                     const struct wasm_limits_spec *limits)
{
    struct wasm_memory *memory =
        wasm_allocate_zeroed(store_platform(store), 1, sizeof(*memory));

    if (memory == NULL) {
        return NULL;
    }
    memory->store = store;
    memory->limits = *limits;
    memory->maximum_pages = limits->maximum;
    reserve_space(memory);
    if (wasm_memory_grow(memory, limits->minimum) == UINT64_MAX) {
        memory_release(memory);
        return NULL;
    }
    memory->next = store->memories;
    store->memories = memory;
    return memory;
}

void wasm_memories_release(struct wasm_store *store)
{
    while (store->memories != NULL) {
        struct wasm_memory *memory = store->memories;

        store->memories = memory->next;
        memory_release(memory);
    }
}

enum wasm_status wasm_memory_create(struct wasm_store *store,
                                    const struct wasm_limits_type *type,
                                    struct wasm_memory **out_memory)
{
    uint64_t largest = type->is_64 ? (uint64_t)1 << 48 : LARGEST_32 / WASM_PAGE_SIZE;
    struct wasm_limits_spec limits = {
        .minimum = type->minimum,
        .maximum = type->has_maximum ? type->maximum : largest,
        .has_maximum = type->has_maximum,
        .is_64 = type->is_64,
    };
    struct wasm_memory *memory;

    if (limits.minimum > limits.maximum || limits.maximum > largest) {
        return WASM_BAD_ARGUMENT;
    }
    memory = wasm_memory_make(store, &limits);
    if (memory == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    *out_memory = memory;
    return WASM_OK;
}

uint8_t *wasm_memory_data(const struct wasm_memory *memory)
{
    return memory->data;
}

uint64_t wasm_memory_size(const struct wasm_memory *memory)
{
    return memory->size;
}

void *wasm_memory_range(const struct wasm_memory *memory, uint64_t offset,
                        uint64_t size)
{
    /* a pointer that is not NULL for the empty range of no bytes */
    static const uint8_t nothing;

    if (!range_fits(offset, size, memory->size)) {
        return NULL;
    }
    return memory->data == NULL ? (void *)(uintptr_t)&nothing : memory->data + offset;
}
