/**
 * phase_wasm.c - hello_wasm.wasm of the initrd, run by the engine inside of Init.
 *
 * The boot contract wants the engine in Init for this one module, which counts as trusted;
 * all the same it gets limits, fuel, and one host function that checks what it is given.
 */
#include "core/format.h"
#include "init/init.h"
#include "mnos/heap.h"
#include "mnos/tar.h"
#include "wasm/wasm.h"

static const char module_name[] = "hello_wasm.wasm";

enum {
    GUEST_STACK_BYTES = 128 * 1024,
    /** About a second of the interpreter; refilled for each call. */
    GUEST_FUEL = 50000000,
    TEXT_BYTES = 200
};

/** What running the module needs; whatever is not NULL is released. */
struct guest {
    struct init *init;
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance; /**< the store's */
};

/** A function that the module must export. */
struct guest_function {
    const char *name;
    const char *signature; /**< as in wasm_linker_define_function() */
    const char *type;      /**< the same for people */
};

static void *platform_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void platform_release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

static void *platform_reallocate(void *context, void *pointer, size_t old_size,
                                 size_t new_size)
{
    (void)context;
    (void)old_size;
    return realloc(pointer, new_size);
}

/** env.host_print(ptr, len): the bytes go to COM1 through slot 2. */
static enum wasm_trap_kind host_print(void *context, struct wasm_instance *caller,
                                      const union wasm_value *arguments,
                                      union wasm_value *results)
{
    struct guest *guest = context;
    struct wasm_memory *memory =
        caller == NULL ? NULL : wasm_instance_memory(caller, "memory");
    const void *bytes = NULL;

    (void)results;
    if (memory == NULL) {
        wasm_store_set_message(guest->store,
                               "env.host_print: the module exports no memory");
        return WASM_TRAP_HOST;
    }
    bytes = wasm_memory_range(memory, arguments[0].i32, arguments[1].i32);
    if (bytes == NULL) {
        wasm_store_set_message(guest->store,
                               "env.host_print: out of bounds memory access");
        return WASM_TRAP_HOST;
    }
    (void)mnos_console_write(&guest->init->console, bytes, arguments[1].i32);
    return WASM_TRAP_NONE;
}

static bool fail_error(struct guest *guest, const struct wasm_error *error)
{
    char text[TEXT_BYTES];

    wasm_error_print(error, guest->module, text, sizeof(text));
    return init_fail(guest->init, "wasm: %s: %s", module_name, text);
}

static bool fail_status(struct guest *guest, const char *step, enum wasm_status status)
{
    return init_fail(guest->init, "wasm: %s: %s", step, wasm_status_text(status));
}

/** Tells the last trap: its name, and the function and offset of its innermost frame. */
static bool fail_trap(struct guest *guest, const char *call)
{
    const struct wasm_trap *trap = wasm_store_trap(guest->store);
    const char *name = trap->kind == WASM_TRAP_HOST && trap->message != NULL
                           ? trap->message
                           : wasm_trap_text(trap->kind);

    if (trap->frame_count == 0) {
        return init_fail(guest->init, "wasm: %s trapped: %s", call, name);
    }
    const struct wasm_frame *frame = &trap->frames[0];
    struct wasm_name function =
        wasm_module_function_name(frame->module, frame->function);
    return init_fail(guest->init,
                     "wasm: %s trapped: %s, in function %u \"%.*s\" at offset 0x%llx",
                     call, name, frame->function, (int)function.size, function.bytes,
                     (unsigned long long)frame->offset);
}

static bool load(struct guest *guest, const struct tar_file *file)
{
    const struct wasm_engine_config config = {
        .platform = {.allocate = platform_allocate,
                     .release = platform_release,
                     .reallocate = platform_reallocate},
        .features = WASM_FEATURES_ALL};
    struct wasm_error error;
    enum wasm_status status = wasm_engine_create(&config, &guest->engine);

    if (status != WASM_OK) {
        return fail_status(guest, "making the engine", status);
    }
    status =
        wasm_module_load(guest->engine, file->data, file->size, &guest->module, &error);
    if (status != WASM_OK) {
        return fail_error(guest, &error);
    }
    return true;
}

