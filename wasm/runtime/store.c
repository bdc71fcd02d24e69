/**
 * store.c - making and releasing a store; fuel, interrupts, what host functions say.
 */
#include "runtime/store.h"

#include "module/allocate.h"
#include "runtime/exception.h"
#include "runtime/function.h"
#include "runtime/instance.h"
#include "runtime/memory.h"
#include "runtime/table.h"

enum {
    DEFAULT_TABLE_ELEMENTS = 10000000,
    DEFAULT_STACK_BYTES = 1 << 20,
    DEFAULT_HOST_DEPTH = 64,
    FIRST_COLLECTION_WORDS = 1 << 14
};

static void fill_limits(struct wasm_limits *limits)
{
    if (limits->memory_bytes == 0) {
        limits->memory_bytes = UINT64_MAX;
    }
    if (limits->table_elements == 0) {
        limits->table_elements = DEFAULT_TABLE_ELEMENTS;
    }
    if (limits->stack_bytes == 0) {
        limits->stack_bytes = DEFAULT_STACK_BYTES;
    }
    if (limits->host_depth == 0) {
        limits->host_depth = DEFAULT_HOST_DEPTH;
    }
}

enum wasm_status wasm_store_create(struct wasm_engine *engine,
                                   const struct wasm_limits *limits,
                                   struct wasm_store **out_store)
{
    struct wasm_store *store =
        wasm_allocate_zeroed(&engine->platform, 1, sizeof(*store));
    enum wasm_status status;

    if (store == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    store->engine = engine;
    store->executor = &wasm_interpreter;
    if (limits != NULL) {
        store->limits = *limits;
    }
    fill_limits(&store->limits);
    store->fuel = WASM_NO_FUEL;
    store->collect_threshold = FIRST_COLLECTION_WORDS;
    status = store->executor->attach(store);
    if (status != WASM_OK) {
        wasm_release(&engine->platform, store, 1, sizeof(*store));
        return status;
    }
    *out_store = store;
    return WASM_OK;
}

void wasm_store_release(struct wasm_store *store)
{
    const struct wasm_platform *platform;

    if (store == NULL) {
        return;
    }
    platform = store_platform(store);
    wasm_instances_release(store);
    store->executor->detach(store);
    wasm_exceptions_release(store);
    wasm_memories_release(store);
    wasm_tables_release(store);
    wasm_globals_release(store);
    wasm_host_functions_release(store);
    wasm_type_registry_release(&store->types, platform);
    wasm_release(platform, store, 1, sizeof(*store));
}

void wasm_store_set_fuel(struct wasm_store *store, uint64_t fuel)
{
    if (!store->has_instances) {
        store->counts_fuel = fuel != WASM_NO_FUEL;
    }
    store->fuel = fuel;
}

uint64_t wasm_store_fuel(const struct wasm_store *store)
{
    return store->counts_fuel ? store->fuel : WASM_NO_FUEL;
}

void wasm_store_interrupt(struct wasm_store *store)
{
    atomic_store_explicit(&store->interrupt, 1, memory_order_release);
}

void wasm_store_set_data(struct wasm_store *store, void *data)
{
    store->data = data;
}

void *wasm_store_data(const struct wasm_store *store)
{
    return store->data;
}

void wasm_store_set_message(struct wasm_store *store, const char *message)
{
    store->trap.message = message;
}

void wasm_store_set_exit_code(struct wasm_store *store, int32_t exit_code)
{
    store->trap.exit_code = exit_code;
}

const struct wasm_trap *wasm_store_trap(const struct wasm_store *store)
{
    return &store->trap;
}

struct wasm_exception *wasm_store_exception(const struct wasm_store *store)
{
    return store->exception;
}
