/**
 * fuzz_wasm_run.c - modules that validate, run: nothing that they do may hurt the engine.
 *
 * Every import gets a definition that fits; every export is called, all on little fuel and
 * memory, and with allocations that fail after a number of them that the input's last byte
 * gives. Two runs must agree in traps, results and what they leave in memory.
 */
#include "core/bytes.h"
#include "runtime/store.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAP_MAX = 64 << 20, FUEL = 20000, VALUES_MAX = 1000 };

struct heap {
    size_t used;
    size_t requests_left;
};

static void *allocate(void *context, size_t size)
{
    struct heap *heap = context;

    if (size > HEAP_MAX - heap->used || heap->requests_left == 0) {
        return NULL;
    }
    heap->requests_left--;
    heap->used += size;
    return malloc(size);
}

static void release(void *context, void *pointer, size_t size)
{
    struct heap *heap = context;

    heap->used -= size;
    free(pointer);
}

/** What runs are compared by. */
struct digest {
    uint64_t hash;
};

static void digest_add(struct digest *digest, uint64_t word)
{
    digest->hash = (digest->hash ^ word) * 0x9E3779B97F4A7C15ull;
    digest->hash ^= digest->hash >> 31;
}

/** A host function of any type: gives zeros and nulls, or fails now and then. */
static enum wasm_trap_kind host(void *context, struct wasm_instance *caller,
                                const union wasm_value *arguments,
                                union wasm_value *results)
{
    const struct wasm_function *self = *(struct wasm_function **)context;

    (void)arguments;
    for (uint32_t i = 0; i < wasm_function_result_count(self); i++) {
        results[i] = (union wasm_value){.i64 = 0};
    }
    return caller != NULL && wasm_store_fuel(wasm_instance_store(caller)) % 16 == 3
               ? WASM_TRAP_HOST
               : WASM_TRAP_NONE;
}

/** The signature string of a module's function type, or false: no string says it. */
static bool signature_of(const struct wasm_function_type *type, char *out_text,
                         size_t size)
{
    static const uint8_t kinds[] = {WASM_I32,       WASM_I64,   WASM_F32,
                                    WASM_F64,       WASM_V128,  WASM_FUNCREF,
                                    WASM_EXTERNREF, WASM_EXNREF};
    uint32_t count = type->parameter_count + type->result_count;
    size_t used = 0;

    if (count + 2 > size) {
        return false;
    }
    for (uint32_t i = 0; i <= count; i++) {
        if (i == type->parameter_count) {
            out_text[used++] = ':';
        }
        for (size_t k = 0; k < sizeof(kinds) && i < count; k++) {
            if (type->types[i] == kinds[k]) {
                out_text[used++] = "iIfFvcex"[k];
            }
        }
    }
    out_text[used] = '\0';
    return used == count + 1;
}

static struct wasm_limits_type limits_of(const struct wasm_limits_spec *limits)
{
    return (struct wasm_limits_type){.minimum = limits->minimum,
                                     .maximum = limits->maximum,
                                     .has_maximum = limits->has_maximum,
                                     .is_64 = limits->is_64};
}

static struct wasm_function *functions[256];
static uint32_t function_count;

static enum wasm_status make_function(struct wasm_store *store,
                                      const struct wasm_function_type *type,
                                      struct wasm_function **out_function)
{
    char signature[64];
    struct wasm_function **slot = &functions[function_count];
    enum wasm_status status;

    if (function_count == 256 || !signature_of(type, signature, sizeof(signature))) {
        return WASM_BAD_ARGUMENT;
    }
    status = wasm_function_create(store, signature, host, slot, slot);
    if (status == WASM_OK) {
        function_count++;
        *out_function = *slot;
    }
    return status;
}

static enum wasm_status make_object(struct wasm_store *store,
                                    const struct wasm_module *module,
                                    const struct wasm_import *import,
                                    struct wasm_extern *out_object)
{
    const union wasm_value zero = {.v128 = {0, 0}};
    const struct wasm_table_type *table;
    const struct wasm_global_type *global;
    struct wasm_limits_type limits;
    char signature[64];

    out_object->kind = import->kind;
    switch (import->kind) {
    case WASM_EXTERN_FUNCTION:
        return make_function(store, module_function_type(module, import->index),
                             &out_object->function);
    case WASM_EXTERN_TABLE:
        table = &module->tables[import->index];
        limits = limits_of(&table->limits);
        return wasm_table_create(store, type_kind(table->element), &limits,
                                 &out_object->table);
    case WASM_EXTERN_MEMORY:
        limits = limits_of(&module->memories[import->index]);
        return wasm_memory_create(store, &limits, &out_object->memory);
    case WASM_EXTERN_GLOBAL:
        global = &module->globals[import->index];
        if (!type_is_defaultable(global->type)) {
            return WASM_BAD_ARGUMENT;
        }
        return wasm_global_create(store, type_kind(global->type), global->is_mutable,
                                  zero, &out_object->global);
    default:
        if (!signature_of(&module->types[module->tags[import->index]], signature,
                          sizeof(signature))) {
            return WASM_BAD_ARGUMENT;
        }
        return wasm_tag_create(store, signature, &out_object->tag);
    }
}

