/**
 * program.c - loading, instantiating and calling a program.
 */
#include "program.h"
#include "backend_linux.h"
#include "platform_linux.h"
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { VALUES_MAX = 1024 };

bool program_load(struct program *program, const struct program_options *options)
{
    struct wasm_error error;

    *program = (struct program){.options = options};
    if (!file_open(options->path, &program->file)) {
        return false;
    }
    program->engine = engine_open(&options->engine);
    if (program->engine == NULL) {
        return false;
    }
    if (wasm_module_load(program->engine, program->file.bytes, program->file.size,
                         &program->module, &error) != WASM_OK) {
        refuse_module(options->path, NULL, &error);
        return false;
    }
    return true;
}

void program_close(struct program *program)
{
    wasm_linker_release(program->linker);
    wasm_store_release(program->store);
    wasi_release(program->wasi);
    if (program->module != NULL) {
        wasm_module_release(program->module);
    }
    wasm_engine_release(program->engine);
    file_close(&program->file);
    free(program->arguments);
    *program = (struct program){0};
}

/* --- WASI --- */

static struct wasi_object *standard_stream(const struct program_options *options,
                                           int fd)
{
    if (!options->is_quiet) {
        return backend_linux_standard(fd);
    }
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    struct wasi_object *object = null >= 0 ? backend_linux_standard(null) : NULL;
    if (null >= 0) {
        close(null);
    }
    return object;
}

/* argv: the module's file name, then what stands behind `--`. */
static bool make_arguments(struct program *program)
{
    const struct program_options *options = program->options;
    const char *slash = strrchr(options->path, '/');

    program->arguments = calloc(options->argument_count + 1, sizeof(char *));
    if (program->arguments == NULL) {
        return false;
    }
    program->arguments[0] = slash != NULL ? slash + 1 : options->path;
    for (size_t i = 0; i < options->argument_count; i++) {
        program->arguments[i + 1] = options->arguments[i];
    }
    return true;
}

static bool open_directories(const struct program_options *options,
                             struct wasi_preopen *preopens)
{
    for (size_t i = 0; i < options->directory_count; i++) {
        const struct directory_option *from = &options->directories[i];
        preopens[i] =
            (struct wasi_preopen){.guest_path = from->guest,
                                  .directory = backend_linux_directory(from->host),
                                  .is_read_only = from->is_read_only};
        if (preopens[i].directory == NULL) {
            refuse("--dir %s: %s", from->host, strerror(errno));
            return false;
        }
    }
    return true;
}

static bool create_wasi(struct program *program, struct wasi_config *config)
{
    enum wasm_status status = WASM_OUT_OF_MEMORY;

    if (make_arguments(program)) {
        config->arguments = program->arguments;
        config->argument_count = program->options->argument_count + 1;
        status = wasi_create(config, &program->wasi);
    }
    if (status != WASM_OK) {
        refuse("cannot set up WASI: %s", wasm_status_text(status));
        return false;
    }
    return true;
}

static bool make_wasi(struct program *program)
{
    const struct program_options *options = program->options;
    size_t count = options->directory_count;
    struct wasi_preopen *preopens = calloc(count + 1, sizeof(*preopens));
    struct wasi_config config = {.environment = options->environment,
                                 .environment_count = options->environment_count,
                                 .preopens = preopens,
                                 .preopen_count = count,
                                 .backend = backend_linux(),
                                 .platform = platform_linux()};

    if (preopens == NULL) {
        refuse("out of memory");
        return false;
    }
    for (int i = 0; i < 3; i++) {
        config.standard[i] = standard_stream(options, i);
    }
    bool done = open_directories(options, preopens) && create_wasi(program, &config);
    if (!done) {
        for (size_t i = 0; i < 3; i++) {
            backend_linux_close(config.standard[i]);
        }
        for (size_t i = 0; i < count; i++) {
            backend_linux_close(preopens[i].directory);
        }
    }
    free(preopens);
    return done;
}

/* --- instance --- */

static bool make_store(struct program *program)
{
    const struct program_options *options = program->options;
    struct wasm_limits limits = {.memory_bytes = options->memory_max,
                                 .stack_bytes = options->stack_max};

    if (wasm_store_create(program->engine, &limits, &program->store) != WASM_OK ||
        wasm_linker_create(program->store, &program->linker) != WASM_OK) {
        refuse("out of memory");
        return false;
    }
    wasm_store_set_fuel(program->store, options->fuel);
    return true;
}

bool program_instantiate(struct program *program, enum wasm_trap_kind *out_trap)
{
    struct wasm_error error;

    *out_trap = WASM_TRAP_NONE;
    if (!make_store(program) || !make_wasi(program)) {
        return false;
    }
    if (wasi_define(program->wasi, program->store, program->linker) != WASM_OK) {
        refuse("out of memory");
        return false;
    }
    switch (wasm_instantiate(program->linker, program->module, &program->instance,
                             &error)) {
    case WASM_OK:
        return true;
    case WASM_TRAPPED:
        *out_trap = wasm_store_trap(program->store)->kind;
        return true;
    default:
        refuse_module(program->options->path, program->module, &error);
        return false;
    }
}

