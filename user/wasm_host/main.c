/**
 * main.c - wasm_host runs one module: protocols/program.h says how it is started.
 *
 * What goes wrong before _start is called is told as PROGRAM_REFUSED when the module is at fault, and as
 * PROGRAM_FAILED when the system is.
 */
#include "core/bytes.h"
#include "core/format.h"
#include "mnos/process.h"
#include "wasm_host/backend.h"
#include "wasm_host/platform.h"
#include "wasm_host/refusals.h"
#include "wasm_host/report.h"
#include "wasm_host/start_block.h"
#include "wasm_host/watch.h"

enum {
    STATUS_REFUSED = 2,
    STATUS_TIME = 124,
    STATUS_INTERRUPT = 130,
    STATUS_TRAP = 134
};

/** Of the Wasm stack, where the start block says nothing; mapped as it is used. An odd number of
 *  pages, which nothing else of the engine's has. */
#define STACK_BYTES (255ull * 4096)

static const char everything[] = "/"; /* the directory without rights */

static const struct program_start *start;
static struct refusals_told told;
static bool has_nothing; /* was the directory without rights given? */

int main(const struct program_start *block);

static const char *module_name(void)
{
    return start_block_string(start, start->module_name);
}

/** Ends the program before it began: one line. */
static _Noreturn void refuse(const char *text)
{
    size_t size =
        format_buffer(report_text(), PROGRAM_TEXT_MAX, "%s: %s", module_name(), text);

    report_ended(PROGRAM_REFUSED, STATUS_REFUSED, size);
}

static _Noreturn void refuse_error(const struct wasm_error *error,
                                   const struct wasm_module *module)
{
    char text[512];

    if (error->status == WASM_OUT_OF_MEMORY) {
        host_fail(module_name(), "its account can't pay for the engine's memory");
    }
    wasm_error_print(error, module, text, sizeof(text));
    refuse(text);
}

/* --- what it was granted --- */

static void on_refusal(void *context, const struct wasi_refusal *refusal)
{
    static struct program_denial denial;

    (void)context;
    if (refusal_to_denial(refusal, has_nothing ? everything : NULL, &denial) &&
        refusals_is_new(&told, &denial)) {
        report_denied(&denial);
    }
}

/** The strings of an array of the start block. NULL: no memory. */
static const char *const *strings(uint32_t array, uint32_t count)
{
    const char **all = platform_allocate_zeroed((count + 1ull) * sizeof(*all));

    for (uint32_t i = 0; all != NULL && i < count; i++) {
        all[i] = start_block_item(start, array, i);
    }
    return all;
}

/** The directories, and behind them the one without rights unless "/" is among them. */
static size_t open_directories(struct wasi_preopen *preopens)
{
    size_t count = start->directory_count;

    has_nothing = true;
    for (uint32_t i = 0; i < count; i++) {
        const struct program_directory *directory = start_block_directory(start, i);
        preopens[i] = (struct wasi_preopen){
            .guest_path = start_block_string(start, directory->path),
            .directory = backend_directory(directory),
            .is_read_only = (directory->flags & PROGRAM_DIRECTORY_READ_ONLY) != 0};
        has_nothing = has_nothing && (preopens[i].guest_path[0] != '/' ||
                                      preopens[i].guest_path[1] != '\0');
    }
    if (has_nothing) {
        preopens[count++] = (struct wasi_preopen){.guest_path = everything,
                                                  .directory = backend_nothing(),
                                                  .has_no_rights = true};
    }
    for (size_t i = 0; i < count; i++) {
        if (preopens[i].directory == NULL) {
            host_fail(module_name(), "no memory for its directories");
        }
    }
    return count;
}

static struct wasi *make_wasi(void)
{
    static struct wasi_preopen preopens[PROGRAM_DIRECTORIES_MAX + 1];
    struct wasi_config config = {
        .arguments = strings(start->arguments, start->argument_count),
        .argument_count = start->argument_count,
        .environment = strings(start->environment, start->environment_count),
        .environment_count = start->environment_count,
        .preopens = preopens,
        .preopen_count = open_directories(preopens),
        .descriptors_max = start->descriptors,
        .refused = on_refusal,
        .backend = backend_of(start),
        .platform = platform()};
    struct wasi *wasi = NULL;

    for (size_t i = 0; i < 3; i++) {
        config.standard[i] = backend_stream(&start->streams[i]);
    }
    if (config.arguments == NULL || config.environment == NULL ||
        wasi_create(&config, &wasi) != WASM_OK) {
        host_fail(module_name(), "no memory for WASI");
    }
    return wasi;
}