static bool instantiate(struct guest *guest)
{
    const struct wasm_limits limits = {.stack_bytes = GUEST_STACK_BYTES};
    struct wasm_error error;
    enum wasm_status status = wasm_store_create(guest->engine, &limits, &guest->store);

    if (status == WASM_OK) {
        wasm_store_set_fuel(guest->store, GUEST_FUEL);
        status = wasm_linker_create(guest->store, &guest->linker);
    }
    if (status == WASM_OK) {
        status = wasm_linker_define_function(guest->linker, "env", "host_print",
                                             "ii:", host_print, guest);
    }
    if (status != WASM_OK) {
        return fail_status(guest, "making the store", status);
    }
    status = wasm_instantiate(guest->linker, guest->module, &guest->instance, &error);
    if (status == WASM_TRAPPED) {
        return fail_trap(guest, "the start function");
    }
    return status == WASM_OK || fail_error(guest, &error);
}

/** Calls the export @p export. */
static bool call(struct guest *guest, const struct guest_function *export,
                 const union wasm_value *arguments, union wasm_value *results)
{
    char call_text[TEXT_BYTES];
    struct wasm_function *function =
        wasm_instance_function(guest->instance, export->name);

    if (function == NULL) {
        return init_fail(guest->init, "wasm: %s exports no function \"%s\"",
                         module_name, export->name);
    }
    if (!wasm_function_has_signature(function, export->signature)) {
        return init_fail(guest->init,
                         "wasm: %s exports \"%s\" with another type than %s",
                         module_name, export->name, export->type);
    }
    wasm_store_set_fuel(guest->store, GUEST_FUEL);
    if (wasm_call(guest->store, function, arguments, results) != WASM_TRAP_NONE) {
        format_buffer(call_text, sizeof(call_text), "%s()", export->name);
        return fail_trap(guest, call_text);
    }
    return true;
}

static bool run(struct guest *guest, const struct tar_file *file)
{
    static const struct guest_function add = {"add", "ii:i", "(i32, i32) -> i32"};
    static const struct guest_function run_guest = {"run_guest", ":", "() -> ()"};
    const union wasm_value arguments[2] = {{.i32 = 10}, {.i32 = 32}};
    union wasm_value sum = {.i32 = 0};
    bool added;

    if (!load(guest, file) || !instantiate(guest)) {
        return false;
    }
    added = call(guest, &add, arguments, &sum);
    if (added) {
        init_say(guest->init, "wasm: add(%d, %d) = %d", (int)arguments[0].i32,
                 (int)arguments[1].i32, (int)sum.i32);
    }
    return call(guest, &run_guest, NULL, NULL) && added;
}

static void release(struct guest *guest)
{
    wasm_linker_release(guest->linker);
    wasm_store_release(guest->store);
    if (guest->module != NULL) {
        wasm_module_release(guest->module);
    }
    wasm_engine_release(guest->engine);
}

bool phase_wasm(struct init *init)
{
    struct guest guest = {.init = init};
    struct tar_file file;
    const char *problem =
        tar_find(init->initrd, init->boot_info->initrd_size, module_name, &file);

    if (problem != NULL) {
        return init_fail(init, "wasm: %s: %s", module_name, problem);
    }
    init_say(init, "wasm: %s %zu bytes", module_name, file.size);
    if ((init->boot_info->cpu_features & MN_CPU_SSE41) == 0) {
        return init_fail(init, "wasm: this CPU has no SSE4.1, which the engine needs "
                               "(x86-64-v2; QEMU: -cpu max)");
    }
    bool passed = run(&guest, &file);
    release(&guest);
    return passed;
}