/* --- calls --- */

static bool parse_integer(const char *text, unsigned bits, uint64_t *out_number)
{
    bool is_negative = text[0] == '-';
    uint64_t limit = bits == 64 ? UINT64_MAX : UINT32_MAX;
    uint64_t number;

    if (!parse_number(text + (is_negative ? 1 : 0), &number)) {
        return false;
    }
    if (is_negative) {
        limit = limit / 2 + 1;
    }
    *out_number = is_negative ? 0 - number : number;
    return number <= limit;
}

static bool parse_float(const char *text, double *out_number)
{
    char *end;

    *out_number = strtod(text, &end);
    return *text != '\0' && *end == '\0';
}

static bool parse_value(const char *text, enum wasm_value_kind kind,
                        union wasm_value *out_value)
{
    uint64_t number;
    double real;

    *out_value = (union wasm_value){.v128 = {0, 0}};
    switch (kind) {
    case WASM_I32:
        if (!parse_integer(text, 32, &number)) {
            return false;
        }
        out_value->i32 = (uint32_t)number;
        return true;
    case WASM_I64:
        return parse_integer(text, 64, &out_value->i64);
    case WASM_F32:
        if (!parse_float(text, &real)) {
            return false;
        }
        out_value->f32 = (float)real;
        return true;
    case WASM_F64:
        return parse_float(text, &out_value->f64);
    default:
        return false;
    }
}

static bool parse_values(const struct program_options *options,
                         const struct wasm_function *function,
                         union wasm_value values[VALUES_MAX])
{
    uint32_t count = wasm_function_parameter_count(function);

    if (count > VALUES_MAX || wasm_function_result_count(function) > VALUES_MAX) {
        refuse("--invoke %s: more than %d values", options->invoke, VALUES_MAX);
        return false;
    }
    if (options->argument_count != count) {
        refuse("--invoke %s: it takes %u arguments, not %zu; give them behind --",
               options->invoke, count, options->argument_count);
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!parse_value(options->arguments[i], wasm_function_parameter(function, i),
                         &values[i])) {
            refuse("--invoke %s: argument %u, %s, is no number of its type",
                   options->invoke, i + 1, options->arguments[i]);
            return false;
        }
    }
    return true;
}

static void print_value(enum wasm_value_kind kind, const union wasm_value *value)
{
    switch (kind) {
    case WASM_I32:
        printf("%" PRId32 "\n", (int32_t)value->i32);
        return;
    case WASM_I64:
        printf("%" PRId64 "\n", (int64_t)value->i64);
        return;
    case WASM_F32:
        printf("%.9g\n", (double)value->f32);
        return;
    case WASM_F64:
        printf("%.17g\n", value->f64);
        return;
    case WASM_V128:
        printf("0x%016" PRIx64 "%016" PRIx64 "\n", value->v128[1], value->v128[0]);
        return;
    default:
        printf("%s\n", value->ref == 0 ? "null" : "reference");
        return;
    }
}

static bool invoke(struct program *program, bool print, enum wasm_trap_kind *out_trap)
{
    const struct program_options *options = program->options;
    struct wasm_function *initialize =
        wasm_instance_function(program->instance, "_initialize");
    struct wasm_function *function =
        wasm_instance_function(program->instance, options->invoke);
    union wasm_value arguments[VALUES_MAX];
    union wasm_value results[VALUES_MAX];

    if (function == NULL) {
        refuse("%s: no exported function %s", options->path, options->invoke);
        return false;
    }
    if (!parse_values(options, function, arguments)) {
        return false;
    }
    if (initialize != NULL && wasm_function_has_signature(initialize, ":")) {
        *out_trap = wasm_call(program->store, initialize, NULL, NULL);
        if (*out_trap != WASM_TRAP_NONE) {
            return true;
        }
    }
    *out_trap = wasm_call(program->store, function, arguments, results);
    for (uint32_t i = 0; print && *out_trap == WASM_TRAP_NONE &&
                         i < wasm_function_result_count(function);
         i++) {
        print_value(wasm_function_result(function, i), &results[i]);
    }
    return true;
}

bool program_call(struct program *program, bool print, enum wasm_trap_kind *out_trap)
{
    if (program->options->invoke != NULL) {
        return invoke(program, print, out_trap);
    }
    struct wasm_function *start = wasm_instance_function(program->instance, "_start");
    if (start == NULL || !wasm_function_has_signature(start, ":")) {
        refuse("%s: exports no function _start, so it is no command; "
               "name a function by --invoke NAME",
               program->options->path);
        return false;
    }
    *out_trap = wasm_call(program->store, start, NULL, NULL);
    return true;
}
