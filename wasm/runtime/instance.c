/**
 * instance.c - instantiation (spec 4.5.4) and what embedders ask of an instance.
 */
#include "runtime/instance.h"

#include "core/bytes.h"
#include "module/allocate.h"
#include "module/error.h"
#include "runtime/segments.h"

/* --- Making the index spaces ----------------------------------------------------- */

/** One zeroed array of the instance for @p count objects; NULL only when count is 0. */
static bool make_array(const struct wasm_instance *instance, void *out_array,
                       uint32_t count, size_t size)
{
    void *array = wasm_allocate_zeroed(store_platform(instance->store), count, size);

    memcpy(out_array, &array, sizeof(array));
    return array != NULL || count == 0;
}

static bool make_arrays(struct wasm_instance *instance)
{
    const struct wasm_module *m = instance->module;

    return make_array(instance, &instance->type_ids, m->type_count, sizeof(uint32_t)) &&
           make_array(instance, &instance->functions, m->function_count,
                      sizeof(void *)) &&
           make_array(instance, &instance->tables, m->table_count, sizeof(void *)) &&
           make_array(instance, &instance->memories, m->memory_count, sizeof(void *)) &&
           make_array(instance, &instance->globals, m->global_count, sizeof(void *)) &&
           make_array(instance, &instance->tags, m->tag_count, sizeof(void *)) &&
           make_array(instance, &instance->elements, m->element_count,
                      sizeof(*instance->elements)) &&
           make_array(instance, &instance->data, m->data_count,
                      sizeof(*instance->data)) &&
           make_array(instance, &instance->own_functions, m->body_count,
                      sizeof(*instance->own_functions)) &&
           make_array(instance, &instance->own_globals,
                      m->global_count - m->imported_globals,
                      sizeof(*instance->own_globals)) &&
           make_array(instance, &instance->own_tags, m->tag_count - m->imported_tags,
                      sizeof(*instance->own_tags));
}

static void instance_release(struct wasm_instance *instance)
{
    const struct wasm_platform *platform = store_platform(instance->store);
    const struct wasm_module *m = instance->module;

    if (instance->elements != NULL) {
        for (uint32_t i = 0; i < m->element_count; i++) {
            wasm_release(platform, instance->elements[i].references,
                         instance->elements[i].allocated, sizeof(uint64_t));
        }
    }
    wasm_release(platform, instance->type_ids, m->type_count, sizeof(uint32_t));
    wasm_release(platform, instance->functions, m->function_count, sizeof(void *));
    wasm_release(platform, instance->tables, m->table_count, sizeof(void *));
    wasm_release(platform, instance->memories, m->memory_count, sizeof(void *));
    wasm_release(platform, instance->globals, m->global_count, sizeof(void *));
    wasm_release(platform, instance->tags, m->tag_count, sizeof(void *));
    wasm_release(platform, instance->elements, m->element_count,
                 sizeof(*instance->elements));
    wasm_release(platform, instance->data, m->data_count, sizeof(*instance->data));
    wasm_release(platform, instance->own_functions, m->body_count,
                 sizeof(*instance->own_functions));
    wasm_release(platform, instance->own_globals, m->global_count - m->imported_globals,
                 sizeof(*instance->own_globals));
    wasm_release(platform, instance->own_tags, m->tag_count - m->imported_tags,
                 sizeof(*instance->own_tags));
    wasm_release(platform, instance, 1, sizeof(*instance));
}

void wasm_instances_release(struct wasm_store *store)
{
    for (struct wasm_instance *i = store->instances; i != NULL; i = i->next) {
        if (store->executor->detach_instance != NULL) {
            store->executor->detach_instance(i);
        }
    }
    while (store->instances != NULL) {
        struct wasm_instance *instance = store->instances;

        store->instances = instance->next;
        instance_release(instance);
    }
}

/** What intern_types() copies a recursion group to. */
struct type_scratch {
    wasm_type *words;
    uint32_t word_capacity;
    struct wasm_function_type *types;
    uint32_t type_capacity;
};

/** Copies the group at @p first with the store's ids, relative inside of the group. */
static bool copy_group(struct wasm_instance *instance, uint32_t first,
                       struct type_scratch *scratch)
{
    const struct wasm_function_type *types = &instance->module->types[first];
    const struct wasm_platform *platform = store_platform(instance->store);
    uint32_t size = types[0].group_size;
    uint64_t count = 0;
    wasm_type *word;

