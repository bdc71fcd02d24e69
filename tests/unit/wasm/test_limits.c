/**
 * test_limits.c - memory, stack, fuel, interrupts, and stores in several threads.
 */
#include "wasm_unit.h"

#include <pthread.h>

static void memory_limits_hold(void **state)
{
    struct wasm_limits limits = {.memory_bytes = 65536};
    struct world world;
    uint32_t result;

    (void)state;
    world_open(&world, module_traps, sizeof(module_traps), NULL);
    world_instantiate(&world);
    assert_int_equal(world_call_i32(&world, "grow", 1, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 1);
    assert_int_equal(world_call_i32(&world, "load", 65536, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 0);
    assert_int_equal(world_call_i32(&world, "grow", 1, &result), WASM_TRAP_NONE);
    assert_int_equal(result, UINT32_MAX); /* the module's own maximum */
    world_close(&world);

    world_open(&world, module_traps, sizeof(module_traps), &limits);
    world_instantiate(&world);
    assert_int_equal(world_call_i32(&world, "grow", 1, &result), WASM_TRAP_NONE);
    assert_int_equal(result, UINT32_MAX);
    assert_int_equal(world_call_i32(&world, "grow", 0, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 1);
    world_close(&world);
}

/** The deepest recursion that the stack takes, by bisection. */
static uint32_t deepest(uint64_t stack_bytes)
{
    struct wasm_limits limits = {.stack_bytes = stack_bytes};
    struct world world;
    uint32_t low = 0;
    uint32_t high = 1 << 20;

    world_open(&world, module_arithmetic, sizeof(module_arithmetic), &limits);
    world_instantiate(&world);
    while (high - low > 1) {
        uint32_t middle = low + (high - low) / 2;
        uint32_t result;
        enum wasm_trap_kind kind = world_call_i32(&world, "deep", middle, &result);

        if (kind == WASM_TRAP_NONE) {
            assert_int_equal(result, middle);
            low = middle;
        } else {
            assert_int_equal(kind, WASM_TRAP_STACK_EXHAUSTED);
            high = middle;
        }
    }
    world_close(&world);
    return low;
}

static void stack_limit_holds(void **state)
{
    uint32_t depth = deepest(64 << 10);

    (void)state;
    assert_in_range(depth, 100, (64 << 10) / 56);
    assert_int_equal(deepest(64 << 10), depth);
    assert_in_range(deepest(128 << 10), 2 * depth, 2 * depth + 32);
}

/** Fuel runs out at the same place every time, and enough of it is enough. */
static void fuel_is_deterministic(void **state)
{
    struct world world;
    uint32_t result;
    uint64_t used;
    uint64_t left[2];
    uint64_t offsets[2];

    (void)state;
    world_open(&world, module_arithmetic, sizeof(module_arithmetic), NULL);
    wasm_store_set_fuel(world.store, 1000000);
    world_instantiate(&world);
    assert_int_equal(world_call_i32(&world, "count", 1000, &result), WASM_TRAP_NONE);
    used = 1000000 - wasm_store_fuel(world.store);
    assert_true(used >= 1000);
    for (int i = 0; i < 2; i++) {
        wasm_store_set_fuel(world.store, used);
        assert_int_equal(world_call_i32(&world, "count", 1000, &result),
                         WASM_TRAP_NONE);
        assert_true(wasm_store_fuel(world.store) == 0);
        wasm_store_set_fuel(world.store, used / 2);
        assert_int_equal(world_call_i32(&world, "count", 1000, &result),
                         WASM_TRAP_OUT_OF_FUEL);
        left[i] = wasm_store_fuel(world.store);
        offsets[i] = wasm_store_trap(world.store)->frames[0].offset;
    }
    assert_true(left[0] == left[1]);
    assert_true(offsets[0] == offsets[1]);
    wasm_store_set_fuel(world.store, 5000);
    assert_int_equal(world_call(&world, "forever", NULL, NULL), WASM_TRAP_OUT_OF_FUEL);
    world_close(&world);
}

static void *interrupt_soon(void *argument)
{
    wasm_store_interrupt(argument);
    return NULL;
}

static void another_thread_interrupts(void **state)
{
    struct world world;
    uint32_t result;
    pthread_t thread;

    (void)state;
    world_open(&world, module_arithmetic, sizeof(module_arithmetic), NULL);
    world_instantiate(&world);
    assert_int_equal(pthread_create(&thread, NULL, interrupt_soon, world.store), 0);
    assert_int_equal(world_call(&world, "forever", NULL, NULL), WASM_TRAP_INTERRUPTED);
    assert_int_equal(pthread_join(thread, NULL), 0);
    /* One interrupt, one call: the next one runs. */
    assert_int_equal(world_call_i32(&world, "fib", 5, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 5);
    world_close(&world);
}

/* --- Threads ------------------------------------------------------------------------ */

struct worker {
    struct wasm_engine *engine;
    const struct wasm_module *module;
    uint32_t result;
};

/** A store of its own on the shared module. */
static void *run_worker(void *argument)
{
    struct worker *worker = argument;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;
    union wasm_value value = {.i32 = 18};
    union wasm_value result = {.i32 = 0};

    if (wasm_store_create(worker->engine, NULL, &store) == WASM_OK) {
        if (wasm_linker_create(store, &linker) == WASM_OK) {
            if (wasm_instantiate(linker, worker->module, &instance, NULL) == WASM_OK &&
                wasm_call(store, wasm_instance_function(instance, "fib"), &value,
                          &result) == WASM_TRAP_NONE) {
                worker->result = result.i32;
            }
            wasm_linker_release(linker);
        }
        wasm_store_release(store);
    }
    return NULL;
}

static void *plain_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void plain_release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

static void threads_share_a_module(void **state)
{
    enum { THREADS = 4 };
    struct wasm_engine_config config = {
        .platform = {.allocate = plain_allocate, .release = plain_release},
        .features = WASM_FEATURES_ALL};
    struct worker workers[THREADS];
    pthread_t threads[THREADS];
    struct wasm_engine *engine;
    struct wasm_module *module;

    (void)state;
    assert_int_equal(wasm_engine_create(&config, &engine), WASM_OK);
    assert_int_equal(wasm_module_load(engine, module_arithmetic,
                                      sizeof(module_arithmetic), &module, NULL),
                     WASM_OK);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){engine, module, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, run_worker, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(workers[i].result, 2584);
    }
    wasm_module_release(module);
    wasm_engine_release(engine);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_limits_hold),
        cmocka_unit_test(stack_limit_holds),
        cmocka_unit_test(fuel_is_deterministic),
        cmocka_unit_test(another_thread_interrupts),
        cmocka_unit_test(threads_share_a_module),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
