/**
 * check.c - `mnos-wasm check FILE`: is the module valid, and what does it want and give?
 */
#include "command.h"
#include <stdio.h>
#include <string.h>

/* Names come from the module: control characters are shown as dots. */
static void print_name(struct wasm_name name)
{
    for (uint32_t i = 0; i < name.size; i++) {
        unsigned char c = (unsigned char)name.bytes[i];
        putchar(c < 0x20 || c == 0x7F ? '.' : c);
    }
}

static void print_type(const struct wasm_module *module, enum wasm_extern_kind kind,
                       uint32_t index)
{
    char type[1024];

    wasm_module_type_print(module, kind, index, type, sizeof(type));
    printf("  %s\n", type);
}

static void print_imports(const struct wasm_module *module)
{
    uint32_t count = wasm_module_import_count(module);

    printf("imports: %u\n", count);
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_import import = wasm_module_import(module, i);
        printf("  %-8s ", wasm_extern_kind_text(import.kind));
        print_name(import.module);
        putchar('.');
        print_name(import.name);
        print_type(module, import.kind, import.index);
    }
}

static void print_exports(const struct wasm_module *module)
{
    uint32_t count = wasm_module_export_count(module);

    printf("exports: %u\n", count);
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_export export = wasm_module_export(module, i);
        printf("  %-8s ", wasm_extern_kind_text(export.kind));
        print_name(export.name);
        print_type(module, export.kind, export.index);
    }
}

static void print_proposals(const struct wasm_module *module)
{
    uint32_t features = wasm_module_features(module);
    const char *separator = " ";

    printf("proposals:");
    for (uint32_t bit = 1; bit != 0 && bit <= features; bit <<= 1) {
        if ((features & bit) != 0) {
            printf("%s%s", separator, wasm_feature_text((enum wasm_feature)bit));
            separator = ", ";
        }
    }
    printf("%s\n", features == 0 ? " none" : "");
}

static int check_module(struct wasm_engine *engine, const char *path)
{
    struct file file;
    struct wasm_module *module = NULL;
    struct wasm_error error;

    if (!file_open(path, &file)) {
        return STATUS_REFUSED;
    }
    if (wasm_module_load(engine, file.bytes, file.size, &module, &error) != WASM_OK) {
        file_close(&file);
        return refuse_module(path, NULL, &error);
    }
    printf("%s: valid, %zu bytes, %u functions\n", path, file.size,
           wasm_module_function_count(module));
    print_proposals(module);
    print_imports(module);
    print_exports(module);
    wasm_module_release(module);
    file_close(&file);
    return STATUS_OK;
}

int command_check(int argc, char **argv)
{
    struct engine_options options = engine_options_default();
    const char *path = NULL;
    bool refused = false;

    for (int i = 0; i < argc; i++) {
        if (engine_options_take(&options, argc, argv, &i, &refused)) {
            if (refused) {
                return STATUS_REFUSED;
            }
        } else if (argv[i][0] == '-') {
            return refuse("check: unknown option %s", argv[i]);
        } else if (path != NULL) {
            return refuse("check: give one file, not %s too", argv[i]);
        } else {
            path = argv[i];
        }
    }
    if (path == NULL) {
        return refuse("check: give the file to check");
    }
    struct wasm_engine *engine = engine_open(&options);
    if (engine == NULL) {
        return STATUS_REFUSED;
    }
    int status = check_module(engine, path);
    wasm_engine_release(engine);
    return status;
}
