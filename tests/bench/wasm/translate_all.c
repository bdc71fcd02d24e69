/**
 * translate_all.c - how fast modules are validated and translated: a host program on the
 * engine's inside.
 *
 *   translate_all FILE ROUNDS
 *
 * Prints lines "name value unit" for the fastest round: validate and translate (every
 * function, as eager engines do), and both together. Imports are stubs; nothing runs.
 */
#include "interp/state.h"
#include "interp/translate.h"
#include "runtime/objects.h"
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

static enum wasm_trap_kind stub(void *context, struct wasm_instance *caller,
                                const union wasm_value *arguments,
                                union wasm_value *results)
{
    (void)context;
    (void)caller;
    (void)arguments;
    (void)results;
    return WASM_TRAP_HOST;
}

/* CPU time, so that other work on the machine counts less. */
static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static char letter(wasm_type type)
{
    switch (type & 0xFF) {
    case TYPE_I32:
        return 'i';
    case TYPE_I64:
        return 'I';
    case TYPE_F32:
        return 'f';
    case TYPE_F64:
        return 'F';
    default:
        return 'e';
    }
}

/* A stub for every imported function; the two strings are cut at their limits. */
static bool define_imports(struct wasm_linker *linker, const struct wasm_module *module)
{
    for (uint32_t i = 0; i < wasm_module_import_count(module); i++) {
        struct wasm_import import = wasm_module_import(module, i);
        const struct wasm_function_type *type;
        char signature[64];
        char names[2][128];
        uint32_t length = 0;

        if (import.kind != WASM_EXTERN_FUNCTION) {
            continue;
        }
        type = module_function_type(module, import.index);
        for (uint32_t k = 0; k <= type->parameter_count + type->result_count; k++) {
            signature[length] = ':';
            if (k != type->parameter_count) {
                signature[length] =
                    letter(type->types[k > type->parameter_count ? k - 1 : k]);
            }
            length++;
        }
        signature[length] = '\0';
        snprintf(names[0], sizeof(names[0]), "%.*s", (int)import.module.size,
                 import.module.bytes);
        snprintf(names[1], sizeof(names[1]), "%.*s", (int)import.name.size,
                 import.name.bytes);
        if (wasm_linker_define_function(linker, names[0], names[1], signature, stub,
                                        NULL) != WASM_OK) {
            return false;
        }
    }
    return true;
}

/* Translates every function of the instance; false: one could not be. */
static bool translate_functions(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = 0; i < module->body_count; i++) {
        if (interp_translate(instance->executor_data, &instance->own_functions[i]) ==
            NULL) {
            return false;
        }
    }
    return true;
}

/* One round: seconds for loading and for translating. */
static bool round_trip(const void *bytes, size_t size, double *load, double *translate)
{
    struct wasm_engine_config config = {
        .platform = {.allocate = allocate, .release = release},
        .features = WASM_FEATURES_ALL};
    struct wasm_engine *engine = NULL;
    struct wasm_module *module = NULL;
    struct wasm_store *store = NULL;
    struct wasm_linker *linker = NULL;
    struct wasm_instance *instance = NULL;
    struct wasm_error error;
    bool done = false;
    double begin;

    if (wasm_engine_create(&config, &engine) != WASM_OK) {
        return false;
    }
    begin = now();
    if (wasm_module_load(engine, bytes, size, &module, &error) == WASM_OK) {
        *load = now() - begin;
        done = wasm_store_create(engine, NULL, &store) == WASM_OK &&
               wasm_linker_create(store, &linker) == WASM_OK &&
               define_imports(linker, module) &&
               wasm_instantiate(linker, module, &instance, &error) == WASM_OK;
        begin = now();
        done = done && translate_functions(instance);
        *translate = now() - begin;
    }
    wasm_linker_release(linker);
    wasm_store_release(store);
    wasm_module_release(module);
    wasm_engine_release(engine);
    return done;
}

int main(int argc, char **argv)
{
    static uint8_t bytes[64 << 20];
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t size;
    double best[2] = {1e9, 1e9};

    if (file == NULL) {
        fprintf(stderr, "usage: translate_all FILE ROUNDS\n");
        return 2;
    }
    size = fread(bytes, 1, sizeof(bytes), file);
    fclose(file);
    for (long i = 0; i < strtol(argv[2], NULL, 10); i++) {
        double load;
        double translate;
        if (!round_trip(bytes, size, &load, &translate)) {
            fprintf(stderr, "translate_all: %s is refused\n", argv[1]);
            return 1;
        }
        best[0] = load < best[0] ? load : best[0];
        best[1] = translate < best[1] ? translate : best[1];
    }
    printf("validate %.1f MB/s\n", (double)size / best[0] / 1e6);
    printf("translate %.1f MB/s\n", (double)size / best[1] / 1e6);
    printf("validate_and_translate %.1f MB/s\n",
           (double)size / (best[0] + best[1]) / 1e6);
    return 0;
}
