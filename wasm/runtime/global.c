/**
 * global.c - globals, and the embedder's own globals and tags (spec 4.2.8, 4.2.9).
 */
#include "module/allocate.h"
#include "runtime/function.h"
#include "runtime/table.h"

enum wasm_status wasm_global_create(struct wasm_store *store, enum wasm_value_kind kind,
                                    bool is_mutable, union wasm_value value,
                                    struct wasm_global **out_global)
{
    struct wasm_global *global =
        wasm_allocate_zeroed(store_platform(store), 1, sizeof(*global));

    if (global == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    global->store = store;
    global->type = (wasm_type)kind;
    global->is_mutable = is_mutable;
    global->value = value;
    global->next = store->globals;
    store->globals = global;
    *out_global = global;
    return WASM_OK;
}

enum wasm_status wasm_tag_create(struct wasm_store *store, const char *signature,
                                 struct wasm_tag **out_tag)
{
    struct wasm_tag *tag;
    uint32_t id;
    enum wasm_status status = wasm_signature_intern(store, signature, &id);

    if (status != WASM_OK) {
        return status;
    }
    if (wasm_type_registry_get(&store->types, id)->result_count > 0) {
        return WASM_BAD_ARGUMENT;
    }
    tag = wasm_allocate_zeroed(store_platform(store), 1, sizeof(*tag));
    if (tag == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    tag->store = store;
    tag->type_id = id;
    tag->type = wasm_type_registry_get(&store->types, id);
    tag->next = store->tags;
    store->tags = tag;
    *out_tag = tag;
    return WASM_OK;
}

void wasm_globals_release(struct wasm_store *store)
{
    while (store->globals != NULL) {
        struct wasm_global *global = store->globals;

        store->globals = global->next;
        wasm_release(store_platform(store), global, 1, sizeof(*global));
    }
    while (store->tags != NULL) {
        struct wasm_tag *tag = store->tags;

        store->tags = tag->next;
        wasm_release(store_platform(store), tag, 1, sizeof(*tag));
    }
}

enum wasm_value_kind wasm_global_kind(const struct wasm_global *global)
{
    return type_kind(global->type);
}

bool wasm_global_is_mutable(const struct wasm_global *global)
{
    return global->is_mutable;
}

union wasm_value wasm_global_get(const struct wasm_global *global)
{
    return global->value;
}

enum wasm_status wasm_global_set(struct wasm_global *global, union wasm_value value)
{
    if (!global->is_mutable) {
        return WASM_BAD_ARGUMENT;
    }
    global->value = value;
    return WASM_OK;
}
