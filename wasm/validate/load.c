/**
 * load.c - wasm_module_load(): decode, then validate.
 */
#include "module/allocate.h"
#include "module/decode.h"
#include "validate/validate.h"

static bool validate_all(struct wasm_module *module, struct wasm_error *error)
{
    struct wasm_validator *validator = wasm_validator_create(module, error);
    bool fine;

    if (validator == NULL) {
        return false;
    }
    fine = wasm_validate_module(validator);
    for (uint32_t i = module->imported_functions; fine && i < module->function_count;
         i++) {
        fine = wasm_validate_body(validator, i);
    }
    wasm_validator_release(validator);
    return fine;
}

static bool load(struct wasm_module *module, struct wasm_error *error)
{
    struct wasm_decoder decoder = {
        .module = module,
        .platform = &module->engine->platform,
        .reader = {module->bytes, module->bytes + module->size},
        .section = WASM_SECTION_HEADER,
        .error = error,
    };

    if (module->size >= UINT32_MAX) {
        return wasm_decode_fail(
            &decoder, WASM_TOO_LARGE,
            "a module of %llu bytes: fewer than 4 GiB are supported",
            (unsigned long long)module->size);
    }
    return wasm_decode(&decoder) && validate_all(module, error);
}

enum wasm_status wasm_module_load(struct wasm_engine *engine, const void *bytes,
                                  size_t size, struct wasm_module **out_module,
                                  struct wasm_error *out_error)
{
    struct wasm_error local;
    struct wasm_error *error = out_error != NULL ? out_error : &local;
    struct wasm_module *module =
        wasm_allocate_zeroed(&engine->platform, 1, sizeof(*module));

    if (module == NULL) {
        wasm_error_set(error, WASM_OUT_OF_MEMORY, wasm_no_place(),
                       "no memory for the module");
        return WASM_OUT_OF_MEMORY;
    }
    module->engine = engine;
    module->bytes = bytes;
    module->size = size;
    module->start = WASM_NO_INDEX;
    if (!load(module, error)) {
        wasm_module_release(module);
        return error->status;
    }
    *out_module = module;
    return WASM_OK;
}