    for (uint32_t t = 0; t < size; t++) {
        count += types[t].parameter_count + types[t].result_count;
        instance->type_ids[first + t] = type_relative_index(t);
    }
    if (!wasm_reserve(platform, (void **)&scratch->words, &scratch->word_capacity,
                      count, sizeof(*scratch->words)) ||
        !wasm_reserve(platform, (void **)&scratch->types, &scratch->type_capacity, size,
                      sizeof(*scratch->types))) {
        return false;
    }
    word = scratch->words;
    for (uint32_t t = 0; t < size; t++) {
        uint32_t words = types[t].parameter_count + types[t].result_count;

        scratch->types[t] = types[t];
        scratch->types[t].types = word;
        for (uint32_t i = 0; i < words; i++) {
            *word++ = wasm_type_resolve(types[t].types[i], instance->type_ids);
        }
    }
    return true;
}

static enum wasm_status intern_group(struct wasm_instance *instance, uint32_t first,
                                     struct type_scratch *scratch)
{
    uint32_t size = instance->module->types[first].group_size;
    enum wasm_status status;
    uint32_t id;

    if (!copy_group(instance, first, scratch)) {
        return WASM_OUT_OF_MEMORY;
    }
    status = wasm_type_registry_intern(&instance->store->types,
                                       store_platform(instance->store), scratch->types,
                                       size, &id);
    for (uint32_t t = 0; t < size && status == WASM_OK; t++) {
        instance->type_ids[first + t] = id + t;
    }
    return status;
}

/** Gives each type of the module its id in the store. */
static enum wasm_status intern_types(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;
    const struct wasm_platform *platform = store_platform(instance->store);
    struct type_scratch scratch = {0};
    enum wasm_status status = WASM_OK;

    for (uint32_t i = 0; i < module->type_count && status == WASM_OK; i++) {
        if (module->canonical_types[i] != i) {
            instance->type_ids[i] = instance->type_ids[module->canonical_types[i]];
        } else if (module->types[i].group_first == i) {
            status = intern_group(instance, i, &scratch);
        }
    }
    wasm_release(platform, scratch.words, scratch.word_capacity,
                 sizeof(*scratch.words));
    wasm_release(platform, scratch.types, scratch.type_capacity,
                 sizeof(*scratch.types));
    return status;
}

static void make_functions(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;
    const struct wasm_store *store = instance->store;
    uint32_t first = module->imported_functions;

    for (uint32_t i = first; i < module->function_count; i++) {
        struct wasm_function *function = &instance->own_functions[i - first];

        function->code = store->executor->unprepared_code;
        function->type_id = instance->type_ids[module->functions[i]];
        function->index = i;
        function->instance = instance;
        function->type = wasm_type_registry_get(&store->types, function->type_id);
        function->body = module_body(module, i);
        instance->functions[i] = function;
    }
}

static void make_tags(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = module->imported_tags; i < module->tag_count; i++) {
        struct wasm_tag *tag = &instance->own_tags[i - module->imported_tags];

        tag->store = instance->store;
        tag->type_id = instance->type_ids[module->tags[i]];
        tag->type = wasm_type_registry_get(&instance->store->types, tag->type_id);
        instance->tags[i] = tag;
    }
}

/** Types, imports and all objects that need no constant expression. */
static enum wasm_status make_objects(struct wasm_instance *instance,
                                     const struct wasm_linker *linker,
                                     struct wasm_error *error)
{
    enum wasm_status status;

    if (!make_arrays(instance)) {
        return WASM_OUT_OF_MEMORY;
    }
    status = intern_types(instance);
    if (status != WASM_OK) {
        return status;
    }
    status = wasm_imports_resolve(instance, linker, error);
    if (status != WASM_OK) {
        return status;
    }
    make_functions(instance);
    make_tags(instance);
    return wasm_segments_make_objects(instance);
}

/* --- Instantiation --------------------------------------------------------------- */

/** Segments into memories and tables, then the start function. */
static enum wasm_status initialize(struct wasm_instance *instance,
                                   struct wasm_error *error)
{
    struct wasm_store *store = instance->store;
    const struct wasm_module *module = instance->module;
    enum wasm_status status = wasm_segments_initialize(instance, error);

    if (status != WASM_OK || module->start == WASM_NO_INDEX) {
        return status;
    }
    return wasm_call(store, instance->functions[module->start], NULL, NULL) ==
                   WASM_TRAP_NONE
               ? WASM_OK
               : WASM_TRAPPED;
}

