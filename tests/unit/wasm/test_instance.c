/**
 * test_instance.c - calls, linking, host functions and traps.
 */
#include "wasm_unit.h"

/* --- Calls -------------------------------------------------------------------------- */

static void calls_every_number_type(void **state)
{
    struct world world;
    union wasm_value arguments[2];
    union wasm_value results[2];

    (void)state;
    world_open(&world, module_arithmetic, sizeof(module_arithmetic), NULL);
    world_instantiate(&world);
    arguments[0].i32 = 10;
    arguments[1].i32 = 32;
    assert_int_equal(world_call(&world, "add", arguments, results), WASM_TRAP_NONE);
    assert_int_equal(results[0].i32, 42);
    arguments[0].i64 = UINT64_MAX;
    arguments[1].i64 = 2;
    assert_int_equal(world_call(&world, "add64", arguments, results), WASM_TRAP_NONE);
    assert_true(results[0].i64 == 1);
    arguments[0].f64 = 3.0;
    assert_int_equal(world_call(&world, "half", arguments, results), WASM_TRAP_NONE);
    assert_true(results[0].f64 == 1.5);
    arguments[0].f32 = 3.0f;
    assert_int_equal(world_call(&world, "halff", arguments, results), WASM_TRAP_NONE);
    assert_true(results[0].f32 == 1.5f);
    arguments[0].i32 = 7;
    arguments[1].i64 = 8;
    assert_int_equal(world_call(&world, "swap", arguments, results), WASM_TRAP_NONE);
    assert_true(results[0].i64 == 8 && results[1].i32 == 7);
    assert_int_equal(world_call(&world, "splat", arguments, results), WASM_TRAP_NONE);
    assert_true(results[0].v128[0] == 0x0000000700000007 &&
                results[0].v128[1] == 0x0000000700000007);
    assert_int_equal(world_call_i32(&world, "fib", 20, &results[0].i32),
                     WASM_TRAP_NONE);
    assert_int_equal(results[0].i32, 6765);
    world_close(&world);
}

static void knows_signatures(void **state)
{
    struct world world;
    struct wasm_function *swap;

    (void)state;
    world_open(&world, module_arithmetic, sizeof(module_arithmetic), NULL);
    world_instantiate(&world);
    swap = wasm_instance_function(world.instance, "swap");
    assert_true(wasm_function_has_signature(swap, "iI:Ii"));
    assert_false(wasm_function_has_signature(swap, "iI:I"));
    assert_false(wasm_function_has_signature(swap, "Ii:Ii"));
    assert_false(wasm_function_has_signature(swap, "iIIi"));
    assert_int_equal(wasm_function_parameter(swap, 1), WASM_I64);
    assert_int_equal(wasm_function_result(swap, 1), WASM_I32);
    assert_null(wasm_instance_function(world.instance, "sway"));
    assert_null(wasm_instance_memory(world.instance, "swap"));
    world_close(&world);
}

/* --- Imports ------------------------------------------------------------------------ */

struct printed {
    char text[32];
    uint32_t size;
    struct wasm_memory *memory;
};

static enum wasm_trap_kind print(void *context, struct wasm_instance *caller,
                                 const union wasm_value *arguments,
                                 union wasm_value *results)
{
    struct printed *printed = context;
    const char *bytes =
        wasm_memory_range(printed->memory, arguments[0].i32, arguments[1].i32);

    (void)results;
    assert_non_null(caller);
    if (bytes == NULL || arguments[1].i32 > sizeof(printed->text)) {
        wasm_store_set_message(wasm_instance_store(caller), "print: not in memory");
        return WASM_TRAP_HOST;
    }
    memcpy(printed->text, bytes, arguments[1].i32);
    printed->size = arguments[1].i32;
    return WASM_TRAP_NONE;
}

static enum wasm_trap_kind sum(void *context, struct wasm_instance *caller,
                               const union wasm_value *arguments,
                               union wasm_value *results)
{
    (void)context;
    (void)caller;
    results[0].f64 = (double)(int32_t)arguments[0].i32 + (double)arguments[1].i64 +
                     (double)arguments[2].f32 + arguments[3].f64;
    return WASM_TRAP_NONE;
}

