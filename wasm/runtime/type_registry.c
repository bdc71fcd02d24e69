/**
 * type_registry.c - see type_registry.h.
 */
#include "runtime/type_registry.h"

#include "module/allocate.h"
#include <stddef.h>

struct wasm_type_entry {
    struct wasm_function_type type; /* its words are below */
    uint32_t hash; /* this and `next`: of the first type of a group only */
    uint32_t next; /* id of the next group in the chain */
    wasm_type words[];
};

static uint32_t word_count(const struct wasm_function_type *type)
{
    return type->parameter_count + type->result_count;
}

/** @p word of a type of a group at @p first: references inside of it become relative. */
static wasm_type comparable(const struct wasm_function_type *type, wasm_type word)
{
    uint32_t place;

    if (!type_is_concrete(word)) {
        return word;
    }
    place = type_index(word) - type->group_first;
    if (place >= type->group_size) {
        return word;
    }
    return type_of_index(type_relative_index(place)) | (word & TYPE_NON_NULL);
}

/** Seeded by an address: no module can choose types that fill one chain. */
static uint32_t group_hash(const struct wasm_type_registry *registry,
                           const struct wasm_function_type *types, uint32_t size)
{
    uint64_t hash = (uintptr_t)registry + size;

    for (uint32_t t = 0; t < size; t++) {
        hash = (hash ^ types[t].parameter_count) * 0x9E3779B97F4A7C15ull +
               types[t].result_count;
        for (uint32_t i = 0; i < word_count(&types[t]); i++) {
            hash = (hash ^ types[t].types[i]) * 0x9E3779B97F4A7C15ull;
            hash ^= hash >> 29;
        }
    }
    return (uint32_t)(hash >> 32);
}

static bool entry_equals(const struct wasm_type_entry *entry,
                         const struct wasm_function_type *type)
{
    if (entry->type.parameter_count != type->parameter_count ||
        entry->type.result_count != type->result_count) {
        return false;
    }
    for (uint32_t i = 0; i < word_count(type); i++) {
        if (comparable(&entry->type, entry->words[i]) != type->types[i]) {
            return false;
        }
    }
    return true;
}

static bool group_equals(const struct wasm_type_registry *registry, uint32_t first,
                         const struct wasm_function_type *types, uint32_t size)
{
    if (registry->entries[first]->type.group_size != size) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (!entry_equals(registry->entries[first + i], &types[i])) {
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
    for (uint32_t id = 0; id < registry->count;
         id += registry->entries[id]->type.group_size) {
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

static size_t entry_size(const struct wasm_function_type *type)
{
    return sizeof(struct wasm_type_entry) +
           (size_t)word_count(type) * sizeof(wasm_type);
}

/** A copy of @p type, of the group of @p size types whose ids begin with @p first. */
static struct wasm_type_entry *entry_create(const struct wasm_platform *platform,
                                            const struct wasm_function_type *type,
                                            uint32_t first, uint32_t size)
{
    struct wasm_type_entry *entry = wasm_allocate(platform, 1, entry_size(type));

    if (entry == NULL) {
        return NULL;
    }
    entry->type = *type;
    entry->type.types = entry->words;
    entry->type.group_first = first;
    entry->type.group_size = size;
    for (uint32_t i = 0; i < word_count(type); i++) {
        wasm_type word = type->types[i];

        if (type_is_concrete(word) && type_index(word) >= TYPES_MAX) {
            word = type_of_index(first + type_relative_index(type_index(word))) |
                   (word & TYPE_NON_NULL);
        }
        entry->words[i] = word;
    }
    return entry;
}

/** Appends a whole group, or nothing. */
static enum wasm_status append_group(struct wasm_type_registry *registry,
                                     const struct wasm_platform *platform,
                                     const struct wasm_function_type *types,
                                     uint32_t size)
{
    uint32_t first = registry->count;

    if (size > TYPES_MAX - first) {
        return WASM_TOO_LARGE;
    }
    if (!wasm_reserve(platform, (void **)&registry->entries, &registry->capacity,
                      (uint64_t)first + size, sizeof(struct wasm_type_entry *))) {
        return WASM_OUT_OF_MEMORY;
    }
    for (uint32_t i = 0; i < size; i++) {
        registry->entries[first + i] = entry_create(platform, &types[i], first, size);
        if (registry->entries[first + i] == NULL) {
            while (i > 0) {
                i--;
                wasm_release(platform, registry->entries[first + i], 1,
                             entry_size(&types[i]));
            }
            return WASM_OUT_OF_MEMORY;
        }
    }
    registry->count = first + size;
    return WASM_OK;
}

enum wasm_status wasm_type_registry_intern(struct wasm_type_registry *registry,
                                           const struct wasm_platform *platform,
                                           const struct wasm_function_type *types,
                                           uint32_t size, uint32_t *out_id)
{
    uint32_t hash = group_hash(registry, types, size);
    uint32_t first = registry->count;
    enum wasm_status status;
    uint32_t *bucket;

    if (registry->count >= registry->bucket_count &&
        !grow_buckets(registry, platform)) {
        return WASM_OUT_OF_MEMORY;
    }
    bucket = &registry->buckets[hash & (registry->bucket_count - 1)];
    for (uint32_t id = *bucket; id != WASM_NO_INDEX; id = registry->entries[id]->next) {
        if (registry->entries[id]->hash == hash &&
            group_equals(registry, id, types, size)) {
            *out_id = id;
            return WASM_OK;
        }
    }
    status = append_group(registry, platform, types, size);
    if (status != WASM_OK) {
        return status;
    }
    registry->entries[first]->hash = hash;
    registry->entries[first]->next = *bucket;
    *bucket = first;
    *out_id = first;
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

        wasm_release(platform, entry, 1, entry_size(&entry->type));
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
