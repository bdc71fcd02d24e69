/**
 * wasm_unit.h - an embedder for the engine's unit tests: an allocator that counts what is
 * out, checks sizes on release and fails when it is told to.
 */
#ifndef TESTS_UNIT_WASM_WASM_UNIT_H
#define TESTS_UNIT_WASM_WASM_UNIT_H

#include "unit.h"

#include "wasm/wasm.h"
#include "wasm_modules.h"

/** The allocator's books; one for each test. */
struct test_heap {
    size_t blocks;   /**< out at the moment */
    size_t bytes;    /**< out at the moment */
    size_t requests; /**< since the beginning */
    size_t
        fail_after; /**< requests that are granted before all fail; SIZE_MAX: none fails */
};

/** A platform without guard pages on @p heap, which starts empty and never fails. */
struct wasm_platform test_platform(struct test_heap *heap);

/** An engine on @p heap with @p features; released with the test's own calls. */
struct wasm_engine *test_engine(struct test_heap *heap, uint32_t features);

/** Everything that runs one module: made by world_open, released by world_close. */
struct world {
    struct test_heap heap;
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;
};

/** Loads the module and makes store and linker; does not instantiate. */
void world_open(struct world *world, const uint8_t *bytes, size_t size,
                const struct wasm_limits *limits);

/** Instantiates the module, which must go well. */
void world_instantiate(struct world *world);

/** Releases everything and checks that nothing is left. */
void world_close(struct world *world);

/** Calls the exported function @p name with 64-bit words as arguments. */
enum wasm_trap_kind world_call(struct world *world, const char *name,
                               const union wasm_value *arguments,
                               union wasm_value *results);

/** The same with one i32 in and, where the function has a result, one i32 out. */
enum wasm_trap_kind world_call_i32(struct world *world, const char *name,
                                   uint32_t argument, uint32_t *out_result);

#endif
