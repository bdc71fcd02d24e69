/**
 * fuzz_wasm_load.c - the Wasm loader on any bytes.
 *
 * The decoder and the validator must end with a module or an error, reading nothing
 * outside of the input; and the validator's fast paths must say what their plain twin says:
 * one verdict, one place, one summary for every body.
 */
#include "core/bytes.h"
#include "validate/validate.h"
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { HEAP_MAX = 64 << 20 };

static size_t heap_used;

static void *allocate(void *context, size_t size)
{
    (void)context;
    if (size > HEAP_MAX - heap_used) {
        return NULL;
    }
    heap_used += size;
    return malloc(size);
}

static void release(void *context, void *pointer, size_t size)
{
    (void)context;
    heap_used -= size;
    free(pointer);
}

static bool validate_one(struct wasm_module *module, uint32_t index, bool is_plain,
                         struct wasm_error *error)
{
    struct wasm_validator *validator = wasm_validator_create(module, error);
    bool fine;

    if (validator == NULL) {
        return false;
    }
    wasm_validator_set_plain(validator, is_plain);
    fine = wasm_validate_body(validator, index);
    wasm_validator_release(validator);
    return fine;
}

/** Every body of a module, both ways. */
static void compare_paths(struct wasm_module *module)
{
    for (uint32_t i = module->imported_functions; i < module->function_count; i++) {
        struct wasm_error error;
        struct wasm_body fast = *module_body(module, i);

        if (!validate_one(module, i, true, &error) ||
            memcmp(&fast, module_body(module, i), sizeof(fast)) != 0) {
            abort();
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct wasm_engine_config config = {
        .platform = {.allocate = allocate, .release = release},
        .features = WASM_FEATURES_ALL};
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_error error;
    char text[256];

    heap_used = 0;
    if (wasm_engine_create(&config, &engine) != WASM_OK) {
        abort();
    }
    if (wasm_module_load(engine, data, size, &module, &error) == WASM_OK) {
        compare_paths(module);
        for (uint32_t i = 0; i < wasm_module_function_count(module) && i < 8; i++) {
            wasm_module_type_print(module, WASM_EXTERN_FUNCTION, i, text, sizeof(text));
            (void)wasm_module_function_name(module, i);
        }
        wasm_module_release(module);
    } else if (wasm_error_print(&error, NULL, text, sizeof(text)) == 0 ||
               error.offset > size) {
        abort();
    }
    wasm_engine_release(engine);
    if (heap_used != 0) {
        abort(); /* a leak, or a size that is not the one that was asked for */
    }
    return 0;
}