/* --- the module --- */

static struct wasm_module *load(struct wasm_engine *engine)
{
    struct wasm_module *module;
    struct wasm_error error;

    if (wasm_module_load(engine, (const void *)start->module, start->module_bytes,
                         &module, &error) != WASM_OK) {
        refuse_error(&error, NULL);
    }
    return module;
}

static uint64_t stack_bytes(void)
{
    return start->stack_bytes != 0 ? start->stack_bytes : STACK_BYTES;
}

static struct wasm_store *make_store(struct wasm_engine *engine)
{
    const struct wasm_limits limits = {.memory_bytes = start->memory_bytes,
                                       .stack_bytes = stack_bytes()};
    struct wasm_store *store;

    if (wasm_store_create(engine, &limits, &store) != WASM_OK) {
        host_fail(module_name(), "no memory for its store");
    }
    wasm_store_set_fuel(store, start->fuel);
    return store;
}

/** Tells how it ended, with the trap's backtrace. */
static _Noreturn void end_trapped(const struct wasm_store *store)
{
    const struct wasm_trap *trap = wasm_store_trap(store);
    size_t size;

    if (trap->kind == WASM_TRAP_EXIT) {
        report_ended(PROGRAM_EXIT, trap->exit_code & 0xff, 0);
    }
    if (platform_ran_out()) {
        host_fail(module_name(), "its account can't pay for its stack");
    }
    size = wasm_trap_print(trap, report_text(), PROGRAM_TEXT_MAX);
    if (trap->kind == WASM_TRAP_OUT_OF_FUEL) {
        report_ended(PROGRAM_NO_FUEL, STATUS_TIME, size);
    }
    if (trap->kind == WASM_TRAP_INTERRUPTED && watch_end() == PROGRAM_DEADLINE) {
        report_ended(PROGRAM_DEADLINE, STATUS_TIME, size);
    }
    if (trap->kind == WASM_TRAP_INTERRUPTED && watch_end() == PROGRAM_INTERRUPT) {
        report_ended(PROGRAM_INTERRUPT, STATUS_INTERRUPT, size);
    }
    report_ended(PROGRAM_TRAP, STATUS_TRAP, size);
}

static struct wasm_instance *instantiate(struct wasm_store *store,
                                         const struct wasm_module *module,
                                         struct wasi *wasi)
{
    struct wasm_linker *linker;
    struct wasm_instance *instance;
    struct wasm_error error;

    if (wasm_linker_create(store, &linker) != WASM_OK ||
        wasi_define(wasi, store, linker) != WASM_OK) {
        host_fail(module_name(), "no memory for its imports");
    }
    switch (wasm_instantiate(linker, module, &instance, &error)) {
    case WASM_OK:
        return instance;
    case WASM_TRAPPED:
        end_trapped(store);
    default:
        refuse_error(&error, module);
    }
}

static _Noreturn void run(struct wasm_engine *engine)
{
    struct wasm_module *module = load(engine);
    struct wasm_store *store = make_store(engine);
    struct wasm_instance *instance = instantiate(store, module, make_wasi());
    struct wasm_function *function = wasm_instance_function(instance, "_start");
    const char *problem = watch_start(store, start->deadline_ns);

    if (problem != NULL) {
        host_fail(module_name(), problem);
    }
    if (function == NULL || !wasm_function_has_signature(function, ":")) {
        refuse("it exports no function _start, so it is a library and no program: "
               "build it as a command");
    }
    report_started();
    if (wasm_call(store, function, NULL, NULL) != WASM_TRAP_NONE) {
        end_trapped(store);
    }
    report_ended(PROGRAM_EXIT, 0, 0);
}

int main(const struct program_start *block)
{
    const struct wasm_engine_config config = {.platform = platform(),
                                              .features = WASM_FEATURES_ALL};
    struct wasm_engine *engine;
    const char *problem = start_block_problem(block, block->size);

    if (problem != NULL) {
        host_fail("the start block", problem);
    }
    start = block;
    report_open(start->report);
    problem = platform_open(stack_bytes());
    if (problem == NULL) {
        problem = streams_open();
    }
    if (problem == NULL && wasm_engine_create(&config, &engine) != WASM_OK) {
        problem = "no memory for the engine";
    }
    if (problem != NULL) {
        host_fail(module_name(), problem);
    }
    run(engine);
}
