/**
 * linker.c - a hash table of definitions, by module and name.
 */
#include "runtime/linker.h"

#include "core/bytes.h"
#include "module/allocate.h"

/** One definition; its names lie behind it, the module's first. */
struct definition {
    struct definition *next; /* in its bucket */
    uint64_t hash;
    struct wasm_extern object;
    uint32_t module_size;
    uint32_t name_size;
    char names[];
};

struct wasm_linker {
    struct wasm_store *store;
    struct definition **buckets;
    uint32_t bucket_count; /* a power of two, or 0 */
    uint32_t count;
};

static const struct wasm_platform *linker_platform(const struct wasm_linker *linker)
{
    return store_platform(linker->store);
}

static size_t definition_size(const struct definition *definition)
{
    return sizeof(*definition) + definition->module_size + definition->name_size;
}

static uint64_t hash_bytes(uint64_t hash, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        hash = (hash ^ (uint8_t)bytes[i]) * 0x100000001B3ull;
    }
    return hash;
}

/** Seeded by an address: no module can choose names that fill one chain. */
static uint64_t hash_names(const struct wasm_linker *linker, struct wasm_name module,
                           struct wasm_name name)
{
    uint64_t hash = hash_bytes((uintptr_t)linker, module.bytes, module.size);

    hash = hash_bytes(hash ^ 0xFF, name.bytes, name.size);
    return hash ^ hash >> 32;
}

enum wasm_status wasm_linker_create(struct wasm_store *store,
                                    struct wasm_linker **out_linker)
{
    struct wasm_linker *linker =
        wasm_allocate_zeroed(store_platform(store), 1, sizeof(*linker));

    if (linker == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    linker->store = store;
    *out_linker = linker;
    return WASM_OK;
}

void wasm_linker_release(struct wasm_linker *linker)
{
    const struct wasm_platform *platform;

    if (linker == NULL) {
        return;
    }
    platform = linker_platform(linker);
    for (uint32_t i = 0; i < linker->bucket_count; i++) {
        while (linker->buckets[i] != NULL) {
            struct definition *definition = linker->buckets[i];

            linker->buckets[i] = definition->next;
            wasm_release(platform, definition, 1, definition_size(definition));
        }
    }
    wasm_release(platform, linker->buckets, linker->bucket_count,
                 sizeof(struct definition *));
    wasm_release(platform, linker, 1, sizeof(*linker));
}

struct wasm_store *wasm_linker_store(const struct wasm_linker *linker)
{
    return linker->store;
}

static bool grow_buckets(struct wasm_linker *linker)
{
    uint32_t count = linker->bucket_count == 0 ? 64 : 2 * linker->bucket_count;
    struct definition **buckets = wasm_allocate_zeroed(linker_platform(linker), count,
                                                       sizeof(struct definition *));

    if (buckets == NULL) {
        return false;
    }
    for (uint32_t i = 0; i < linker->bucket_count; i++) {
        while (linker->buckets[i] != NULL) {
            struct definition *definition = linker->buckets[i];
            struct definition **bucket = &buckets[definition->hash & (count - 1)];

            linker->buckets[i] = definition->next;
            definition->next = *bucket;
            *bucket = definition;
        }
    }
    wasm_release(linker_platform(linker), linker->buckets, linker->bucket_count,
                 sizeof(struct definition *));
    linker->buckets = buckets;
    linker->bucket_count = count;
    return true;
}

static struct definition *find(const struct wasm_linker *linker, uint64_t hash,
                               struct wasm_name module, struct wasm_name name)
{
    struct definition *definition;

    if (linker->bucket_count == 0) {
        return NULL;
    }
    definition = linker->buckets[hash & (linker->bucket_count - 1)];
    for (; definition != NULL; definition = definition->next) {
        if (definition->hash == hash && definition->module_size == module.size &&
            definition->name_size == name.size &&
            memcmp(definition->names, module.bytes, module.size) == 0 &&
            memcmp(definition->names + module.size, name.bytes, name.size) == 0) {
            return definition;
        }
    }
    return NULL;
}

const struct wasm_extern *wasm_linker_find(const struct wasm_linker *linker,
                                           struct wasm_name module,
                                           struct wasm_name name)
{
    struct definition *found =
        find(linker, hash_names(linker, module, name), module, name);

    return found == NULL ? NULL : &found->object;
}

enum wasm_status wasm_linker_define(struct wasm_linker *linker, struct wasm_name module,
                                    struct wasm_name name, struct wasm_extern object)
{
    uint64_t hash = hash_names(linker, module, name);
    struct definition *definition = find(linker, hash, module, name);
    struct definition **bucket;

    if (definition != NULL) {
        definition->object = object;
        return WASM_OK;
    }
    if (linker->count >= linker->bucket_count && !grow_buckets(linker)) {
        return WASM_OUT_OF_MEMORY;
    }
    definition = wasm_allocate(linker_platform(linker), 1,
                               sizeof(*definition) + module.size + name.size);
    if (definition == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    definition->hash = hash;
    definition->object = object;
    definition->module_size = module.size;
    definition->name_size = name.size;
    memcpy(definition->names, module.bytes, module.size);
    memcpy(definition->names + module.size, name.bytes, name.size);
    bucket = &linker->buckets[hash & (linker->bucket_count - 1)];
    definition->next = *bucket;
    *bucket = definition;
    linker->count++;
    return WASM_OK;
}

enum wasm_status wasm_linker_define_function(struct wasm_linker *linker,
                                             const char *module, const char *name,
                                             const char *signature,
                                             wasm_host_callback callback, void *context)
{
    struct wasm_extern object = {.kind = WASM_EXTERN_FUNCTION};
    enum wasm_status status = wasm_function_create(linker->store, signature, callback,
                                                   context, &object.function);

    if (status != WASM_OK) {
        return status;
    }
    return wasm_linker_define(linker, wasm_name_of(module), wasm_name_of(name), object);
}

enum wasm_status wasm_linker_define_instance(struct wasm_linker *linker,
                                             struct wasm_name module,
                                             struct wasm_instance *instance)
{
    const struct wasm_module *exporter = wasm_instance_module(instance);
    uint32_t count = wasm_module_export_count(exporter);

    for (uint32_t i = 0; i < count; i++) {
        struct wasm_export export = wasm_module_export(exporter, i);
        enum wasm_status status = wasm_linker_define(
            linker, module, export.name,
            wasm_instance_object(instance, export.kind, export.index));

        if (status != WASM_OK) {
            return status;
        }
    }
    return WASM_OK;
}
