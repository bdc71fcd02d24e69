/**
 * engine.c - the engine: a platform and what modules may use.
 */
#include "module/allocate.h"
#include "module/module.h"

enum wasm_status wasm_engine_create(const struct wasm_engine_config *config,
                                    struct wasm_engine **out_engine)
{
    const struct wasm_platform *platform = &config->platform;
    bool can_reserve = platform->reserve != NULL;
    struct wasm_engine *engine;

    if (platform->allocate == NULL || platform->release == NULL ||
        can_reserve != (platform->commit != NULL) ||
        can_reserve != (platform->unreserve != NULL)) {
        return WASM_BAD_ARGUMENT;
    }
    engine = wasm_allocate(platform, 1, sizeof(*engine));
    if (engine == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    engine->platform = *platform;
    engine->features = config->features & WASM_FEATURES_ALL;
    engine->guarded_memory =
        can_reserve && platform->enter != NULL && !config->explicit_bounds;
    *out_engine = engine;
    return WASM_OK;
}

void wasm_engine_release(struct wasm_engine *engine)
{
    if (engine != NULL) {
        struct wasm_platform platform = engine->platform;

        wasm_release(&platform, engine, 1, sizeof(*engine));
    }
}