static void define(struct world *world, const char *name, struct wasm_extern object)
{
    assert_int_equal(wasm_linker_define(world->linker, wasm_name_of("env"),
                                        wasm_name_of(name), object),
                     WASM_OK);
}

/** Defines what host.wat imports; @p is_mutable of the counter is what may be wrong. */
static void define_host(struct world *world, struct printed *printed, bool is_mutable)
{
    struct wasm_limits_type one_page = {.minimum = 1};
    struct wasm_limits_type two = {.minimum = 2};
    struct wasm_extern memory = {.kind = WASM_EXTERN_MEMORY};
    struct wasm_extern table = {.kind = WASM_EXTERN_TABLE};
    struct wasm_extern global = {.kind = WASM_EXTERN_GLOBAL};

    assert_int_equal(wasm_memory_create(world->store, &one_page, &memory.memory),
                     WASM_OK);
    assert_int_equal(wasm_table_create(world->store, WASM_FUNCREF, &two, &table.table),
                     WASM_OK);
    define(world, "memory", memory);
    define(world, "table", table);
    assert_int_equal(wasm_global_create(world->store, WASM_I32, is_mutable,
                                        (union wasm_value){.i32 = 5}, &global.global),
                     WASM_OK);
    define(world, "counter", global);
    assert_int_equal(
        wasm_global_create(world->store, WASM_I64, false,
                           (union wasm_value){.i64 = 1ull << 40}, &global.global),
        WASM_OK);
    define(world, "limit", global);
    printed->memory = memory.memory;
    assert_int_equal(wasm_linker_define_function(world->linker, "env", "print",
                                                 "ii:", print, printed),
                     WASM_OK);
    assert_int_equal(
        wasm_linker_define_function(world->linker, "env", "sum", "iIfF:F", sum, NULL),
        WASM_OK);
}

static void links_every_kind(void **state)
{
    struct world world;
    struct printed printed = {.size = 0};
    union wasm_value result;
    struct wasm_extern counter;

    (void)state;
    world_open(&world, module_host, sizeof(module_host), NULL);
    define_host(&world, &printed, true);
    world_instantiate(&world);
    assert_int_equal(world_call(&world, "say", NULL, NULL), WASM_TRAP_NONE);
    assert_int_equal(printed.size, 5);
    assert_memory_equal(printed.text, "hello", 5);
    assert_int_equal(world_call(&world, "total", NULL, &result), WASM_TRAP_NONE);
    assert_true(result.f64 == 1.75);
    assert_int_equal(world_call(&world, "limit", NULL, &result), WASM_TRAP_NONE);
    assert_true(result.i64 == 1ull << 40);
    /* The start function ran once, and a second instance runs it again. */
    world_instantiate(&world);
    assert_int_equal(
        wasm_instance_export(world.instance, wasm_name_of("counter"), &counter),
        WASM_NOT_FOUND);
    world_close(&world);
}

static void refuses_wrong_imports(void **state)
{
    struct world world;
    struct printed printed;
    struct wasm_error error;
    struct wasm_instance *instance;

    (void)state;
    world_open(&world, module_host, sizeof(module_host), NULL);
    assert_int_equal(wasm_instantiate(world.linker, world.module, &instance, &error),
                     WASM_UNLINKABLE);
    assert_string_equal(error.message,
                        "unknown import: \"env\".\"print\" as (func (param i32 i32))");
    define_host(&world, &printed, false);
    assert_int_equal(wasm_instantiate(world.linker, world.module, &instance, &error),
                     WASM_UNLINKABLE);
    assert_string_equal(
        error.message,
        "incompatible import type: \"env\".\"counter\" as (global (mut i32))");
    define_host(&world, &printed,
                true); /* a later definition replaces an earlier one */
    assert_int_equal(
        wasm_linker_define_function(world.linker, "env", "print", "iI:", print, NULL),
        WASM_OK);
    assert_int_equal(wasm_instantiate(world.linker, world.module, &instance, &error),
                     WASM_UNLINKABLE);
    assert_int_equal(
        wasm_linker_define_function(world.linker, "env", "print", "ii", print, NULL),
        WASM_BAD_ARGUMENT);
    world_close(&world);
}

/* --- Traps -------------------------------------------------------------------------- */

