/**
 * test_exceptions.c - exceptions between Wasm and host, and their reclamation.
 */
#include "wasm_unit.h"

/** Calls the export "throw" and passes on what comes out of it. */
static enum wasm_trap_kind call_back(void *context, struct wasm_instance *caller,
                                     const union wasm_value *arguments,
                                     union wasm_value *results)
{
    struct wasm_function *function = wasm_instance_function(caller, "throw");

    (void)context;
    (void)results;
    return wasm_call(wasm_instance_store(caller), function, arguments, NULL);
}

static void open_exceptions(struct world *world)
{
    world_open(world, module_exceptions, sizeof(module_exceptions), NULL);
    assert_int_equal(wasm_linker_define_function(world->linker, "env", "call_back",
                                                 "i:", call_back, NULL),
                     WASM_OK);
    world_instantiate(world);
}

static void uncaught_exceptions_reach_the_embedder(void **state)
{
    struct world world;
    struct wasm_extern tag;
    struct wasm_exception *exception;
    union wasm_value value;

    (void)state;
    open_exceptions(&world);
    assert_int_equal(world_call_i32(&world, "throw", 9, NULL), WASM_TRAP_EXCEPTION);
    exception = wasm_store_exception(world.store);
    assert_non_null(exception);
    assert_int_equal(wasm_instance_export(world.instance, wasm_name_of("number"), &tag),
                     WASM_OK);
    assert_ptr_equal(wasm_exception_tag(exception), tag.tag);
    assert_int_equal(wasm_exception_value(exception, 0, &value), WASM_OK);
    assert_int_equal(value.i32, 9);
    assert_int_equal(wasm_exception_value(exception, 1, &value), WASM_OK);
    assert_true(value.i64 == 5);
    assert_int_equal(wasm_exception_value(exception, 2, &value), WASM_NOT_FOUND);
    world_close(&world);
}

static void caught_here_and_through_the_host(void **state)
{
    struct world world;
    uint32_t result;

    (void)state;
    open_exceptions(&world);
    assert_int_equal(world_call_i32(&world, "catch", 33, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 33);
    assert_int_equal(world_call_i32(&world, "through_host", 44, &result),
                     WASM_TRAP_NONE);
    assert_int_equal(result, 44);
    world_close(&world);
}

/** A program that throws for ever keeps no exception that nobody can reach. */
static void unreachable_exceptions_are_released(void **state)
{
    struct world world;
    uint32_t result;

    (void)state;
    open_exceptions(&world);
    assert_int_equal(world_call_i32(&world, "many", 200000, &result), WASM_TRAP_NONE);
    assert_int_equal(result, 200000);
    assert_true(world.heap.blocks < 20000);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(uncaught_exceptions_reach_the_embedder),
        cmocka_unit_test(caught_here_and_through_the_host),
        cmocka_unit_test(unreachable_exceptions_are_released),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
