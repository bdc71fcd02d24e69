/**
 * test_allocation.c - every single allocation fails once: an error each time, no leak ever.
 */
#include "wasm_unit.h"

static enum wasm_trap_kind host(void *context, struct wasm_instance *caller,
                                const union wasm_value *arguments,
                                union wasm_value *results)
{
    (void)context;
    (void)caller;
    (void)arguments;
    (void)results;
    return WASM_TRAP_NONE;
}

/** Defines everything that any of the modules imports. */
static enum wasm_status define_all(struct wasm_store *store, struct wasm_linker *linker)
{
    static const char *const functions[][3] = {{"env", "print", "ii:"},
                                               {"env", "sum", "iIfF:F"},
                                               {"env", "call_back", "i:"},
                                               {"a", "f", "i:i"}};
    const struct wasm_limits_type limits = {.minimum = 2};
    struct wasm_extern memory = {.kind = WASM_EXTERN_MEMORY};
    struct wasm_extern table = {.kind = WASM_EXTERN_TABLE};
    struct wasm_extern counter = {.kind = WASM_EXTERN_GLOBAL};
    struct wasm_extern limit = {.kind = WASM_EXTERN_GLOBAL};
    struct wasm_extern g = {.kind = WASM_EXTERN_GLOBAL};
    const union wasm_value zero = {.i64 = 0};
    const struct wasm_name env = wasm_name_of("env");
    enum wasm_status status = WASM_OK;

    for (size_t i = 0; i < 4 && status == WASM_OK; i++) {
        status = wasm_linker_define_function(linker, functions[i][0], functions[i][1],
                                             functions[i][2], host, NULL);
    }
    if (status != WASM_OK ||
        (status = wasm_memory_create(store, &limits, &memory.memory)) != WASM_OK ||
        (status = wasm_table_create(store, WASM_FUNCREF, &limits, &table.table)) !=
            WASM_OK ||
        (status = wasm_global_create(store, WASM_I32, true, zero, &counter.global)) !=
            WASM_OK ||
        (status = wasm_global_create(store, WASM_I64, false, zero, &limit.global)) !=
            WASM_OK ||
        (status = wasm_global_create(store, WASM_I32, false, zero, &g.global)) !=
            WASM_OK ||
        (status = wasm_linker_define(linker, env, wasm_name_of("memory"), memory)) !=
            WASM_OK ||
        (status = wasm_linker_define(linker, env, wasm_name_of("table"), table)) !=
            WASM_OK ||
        (status = wasm_linker_define(linker, env, wasm_name_of("counter"), counter)) !=
            WASM_OK ||
        (status = wasm_linker_define(linker, env, wasm_name_of("limit"), limit)) !=
            WASM_OK) {
        return status;
    }
    return wasm_linker_define(linker, wasm_name_of("a"), wasm_name_of("g"), g);
}

/** Calls every export that takes at most one number. */
static bool call_all(struct wasm_store *store, struct wasm_instance *instance,
                     const struct wasm_module *module)
{
    bool fine = true;

    wasm_store_set_fuel(store, 100000);
    for (uint32_t i = 0; i < wasm_module_export_count(module); i++) {
        struct wasm_export export = wasm_module_export(module, i);
        union wasm_value arguments[4] = {{.i64 = 3}, {.i64 = 1}};
        union wasm_value results[4];
        struct wasm_extern object;

        assert_int_equal(wasm_instance_export(instance, export.name, &object), WASM_OK);
        if (object.kind == WASM_EXTERN_FUNCTION) {
            fine = wasm_call(store, object.function, arguments, results) !=
                       WASM_TRAP_OUT_OF_MEMORY &&
                   fine;
        }
    }
    return fine;
}

/** The whole life of a module; false: some allocation failed, and was reported. */
static bool live(struct wasm_engine *engine, const uint8_t *bytes, size_t size)
{
    struct wasm_module *module;
    struct wasm_store *store = NULL;
    struct wasm_linker *linker = NULL;
    struct wasm_instance *instance;
    struct wasm_error error;
    enum wasm_status status = wasm_module_load(engine, bytes, size, &module, &error);
    bool fine = false;

    if (status != WASM_OK) {
        assert_int_equal(status, WASM_OUT_OF_MEMORY);
        assert_int_equal(error.status, WASM_OUT_OF_MEMORY);
        return false;
    }
    status = wasm_store_create(engine, NULL, &store);
    if (status == WASM_OK) {
        wasm_store_set_fuel(store, 100000);
        status = wasm_linker_create(store, &linker);
    }
    if (status == WASM_OK) {
        status = define_all(store, linker);
    }
    if (status == WASM_OK) {
        status = wasm_instantiate(linker, module, &instance, &error);
        if (status == WASM_TRAPPED) {
            assert_int_equal(wasm_store_trap(store)->kind, WASM_TRAP_OUT_OF_MEMORY);
            status = WASM_OUT_OF_MEMORY;
        }
    }
    if (status == WASM_OK) {
        fine = call_all(store, instance, module);
    } else {
        assert_int_equal(status, WASM_OUT_OF_MEMORY);
    }
    wasm_linker_release(linker);
    wasm_store_release(store);
    wasm_module_release(module);
    return fine;
}

/** Lets allocation 1, 2, 3, … fail until the module lives through without a failure. */
static void fail_each(const uint8_t *bytes, size_t size, bool reallocates)
{
    size_t failures = 0;
    bool fine = false;

    while (!fine) {
        struct test_heap heap;
        struct wasm_engine_config config = {.platform = test_platform(&heap),
                                            .features = WASM_FEATURES_ALL};
        struct wasm_engine *engine = NULL;

        if (!reallocates) {
            config.platform.reallocate = NULL;
        }
        heap.fail_after = failures;
        if (wasm_engine_create(&config, &engine) == WASM_OK) {
            fine = live(engine, bytes, size);
            /* memory.grow answers -1: a failure that no status shows. */
            fine = fine && heap.requests <= heap.fail_after;
            wasm_engine_release(engine);
        }
        assert_int_equal(heap.blocks, 0);
        assert_int_equal(heap.bytes, 0);
        failures++;
        assert_true(failures < 5000);
    }
    assert_true(failures > 15);
}

static void every_allocation_may_fail(void **state)
{
    (void)state;
    for (int reallocates = 0; reallocates < 2; reallocates++) {
        fail_each(module_arithmetic, sizeof(module_arithmetic), reallocates);
        fail_each(module_traps, sizeof(module_traps), reallocates);
        fail_each(module_host, sizeof(module_host), reallocates);
        fail_each(module_exceptions, sizeof(module_exceptions), reallocates);
        fail_each(module_wide, sizeof(module_wide), reallocates);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
