/**
 * type_registry.c - see type_registry.h.
 */
#include "runtime/type_registry.h"

#include "module/allocate.h"
#include <stddef.h>

struct wasm_type_entry {
    struct wasm_function_type type; /* its words are below */
    uint32_t hash;
    uint32_t next; /* id of the next entry in the chain */
    wasm_type words[];
};

static uint32_t word_count(const struct wasm_function_type *type)
{
    return type->parameter_count + type->result_count;
}

/** @p word with a reference to type @p id, its own, as TYPE_SELF. */
static wasm_type comparable(wasm_type word, uint32_t id)
{
    if (!type_is_concrete(word) || type_index(word) != id) {
        return word;
    }
    return type_of_index(TYPE_SELF) | (word & TYPE_NON_NULL);
}

static uint32_t type_hash(const struct wasm_function_type *type)
{
    uint64_t hash = type->parameter_count * 0x9E3779B97F4A7C15ull + type->result_count;

    for (uint32_t i = 0; i < word_count(type); i++) {
        hash = (hash ^ type->types[i]) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
    }
    return (uint32_t)(hash >> 32);
}

static bool entry_equals(const struct wasm_type_entry *entry, uint32_t id,
                         const struct wasm_function_type *type)
{
    if (entry->type.parameter_count != type->parameter_count ||
        entry->type.result_count != type->result_count) {
        return false;
    }
    for (uint32_t i = 0; i < word_count(type); i++) {
        if (comparable(entry->words[i], id) != type->types[i]) {
            return false;
        }
    }
    return true;
}

/** Doubles the buckets and hangs every entry anew. */
static bool grow_buckets(struct wasm_type_registry *registry,
                         const struct wasm_platform *platform)
{
    uint32_t count = registry->bucket_count == 0 ? 64 : 2 * registry->bucket_count;
    uint32_t *buckets = wasm_allocate(platform, count, sizeof(*buckets));

    if (buckets == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        buckets[i] = WASM_NO_INDEX;
    }
    for (uint32_t id = 0; id < registry->count; id++) {
        struct wasm_type_entry *entry = registry->entries[id];
        uint32_t *bucket = &buckets[entry->hash & (count - 1)];

        entry->next = *bucket;
        *bucket = id;
    }
    wasm_release(platform, registry->buckets, registry->bucket_count,
                 sizeof(*registry->buckets));
    registry->buckets = buckets;
    registry->bucket_count = count;
    return true;
}

static struct wasm_type_entry *entry_create(const struct wasm_platform *platform,
                                            const struct wasm_function_type *type,
                                            uint32_t id)
{
    uint32_t count = word_count(type);
    struct wasm_type_entry *entry = wasm_allocate(
        platform, 1, sizeof(*entry) + (size_t)count * sizeof(entry->words[0]));

    if (entry == NULL) {
        return NULL;
    }
    entry->type = *type;
    entry->type.types = entry->words;
    for (uint32_t i = 0; i < count; i++) {
        wasm_type word = type->types[i];

        if (type_is_concrete(word) && type_index(word) == TYPE_SELF) {
            word = type_of_index(id) | (word & TYPE_NON_NULL);
        }
        entry->words[i] = word;
    }
    return entry;
}

enum wasm_status wasm_type_registry_intern(struct wasm_type_registry *registry,
                                           const struct wasm_platform *platform,
                                           const struct wasm_function_type *type,
                                           uint32_t *out_id)
{
    uint32_t hash = type_hash(type);
    struct wasm_type_entry *entry;
    uint32_t *bucket;

    if (registry->count >= registry->bucket_count &&
        !grow_buckets(registry, platform)) {
        return WASM_OUT_OF_MEMORY;
    }
    bucket = &registry->buckets[hash & (registry->bucket_count - 1)];
    for (uint32_t id = *bucket; id != WASM_NO_INDEX; id = registry->entries[id]->next) {
        if (registry->entries[id]->hash == hash &&
            entry_equals(registry->entries[id], id, type)) {
            *out_id = id;
            return WASM_OK;
        }
    }
    if (registry->count >= TYPE_SELF) {
        return WASM_TOO_LARGE;
    }
    if (!wasm_reserve(platform, (void **)&registry->entries, &registry->capacity,
                      (uint64_t)registry->count + 1,
                      sizeof(struct wasm_type_entry *))) {
        return WASM_OUT_OF_MEMORY;
    }
    entry = entry_create(platform, type, registry->count);
    if (entry == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    entry->hash = hash;
    entry->next = *bucket;
    *bucket = registry->count;
    registry->entries[registry->count] = entry;
    *out_id = registry->count++;
    return WASM_OK;
}

const struct wasm_function_type *
wasm_type_registry_get(const struct wasm_type_registry *registry, uint32_t id)
{
    return &registry->entries[id]->type;
}

void wasm_type_registry_release(struct wasm_type_registry *registry,
                                const struct wasm_platform *platform)
{
    for (uint32_t id = 0; id < registry->count; id++) {
        struct wasm_type_entry *entry = registry->entries[id];
        size_t size =
            sizeof(*entry) + (size_t)word_count(&entry->type) * sizeof(entry->words[0]);

        wasm_release(platform, entry, 1, size);
    }
    wasm_release(platform, registry->entries, registry->capacity,
                 sizeof(struct wasm_type_entry *));
    wasm_release(platform, registry->buckets, registry->bucket_count,
                 sizeof(*registry->buckets));
}

wasm_type wasm_type_resolve(wasm_type type, const uint32_t *type_ids)
{
    if (!type_is_concrete(type)) {
        return type;
    }
    return type_of_index(type_ids[type_index(type)]) | (type & TYPE_NON_NULL);
}
