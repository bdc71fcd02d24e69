/**
 * names.c - function names out of the "name" section (spec appendix 7.4).
 *
 * The section is not looked at before somebody asks, and nothing is kept: a name is wanted for
 * errors and backtraces only. A malformed section gives no names, and is no error.
 */
#include "module/module.h"
#include "module/reader.h"

enum { SUBSECTION_FUNCTIONS = 1 };

/** Finds the subsection of function names. */
static bool find_function_names(const struct wasm_module *module,
                                struct wasm_reader *out_reader)
{
    struct wasm_reader reader = {module_bytes(module, module->name_section), NULL};
    uint8_t id;
    uint32_t size;
    const uint8_t *contents;

    reader.end = reader.position + module->name_section.size;
    while (reader_byte(&reader, &id) && reader_u32(&reader, &size) &&
           reader_bytes(&reader, size, &contents)) {
        if (id == SUBSECTION_FUNCTIONS) {
            *out_reader = (struct wasm_reader){contents, contents + size};
            return true;
        }
    }
    return false;
}

/** Looks function @p function up in the name map, which is sorted by index. */
static bool name_from_section(const struct wasm_module *module, uint32_t function,
                              struct wasm_name *out_name)
{
    struct wasm_reader reader;
    uint32_t count;

    if (!find_function_names(module, &reader) || !reader_u32(&reader, &count)) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t index;
        uint32_t size;
        const uint8_t *bytes;

        if (!reader_u32(&reader, &index) || !reader_u32(&reader, &size) ||
            !reader_bytes(&reader, size, &bytes) || index > function) {
            return false;
        }
        if (index == function && reader_utf8_valid(bytes, size)) {
            *out_name = (struct wasm_name){(const char *)bytes, size};
            return size > 0;
        }
    }
    return false;
}

struct wasm_name wasm_module_function_name(const struct wasm_module *module,
                                           uint32_t function)
{
    struct wasm_name name = {NULL, 0};

    if (name_from_section(module, function, &name)) {
        return name;
    }
    for (uint32_t i = 0; i < module->export_count; i++) {
        const struct wasm_export_entry *export = &module->exports[i];

        if (export->kind == WASM_EXTERN_FUNCTION && export->index == function) {
            return (struct wasm_name){(const char *)module_bytes(module, export->name),
                                      export->name.size};
        }
    }
    return name;
}