static void traps_have_a_backtrace(void **state)
{
    struct world world;
    const struct wasm_trap *trap;
    char text[512];

    (void)state;
    world_open(&world, module_traps, sizeof(module_traps), NULL);
    world_instantiate(&world);
    assert_int_equal(world_call(&world, "outer", NULL, NULL), WASM_TRAP_UNREACHABLE);
    trap = wasm_store_trap(world.store);
    assert_int_equal(trap->kind, WASM_TRAP_UNREACHABLE);
    assert_int_equal(trap->depth, 3);
    assert_int_equal(trap->frame_count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        assert_int_equal(trap->frames[i].function, i);
        assert_ptr_equal(trap->frames[i].module, world.module);
    }
    /* The offsets are those of unreachable and of the calls. */
    assert_int_equal(module_traps[trap->frames[0].offset], 0x00);
    assert_int_equal(module_traps[trap->frames[1].offset], 0x10);
    assert_int_equal(module_traps[trap->frames[2].offset], 0x10);
    wasm_trap_print(trap, text, sizeof(text));
    assert_memory_equal(text, "trap: unreachable\n   0: function 0 inner, offset 0x",
                        47);
    world_close(&world);
}

static void traps_of_each_kind(void **state)
{
    struct world world;
    union wasm_value arguments[2] = {{.i32 = 1}, {.i32 = 0}};
    union wasm_value result;

    (void)state;
    world_open(&world, module_traps, sizeof(module_traps), NULL);
    world_instantiate(&world);
    assert_int_equal(world_call(&world, "divide", arguments, &result),
                     WASM_TRAP_INTEGER_DIVIDE_BY_ZERO);
    arguments[0].i32 = 0x80000000;
    arguments[1].i32 = UINT32_MAX;
    assert_int_equal(world_call(&world, "divide", arguments, &result),
                     WASM_TRAP_INTEGER_OVERFLOW);
    arguments[0].f64 = 1e10;
    assert_int_equal(world_call(&world, "truncate", arguments, &result),
                     WASM_TRAP_INTEGER_OVERFLOW);
    arguments[0].f64 = __builtin_nan("");
    assert_int_equal(world_call(&world, "truncate", arguments, &result),
                     WASM_TRAP_INVALID_CONVERSION);
    assert_int_equal(world_call_i32(&world, "load", 65532, NULL), WASM_TRAP_NONE);
    assert_int_equal(world_call_i32(&world, "load", 65533, NULL),
                     WASM_TRAP_MEMORY_OUT_OF_BOUNDS);
    assert_int_equal(world_call_i32(&world, "store", 1, NULL),
                     WASM_TRAP_MEMORY_OUT_OF_BOUNDS);
    assert_int_equal(world_call_i32(&world, "store", UINT32_MAX, NULL),
                     WASM_TRAP_MEMORY_OUT_OF_BOUNDS);
    assert_int_equal(world_call_i32(&world, "indirect", 0, NULL),
                     WASM_TRAP_UNREACHABLE);
    assert_int_equal(world_call_i32(&world, "indirect", 1, NULL),
                     WASM_TRAP_UNINITIALIZED_ELEMENT);
    assert_int_equal(world_call_i32(&world, "indirect", 3, NULL),
                     WASM_TRAP_UNDEFINED_ELEMENT);
    assert_int_equal(world_call_i32(&world, "wrong_type", 0, NULL),
                     WASM_TRAP_INDIRECT_CALL_TYPE);
    arguments[0].i32 = 65000;
    arguments[1].i32 = 1000;
    assert_int_equal(world_call(&world, "fill", arguments, NULL),
                     WASM_TRAP_MEMORY_OUT_OF_BOUNDS);
    assert_int_equal(world_call(&world, "recurse", NULL, NULL),
                     WASM_TRAP_STACK_EXHAUSTED);
    assert_int_equal(wasm_store_trap(world.store)->frame_count, WASM_BACKTRACE_FRAMES);
    assert_true(wasm_store_trap(world.store)->depth > 100);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_every_number_type),
        cmocka_unit_test(knows_signatures),
        cmocka_unit_test(links_every_kind),
        cmocka_unit_test(refuses_wrong_imports),
        cmocka_unit_test(traps_have_a_backtrace),
        cmocka_unit_test(traps_of_each_kind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
