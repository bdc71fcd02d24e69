/**
 * module.c - see module.h.
 */
#include "module.h"
#include "complain.h"
#include "wasi_grants.h"
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/** A component begins like a module, but for its version (component model, binary
 *  format). */
static const uint8_t component_start[8] = {0, 'a', 's', 'm', 0x0d, 0, 1, 0};

static void *allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

/** Maps the file; false after complaining. */
static bool map_file(const char *path, struct module *module)
{
    struct stat stat;
    void *bytes = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file < 0 || fstat(file, &stat) != 0) {
        complain_errno("cannot read %s", path);
    } else if (!S_ISREG(stat.st_mode)) {
        complain("%s is not a file: give a .wasm file", path);
    } else if (stat.st_size == 0) {
        complain("%s is empty: give a .wasm file", path);
    } else {
        module->size = (size_t)stat.st_size;
        bytes = mmap(NULL, module->size, PROT_READ, MAP_PRIVATE, file, 0);
        if (bytes == MAP_FAILED) {
            complain_errno("cannot map %s", path);
        }
    }
    if (file >= 0) {
        close(file);
    }
    module->bytes = bytes;
    return bytes != MAP_FAILED;
}

/** Says why the engine refused the module. */
static void complain_refused(const struct module *module,
                             const struct wasm_error *error)
{
    char text[512];

    if (module->size >= sizeof(component_start) &&
        memcmp(module->bytes, component_start, sizeof(component_start)) == 0) {
        complain(
            "%s is a component; core modules run here: build it for wasm32-wasip1, "
            "or take the core module out of it",
            module->path);
        return;
    }
    wasm_error_print(error, NULL, text, sizeof(text));
    complain("%s: %s", module->path, text);
}

static bool load(struct module *module)
{
    const struct wasm_engine_config config = {
        .platform = {.allocate = allocate, .release = release},
        .features = WASM_FEATURES_ALL,
    };
    struct wasm_error error;

    if (wasm_engine_create(&config, &module->engine) != WASM_OK) {
        out_of_memory();
    }
    if (wasm_module_load(module->engine, module->bytes, module->size, &module->loaded,
                         &error) != WASM_OK) {
        complain_refused(module, &error);
        return false;
    }
    return true;
}

bool module_open(const char *path, struct module *out_module)
{
    *out_module = (struct module){.path = path};
    if (!map_file(path, out_module)) {
        return false;
    }
    if (!load(out_module)) {
        module_close(out_module);
        return false;
    }
    return true;
}

void module_close(struct module *module)
{
    wasm_module_release(module->loaded);
    wasm_engine_release(module->engine);
    if (module->size > 0) {
        munmap((void *)(uintptr_t)module->bytes, module->size);
    }
    *module = (struct module){0};
}

static bool is_name(struct wasm_name name, const char *text)
{
    return name.size == strlen(text) && memcmp(name.bytes, text, name.size) == 0;
}

/** `_start` must be a function without parameters and results. */
static bool has_start(const struct module *module)
{
    char type[64];

    for (uint32_t i = 0; i < wasm_module_export_count(module->loaded); i++) {
        struct wasm_export export = wasm_module_export(module->loaded, i);

        if (export.kind == WASM_EXTERN_FUNCTION && is_name(export.name, "_start")) {
            wasm_module_type_print(module->loaded, export.kind, export.index, type,
                                   sizeof(type));
            return strcmp(type, "(func)") == 0;
        }
    }
    return false;
}

bool module_is_program(const struct module *module)
{
    uint32_t count = wasm_module_import_count(module->loaded);

    if (!has_start(module)) {
        complain("%s is a library, it has no function `_start`: link it as a command "
                 "(clang without -mexec-model=reactor and -Wl,--no-entry)",
                 module->path);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        struct wasm_import import = wasm_module_import(module->loaded, i);
        char type[256];

        wasm_module_type_print(module->loaded, import.kind, import.index, type,
                               sizeof(type));
        if (wasi_grants_find(import.module, import.name, type) == NULL) {
            complain("%s imports %.*s.%.*s %s, which nothing here serves: programs get "
                     "WASI preview 1 alone",
                     module->path, (int)import.module.size, import.module.bytes,
                     (int)import.name.size, import.name.bytes, type);
            return false;
        }
    }
    return true;
}
