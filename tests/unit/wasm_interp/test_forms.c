/**
 * test_forms.c - the translator against a plain interpreter: random functions, run by both.
 *
 * The plain twin executes the body's bytes one by one, with an operand stack and a switch.
 * The functions mix integer arithmetic on parameters and locals (some of which the translator
 * keeps in registers, some in slots), constants, loads, stores, select, blocks, loops and
 * conditional branches, so that all forms, fusions and moves come up. Each function runs with
 * guard pages, with explicit bounds checks, and with fuel: results and memory are compared,
 * and fuel used must not depend on the bounds checks.
 */
#include "forms_twin.h"
#include "unit.h"
#include "wasm/wasm.h"

#include <stdlib.h>
#include <sys/mman.h>

/* --- The engine's side ------------------------------------------------------------------ */

static void *heap_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void heap_release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

static void *space_reserve(void *context, size_t size)
{
    void *space =
        mmap(NULL, size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    (void)context;
    return space == MAP_FAILED ? NULL : space;
}

static bool space_commit(void *context, void *base, size_t size)
{
    (void)context;
    return mprotect(base, size, PROT_READ | PROT_WRITE) == 0;
}

static void space_unreserve(void *context, void *base, size_t size)
{
    (void)context;
    munmap(base, size);
}

/* Nothing here goes out of bounds: a fault would be a defect and end the test. */
static bool plain_enter(void *context, void (*function)(void *argument), void *argument,
                        struct wasm_fault *out_fault)
{
    (void)context;
    (void)out_fault;
    function(argument);
    return true;
}

/* (module (memory (export "m") 1) (func (export "f") (param ...) (result i64) code)). */
static size_t make_module(uint8_t *out, const struct generator *g)
{
    static const uint8_t head[] = {0, 'a', 's', 'm', 1, 0, 0, 0};
    size_t n = sizeof(head);
    size_t body = g->size + 1; /* no locals beyond the parameters */

    memcpy(out, head, sizeof(head));
    out[n++] = 1; /* types: all locals are parameters but the last of each type */
    out[n++] = (uint8_t)(LOCALS + 5);
    out[n++] = 1;
    out[n++] = 0x60;
    out[n++] = LOCALS;
    memset(out + n, I32, I32_LOCALS);
    memset(out + n + I32_LOCALS, I64, I64_LOCALS);
    n += LOCALS;
    out[n++] = 1;
    out[n++] = I64;
    memcpy(out + n, (const uint8_t[]){3, 2, 1, 0,   5, 3, 1, 0,   1, 7,
                                      9, 2, 1, 'm', 2, 0, 1, 'f', 0, 0},
           20);
    n += 20;
    out[n++] = 10;
    out[n++] = (uint8_t)((body + 4) | 0x80);
    out[n++] = (uint8_t)((body + 4) >> 7 | 0x80);
    out[n++] = (uint8_t)((body + 4) >> 14);
    out[n++] = 1;
    out[n++] = (uint8_t)(body | 0x80);
    out[n++] = (uint8_t)(body >> 7 | 0x80);
    out[n++] = (uint8_t)(body >> 14);
    out[n++] = 0;
    memcpy(out + n, g->code, g->size);
    return n + g->size;
}

/* Runs the module and compares with the twin's end; the fuel used, if it counts. */
static uint64_t run_engine(const uint8_t *bytes, size_t size, bool guarded, bool fuel,
                           const uint64_t *arguments, const struct twin *expected)
{
    struct wasm_engine_config config = {.platform = {.allocate = heap_allocate,
                                                     .release = heap_release,
                                                     .reserve = space_reserve,
                                                     .commit = space_commit,
                                                     .unreserve = space_unreserve,
                                                     .enter = plain_enter},
                                        .features = WASM_FEATURES_ALL,
                                        .explicit_bounds = !guarded};
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;
    struct wasm_error error;
    union wasm_value values[LOCALS];
    union wasm_value result;
    uint64_t used;

    assert_int_equal(wasm_engine_create(&config, &engine), WASM_OK);
    if (wasm_module_load(engine, bytes, size, &module, &error) != WASM_OK) {
        fail_msg("%s", error.message);
    }
    assert_int_equal(wasm_store_create(engine, NULL, &store), WASM_OK);
    if (fuel) {
        wasm_store_set_fuel(store, 1 << 28);
    }
    assert_int_equal(wasm_linker_create(store, &linker), WASM_OK);
    assert_int_equal(wasm_instantiate(linker, module, &instance, &error), WASM_OK);
    for (int i = 0; i < LOCALS; i++) {
        values[i].i64 = arguments[i];
    }
    assert_int_equal(
        wasm_call(store, wasm_instance_function(instance, "f"), values, &result),
        WASM_TRAP_NONE);
    assert_int_equal(result.i64, expected->stack[0]);
    assert_memory_equal(wasm_memory_data(wasm_instance_memory(instance, "m")),
                        expected->memory, MEMORY_BYTES);
    used = (1 << 28) - wasm_store_fuel(store);
    wasm_linker_release(linker);
    wasm_store_release(store);
    wasm_module_release(module);
    wasm_engine_release(engine);
    return used;
}

static void one_function(uint32_t seed)
{
    static struct generator g;
    static struct twin twin;
    static uint8_t bytes[CODE_MAX + 128];
    uint64_t arguments[LOCALS];
    size_t size;

    g = (struct generator){.seed = seed * 2654435761u + 1};
    twin = (struct twin){.code = g.code};
    generator_make_body(&g);
    for (int i = 0; i < LOCALS; i++) {
        uint64_t value =
            ((uint64_t)generator_pick(&g, 1 << 28) << 36) ^ generator_pick(&g, 1 << 28);
        arguments[i] = i < I32_LOCALS ? (uint32_t)value : value;
        twin.locals[i] = arguments[i];
    }
    twin_run(&twin, g.size);
    assert_int_equal(twin.height, 1);
    size = make_module(bytes, &g);
    run_engine(bytes, size, true, false, arguments, &twin);
    assert_int_equal(run_engine(bytes, size, true, true, arguments, &twin),
                     run_engine(bytes, size, false, true, arguments, &twin));
}

static void random_functions_agree(void **state)
{
    const char *given = getenv("FORMS_SEED");

    (void)state;
    if (given != NULL) {
        one_function((uint32_t)strtoul(given, NULL, 0));
        return;
    }
    for (uint32_t seed = 1; seed <= 1500; seed++) {
        one_function(seed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(random_functions_agree)};

    return cmocka_run_group_tests_name("interp_forms", tests, NULL, NULL);
}