/** Sets the error of a status that has no message yet. */
static enum wasm_status report(const struct wasm_store *store, enum wasm_status status,
                               struct wasm_error *error)
{
    if (status == WASM_OUT_OF_MEMORY || status == WASM_TOO_LARGE) {
        wasm_error_set(
            error, status, wasm_no_place(),
            "no memory for the instance, or a limit of the store is reached");
    } else if (status == WASM_TRAPPED) {
        wasm_error_set(error, status, wasm_no_place(), "%s",
                       wasm_trap_text(store->trap.kind));
    }
    return status;
}

enum wasm_status wasm_instantiate(struct wasm_linker *linker,
                                  const struct wasm_module *module,
                                  struct wasm_instance **out_instance,
                                  struct wasm_error *out_error)
{
    struct wasm_store *store = wasm_linker_store(linker);
    struct wasm_instance *instance =
        wasm_allocate_zeroed(store_platform(store), 1, sizeof(*instance));
    enum wasm_status status;

    if (instance == NULL) {
        return report(store, WASM_OUT_OF_MEMORY, out_error);
    }
    store->has_instances = true;
    instance->module = module;
    instance->store = store;
    status = make_objects(instance, linker, out_error);
    if (status == WASM_OK && store->executor->attach_instance != NULL) {
        status = store->executor->attach_instance(instance);
    }
    if (status != WASM_OK) {
        instance_release(instance);
        return report(store, status, out_error);
    }
    /* From here on others may hold references to its objects: it stays in the store. */
    instance->next = store->instances;
    store->instances = instance;
    status = initialize(instance, out_error);
    if (status != WASM_OK) {
        return report(store, status, out_error);
    }
    *out_instance = instance;
    return WASM_OK;
}

/* --- Exports --------------------------------------------------------------------- */

const struct wasm_module *wasm_instance_module(const struct wasm_instance *instance)
{
    return instance->module;
}

struct wasm_store *wasm_instance_store(const struct wasm_instance *instance)
{
    return instance->store;
}

struct wasm_extern wasm_instance_object(const struct wasm_instance *instance,
                                        enum wasm_extern_kind kind, uint32_t index)
{
    struct wasm_extern object = {.kind = kind};

    switch (kind) {
    case WASM_EXTERN_FUNCTION:
        object.function = instance->functions[index];
        break;
    case WASM_EXTERN_TABLE:
        object.table = instance->tables[index];
        break;
    case WASM_EXTERN_MEMORY:
        object.memory = instance->memories[index];
        break;
    case WASM_EXTERN_GLOBAL:
        object.global = instance->globals[index];
        break;
    case WASM_EXTERN_TAG:
        object.tag = instance->tags[index];
        break;
    }
    return object;
}

enum wasm_status wasm_instance_export(struct wasm_instance *instance,
                                      struct wasm_name name,
                                      struct wasm_extern *out_extern)
{
    const struct wasm_export_entry *export =
        wasm_module_find_export(instance->module, name);

    if (export == NULL) {
        return WASM_NOT_FOUND;
    }
    *out_extern = wasm_instance_object(instance, (enum wasm_extern_kind) export->kind,
                                       export->index);
    return WASM_OK;
}

/** The export @p name if it is of @p kind; false: there is none. */
static bool find_export(struct wasm_instance *instance, const char *name,
                        enum wasm_extern_kind kind, struct wasm_extern *out_extern)
{
    return wasm_instance_export(instance, wasm_name_of(name), out_extern) == WASM_OK &&
           out_extern->kind == kind;
}

struct wasm_function *wasm_instance_function(struct wasm_instance *instance,
                                             const char *name)
{
    struct wasm_extern object;

    return find_export(instance, name, WASM_EXTERN_FUNCTION, &object) ? object.function
                                                                      : NULL;
}

struct wasm_memory *wasm_instance_memory(struct wasm_instance *instance,
                                         const char *name)
{
    struct wasm_extern object;

    return find_export(instance, name, WASM_EXTERN_MEMORY, &object) ? object.memory
                                                                    : NULL;
}

struct wasm_table *wasm_instance_table(struct wasm_instance *instance, const char *name)
{
    struct wasm_extern object;

    return find_export(instance, name, WASM_EXTERN_TABLE, &object) ? object.table
                                                                   : NULL;
}

struct wasm_global *wasm_instance_global(struct wasm_instance *instance,
                                         const char *name)
{
    struct wasm_extern object;

    return find_export(instance, name, WASM_EXTERN_GLOBAL, &object) ? object.global
                                                                    : NULL;
}
