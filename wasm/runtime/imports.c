/**
 * imports.c - resolving imports: lookup, and matching of types (spec 4.5.3, 3.3.7).
 */
#include "core/format.h"
#include "module/error.h"
#include "module/print.h"
#include "runtime/instance.h"

/** Is [size, maximum] inside of what the import's type allows? */
static bool limits_match(uint64_t size, const struct wasm_limits_spec *found,
                         const struct wasm_limits_spec *expected)
{
    if (size < expected->minimum || found->is_64 != expected->is_64) {
        return false;
    }
    return !expected->has_maximum ||
           (found->has_maximum && found->maximum <= expected->maximum);
}

static bool global_matches(const struct wasm_instance *instance,
                           const struct wasm_global *found,
                           const struct wasm_global_type *expected)
{
    wasm_type type = wasm_type_resolve(expected->type, instance->type_ids);

    if (found->is_mutable != expected->is_mutable) {
        return false;
    }
    return expected->is_mutable ? found->type == type : type_matches(found->type, type);
}

bool wasm_import_matches(const struct wasm_instance *instance,
                         const struct wasm_extern *object, uint32_t index)
{
    const struct wasm_module *module = instance->module;
    const struct wasm_table_type *table;

    switch (object->kind) {
    case WASM_EXTERN_FUNCTION:
        return object->function->type_id ==
               instance->type_ids[module->functions[index]];
    case WASM_EXTERN_TABLE:
        table = &module->tables[index];
        return object->table->element ==
                   wasm_type_resolve(table->element, instance->type_ids) &&
               limits_match(object->table->size, &object->table->limits,
                            &table->limits);
    case WASM_EXTERN_MEMORY:
        return limits_match(object->memory->size / WASM_PAGE_SIZE,
                            &object->memory->limits, &module->memories[index]);
    case WASM_EXTERN_GLOBAL:
        return global_matches(instance, object->global, &module->globals[index]);
    default:
        return object->tag->type_id == instance->type_ids[module->tags[index]];
    }
}

static enum wasm_status unlinkable(const struct wasm_instance *instance,
                                   const struct wasm_import_entry *import,
                                   const char *why, struct wasm_error *error)
{
    const struct wasm_module *module = instance->module;
    char type[96];

    wasm_module_type_print(module, (enum wasm_extern_kind)import->kind, import->index,
                           type, sizeof(type));
    wasm_error_set(
        error, WASM_UNLINKABLE, wasm_no_place(), "%s: \"%.*s\".\"%.*s\" as %s", why,
        (int)import->module.size, (const char *)module_bytes(module, import->module),
        (int)import->name.size, (const char *)module_bytes(module, import->name), type);
    return WASM_UNLINKABLE;
}

static void set_object(struct wasm_instance *instance, uint32_t index,
                       const struct wasm_extern *object)
{
    switch (object->kind) {
    case WASM_EXTERN_FUNCTION:
        instance->functions[index] = object->function;
        break;
    case WASM_EXTERN_TABLE:
        instance->tables[index] = object->table;
        break;
    case WASM_EXTERN_MEMORY:
        instance->memories[index] = object->memory;
        break;
    case WASM_EXTERN_GLOBAL:
        instance->globals[index] = object->global;
        break;
    case WASM_EXTERN_TAG:
        instance->tags[index] = object->tag;
        break;
    }
}

static struct wasm_name span_name(const struct wasm_module *module,
                                  struct wasm_span span)
{
    return (struct wasm_name){(const char *)module_bytes(module, span), span.size};
}

enum wasm_status wasm_imports_resolve(struct wasm_instance *instance,
                                      const struct wasm_linker *linker,
                                      struct wasm_error *error)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = 0; i < module->import_count; i++) {
        const struct wasm_import_entry *import = &module->imports[i];
        const struct wasm_extern *object = wasm_linker_find(
            linker, span_name(module, import->module), span_name(module, import->name));

        if (object == NULL) {
            return unlinkable(instance, import, "unknown import", error);
        }
        if ((uint32_t)object->kind != import->kind ||
            !wasm_import_matches(instance, object, import->index)) {
            return unlinkable(instance, import, "incompatible import type", error);
        }
        set_object(instance, import->index, object);
    }
    return WASM_OK;
}
