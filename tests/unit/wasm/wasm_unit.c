/**
 * wasm_unit.c - see wasm_unit.h.
 */
#include "wasm_unit.h"

static bool may_allocate(struct test_heap *heap)
{
    heap->requests++;
    return heap->requests <= heap->fail_after;
}

static void *heap_allocate(void *context, size_t size)
{
    struct test_heap *heap = context;
    void *pointer;

    assert_true(size > 0);
    if (!may_allocate(heap)) {
        return NULL;
    }
    pointer = malloc(size);
    assert_non_null(pointer);
    memset(pointer, 0xA5, size);
    heap->blocks++;
    heap->bytes += size;
    return pointer;
}

static void heap_release(void *context, void *pointer, size_t size)
{
    struct test_heap *heap = context;

    assert_non_null(pointer);
    assert_true(heap->blocks > 0);
    assert_true(heap->bytes >= size);
    heap->blocks--;
    heap->bytes -= size;
    free(pointer);
}

static void *heap_reallocate(void *context, void *pointer, size_t old_size,
                             size_t new_size)
{
    struct test_heap *heap = context;
    void *moved;

    assert_true(old_size > 0 && new_size > 0);
    if (!may_allocate(heap)) {
        return NULL;
    }
    moved = realloc(pointer, new_size);
    assert_non_null(moved);
    heap->bytes += new_size - old_size;
    return moved;
}

struct wasm_platform test_platform(struct test_heap *heap)
{
    *heap = (struct test_heap){.fail_after = SIZE_MAX};
    return (struct wasm_platform){
        .context = heap,
        .allocate = heap_allocate,
        .release = heap_release,
        .reallocate = heap_reallocate,
    };
}

struct wasm_engine *test_engine(struct test_heap *heap, uint32_t features)
{
    struct wasm_engine_config config = {.platform = test_platform(heap),
                                        .features = features};
    struct wasm_engine *engine;

    assert_int_equal(wasm_engine_create(&config, &engine), WASM_OK);
    return engine;
}

void world_open(struct world *world, const uint8_t *bytes, size_t size,
                const struct wasm_limits *limits)
{
    struct wasm_error error;

    memset(world, 0, sizeof(*world));
    world->engine = test_engine(&world->heap, WASM_FEATURES_ALL);
    if (wasm_module_load(world->engine, bytes, size, &world->module, &error) !=
        WASM_OK) {
        fail_msg("%s at 0x%llx", error.message, (unsigned long long)error.offset);
    }
    assert_int_equal(wasm_store_create(world->engine, limits, &world->store), WASM_OK);
    assert_int_equal(wasm_linker_create(world->store, &world->linker), WASM_OK);
}

void world_instantiate(struct world *world)
{
    struct wasm_error error;

    if (wasm_instantiate(world->linker, world->module, &world->instance, &error) !=
        WASM_OK) {
        fail_msg("%s", error.message);
    }
}

void world_close(struct world *world)
{
    wasm_linker_release(world->linker);
    wasm_store_release(world->store);
    wasm_module_release(world->module);
    wasm_engine_release(world->engine);
    assert_int_equal(world->heap.blocks, 0);
    assert_int_equal(world->heap.bytes, 0);
}

enum wasm_trap_kind world_call(struct world *world, const char *name,
                               const union wasm_value *arguments,
                               union wasm_value *results)
{
    struct wasm_function *function = wasm_instance_function(world->instance, name);

    assert_non_null(function);
    return wasm_call(world->store, function, arguments, results);
}

enum wasm_trap_kind world_call_i32(struct world *world, const char *name,
                                   uint32_t argument, uint32_t *out_result)
{
    union wasm_value value = {.i32 = argument};
    union wasm_value result = {.i64 = 0};
    enum wasm_trap_kind kind = world_call(world, name, &value, &result);

    if (kind == WASM_TRAP_NONE && out_result != NULL) {
        *out_result = result.i32;
    }
    return kind;
}