static bool define_imports(struct wasm_store *store, struct wasm_linker *linker,
                           const struct wasm_module *module)
{
    function_count = 0;
    for (uint32_t i = 0; i < wasm_module_import_count(module); i++) {
        struct wasm_import import = wasm_module_import(module, i);
        struct wasm_extern object;

        if (make_object(store, module, &import, &object) != WASM_OK ||
            wasm_linker_define(linker, import.module, import.name, object) != WASM_OK) {
            return false;
        }
    }
    return true;
}

static void call_export(struct wasm_store *store, struct wasm_function *function,
                        struct digest *digest)
{
    static union wasm_value arguments[VALUES_MAX];
    static union wasm_value results[VALUES_MAX];
    enum wasm_trap_kind kind;
    char text[512];

    for (uint32_t i = 0; i < wasm_function_parameter_count(function); i++) {
        bool is_reference = type_is_reference(wasm_function_parameter(function, i));

        if (!type_is_defaultable(function->type->types[i])) {
            return; /* nothing here to give it */
        }
        arguments[i] = (union wasm_value){.i64 = is_reference ? 0 : 0x10001 * i + 1};
    }
    memset(results, 0, sizeof(results));
    kind = wasm_call(store, function, arguments, results);
    digest_add(digest, kind);
    if (kind != WASM_TRAP_NONE) {
        const struct wasm_trap *trap = wasm_store_trap(store);

        digest_add(digest, trap->depth);
        digest_add(digest, trap->frame_count > 0 ? trap->frames[0].offset : 0);
        wasm_trap_print(trap, text, sizeof(text));
        return;
    }
    for (uint32_t i = 0; i < wasm_function_result_count(function); i++) {
        enum wasm_value_kind result = wasm_function_result(function, i);

        if (!type_is_reference(result)) {
            digest_add(digest, result == WASM_I32 || result == WASM_F32
                                   ? results[i].i32
                                   : results[i].i64);
        }
    }
}

static void run_instance(struct wasm_store *store, struct wasm_instance *instance,
                         const struct wasm_module *module, struct digest *digest)
{
    for (uint32_t i = 0; i < wasm_module_export_count(module) && i < 64; i++) {
        struct wasm_extern object;

        if (wasm_instance_export(instance, wasm_module_export(module, i).name,
                                 &object) != WASM_OK) {
            abort();
        }
        if (object.kind == WASM_EXTERN_FUNCTION) {
            call_export(store, object.function, digest);
        }
    }
    for (uint32_t i = 0; i < module->memory_count; i++) {
        const struct wasm_memory *memory = instance->memories[i];

        digest_add(digest, memory->size);
        for (uint64_t at = 0; at < memory->size; at += 8) {
            digest_add(digest, bytes_load_le64(memory->data + at));
        }
    }
    digest_add(digest, wasm_store_fuel(store));
}

/** One life of the module; gives what it did. */
static uint64_t run(struct wasm_engine *engine, const struct wasm_module *module)
{
    const struct wasm_limits limits = {
        .memory_bytes = 1 << 20, .table_elements = 10000, .stack_bytes = 64 << 10};
    struct digest digest = {1};
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;

    if (wasm_store_create(engine, &limits, &store) != WASM_OK) {
        return 0;
    }
    wasm_store_set_fuel(store, FUEL);
    if (wasm_linker_create(store, &linker) == WASM_OK) {
        if (define_imports(store, linker, module)) {
            enum wasm_status status = wasm_instantiate(linker, module, &instance, NULL);

            digest_add(&digest, status);
            if (status == WASM_OK) {
                run_instance(store, instance, module, &digest);
            }
        }
        wasm_linker_release(linker);
    }
    wasm_store_release(store);
    return digest.hash;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap heap = {0, SIZE_MAX};
    const struct wasm_engine_config config = {
        .platform = {.context = &heap, .allocate = allocate, .release = release},
        .features = WASM_FEATURES_ALL};
    struct wasm_engine *engine;
    struct wasm_module *module;

    if (wasm_engine_create(&config, &engine) != WASM_OK) {
        abort();
    }
    if (wasm_module_load(engine, data, size, &module, NULL) == WASM_OK) {
        uint64_t first = run(engine, module);
        uint64_t second = run(engine, module);

        if (first != second) {
            abort(); /* fuel, traps or results differ between two equal runs */
        }
        heap.requests_left = size > 0 ? data[size - 1] : 0;
        (void)run(engine, module);
        wasm_module_release(module);
    }
    wasm_engine_release(engine);
    if (heap.used != 0) {
        abort();
    }
    return 0;
}
