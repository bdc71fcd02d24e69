/**
 * module.c - releasing a module, and what embedders may ask of one.
 */
#include "module/module.h"

#include "module/allocate.h"
#include "module/reader.h"

void wasm_module_release(struct wasm_module *module)
{
    const struct wasm_platform *platform;

    if (module == NULL) {
        return;
    }
    platform = &module->engine->platform;
    wasm_release(platform, module->types, module->type_capacity,
                 sizeof(*module->types));
    wasm_release(platform, module->canonical_types, module->canonical_capacity,
                 sizeof(*module->canonical_types));
    wasm_release(platform, module->type_words, module->type_word_capacity,
                 sizeof(*module->type_words));
    wasm_release(platform, module->imports, module->import_capacity,
                 sizeof(*module->imports));
    wasm_release(platform, module->functions, module->function_capacity,
                 sizeof(*module->functions));
    wasm_release(platform, module->bodies, module->body_count, sizeof(*module->bodies));
    wasm_release(platform, module->tables, module->table_capacity,
                 sizeof(*module->tables));
    wasm_release(platform, module->memories, module->memory_capacity,
                 sizeof(*module->memories));
    wasm_release(platform, module->globals, module->global_capacity,
                 sizeof(*module->globals));
    wasm_release(platform, module->tags, module->tag_capacity, sizeof(*module->tags));
    wasm_release(platform, module->exports, module->export_capacity,
                 sizeof(*module->exports));
    wasm_release(platform, module->export_order, module->export_capacity,
                 sizeof(*module->export_order));
    wasm_release(platform, module->elements, module->element_capacity,
                 sizeof(*module->elements));
    wasm_release(platform, module->data, module->data_capacity, sizeof(*module->data));
    wasm_release(platform, module->declared_functions, module->function_count / 64 + 1,
                 sizeof(*module->declared_functions));
    wasm_release(platform, module, 1, sizeof(*module));
}

static struct wasm_name span_name(const struct wasm_module *module,
                                  struct wasm_span span)
{
    return (struct wasm_name){(const char *)module_bytes(module, span), span.size};
}

uint32_t wasm_module_import_count(const struct wasm_module *module)
{
    return module->import_count;
}

uint32_t wasm_module_export_count(const struct wasm_module *module)
{
    return module->export_count;
}

struct wasm_import wasm_module_import(const struct wasm_module *module, uint32_t index)
{
    const struct wasm_import_entry *entry = &module->imports[index];

    return (struct wasm_import){
        .module = span_name(module, entry->module),
        .name = span_name(module, entry->name),
        .kind = (enum wasm_extern_kind)entry->kind,
        .index = entry->index,
    };
}

struct wasm_export wasm_module_export(const struct wasm_module *module, uint32_t index)
{
    const struct wasm_export_entry *entry = &module->exports[index];

    return (struct wasm_export){
        .name = span_name(module, entry->name),
        .kind = (enum wasm_extern_kind)entry->kind,
        .index = entry->index,
    };
}

uint32_t wasm_module_features(const struct wasm_module *module)
{
    return module->features;
}

uint32_t wasm_module_function_count(const struct wasm_module *module)
{
    return module->function_count;
}

struct wasm_name wasm_name_of(const char *string)
{
    return (struct wasm_name){string, (uint32_t)strlen(string)};
}
