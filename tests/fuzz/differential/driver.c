/**
 * driver.c - runs modules in the engine and tells everything that can be seen of them.
 *
 *   driver [--explicit-bounds] FILE ...
 *
 * For each file: a line `module`; whether it instantiates; then each exported function in
 * order, called once with fixed arguments: its results or trap; then exported globals and a
 * hash of each exported memory. Then the same for each function alone in a new instance, as
 * the generator's fuel is used up for all by the first that loops. Last come the functions
 * without parameters in one more instance (`nullary`), as that is all that wabt's interpreter can
 * call. execute.mjs tells the same but for that.
 */
#include "command.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { VALUES_MAX = 1000 };

/* Which functions an instance's life is about. */
enum {
    ALL_FUNCTIONS = -1,
    NULLARY_FUNCTIONS = -2
}; /* else: the export of that number */

/* A module's life in one store. */
struct subject {
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasm_instance *instance;
};

/* Traps in the classes that other engines tell apart too. */
static const char *trap_class(enum wasm_trap_kind kind)
{
    switch (kind) {
    case WASM_TRAP_UNREACHABLE:
        return "unreachable";
    case WASM_TRAP_INTEGER_DIVIDE_BY_ZERO:
        return "division";
    case WASM_TRAP_INTEGER_OVERFLOW:
    case WASM_TRAP_INVALID_CONVERSION:
        return "range";
    case WASM_TRAP_MEMORY_OUT_OF_BOUNDS:
        return "memory";
    case WASM_TRAP_TABLE_OUT_OF_BOUNDS:
    case WASM_TRAP_UNDEFINED_ELEMENT:
        return "table";
    case WASM_TRAP_UNINITIALIZED_ELEMENT:
    case WASM_TRAP_INDIRECT_CALL_TYPE:
    case WASM_TRAP_NULL_REFERENCE:
    case WASM_TRAP_NULL_FUNCTION_REFERENCE:
        return "signature";
    case WASM_TRAP_STACK_EXHAUSTED:
        return "stack";
    default:
        return wasm_trap_text(kind);
    }
}

static bool is_nan32(uint32_t bits)
{
    return (bits & 0x7FFFFFFF) > 0x7F800000;
}

static bool is_nan64(uint64_t bits)
{
    return (bits & INT64_MAX) > 0x7FF0000000000000;
}

static void tell_value(enum wasm_value_kind kind, const union wasm_value *value)
{
    switch (kind) {
    case WASM_I32:
        printf(" i32:%" PRIu32, value->i32);
        return;
    case WASM_I64:
        printf(" i64:%" PRIu64, value->i64);
        return;
    case WASM_F32:
        is_nan32(value->i32) ? printf(" f32:nan") : printf(" f32:%" PRIu32, value->i32);
        return;
    case WASM_F64:
        is_nan64(value->i64) ? printf(" f64:nan") : printf(" f64:%" PRIu64, value->i64);
        return;
    case WASM_V128:
        printf(" v128:%016" PRIx64 "%016" PRIx64, value->v128[1], value->v128[0]);
        return;
    default:
        printf(" ref:%s", value->ref == 0 ? "null" : "some");
        return;
    }
}

static union wasm_value argument(enum wasm_value_kind kind, uint32_t number)
{
    union wasm_value value = {.v128 = {0, 0}};

    switch (kind) {
    case WASM_I32:
        value.i32 = number * 0x9E3779B9u + 1;
        break;
    case WASM_I64:
        value.i64 = number * 0x9E3779B97F4A7C15u + 1;
        break;
    case WASM_F32:
        value.f32 = (float)number * 1.25f - 0.5f;
        break;
    case WASM_F64:
        value.f64 = (double)number * 1.25 - 0.5;
        break;
    default:
        break;
    }
    return value;
}

static bool has_vector(const struct wasm_function *function)
{
    for (uint32_t i = 0; i < wasm_function_parameter_count(function); i++) {
        if (wasm_function_parameter(function, i) == WASM_V128) {
            return true;
        }
    }
    for (uint32_t i = 0; i < wasm_function_result_count(function); i++) {
        if (wasm_function_result(function, i) == WASM_V128) {
            return true;
        }
    }
    return false;
}

static void tell_call(struct subject *subject, struct wasm_function *function,
                      uint32_t number)
{
    static union wasm_value arguments[VALUES_MAX];
    static union wasm_value results[VALUES_MAX];
    uint32_t count = wasm_function_parameter_count(function);

    for (uint32_t i = 0; i < count && i < VALUES_MAX; i++) {
        arguments[i] = argument(wasm_function_parameter(function, i), number + i);
    }
    enum wasm_trap_kind trap = wasm_call(subject->store, function, arguments, results);
    printf("call %" PRIu32, number);
    if (trap != WASM_TRAP_NONE) {
        printf(" trap %s", trap_class(trap));
    }
    for (uint32_t i = 0;
         trap == WASM_TRAP_NONE && i < wasm_function_result_count(function); i++) {
        tell_value(wasm_function_result(function, i), &results[i]);
    }
    putchar('\n');
}

static uint32_t hash(const uint8_t *bytes, uint64_t size)
{
    uint32_t value = 2166136261u;

    for (uint64_t i = 0; i < size; i++) {
        value = (value ^ bytes[i]) * 16777619u;
    }
    return value;
}

static void tell_state(const struct wasm_extern *found, uint32_t number)
{
    if (found->kind == WASM_EXTERN_MEMORY) {
        uint64_t size = wasm_memory_size(found->memory);
        printf("memory %" PRIu32 " %" PRIu64 " %" PRIu32 "\n", number, size,
               hash(wasm_memory_data(found->memory), size));
    } else if (found->kind == WASM_EXTERN_GLOBAL &&
               wasm_global_kind(found->global) != WASM_V128) {
        union wasm_value value = wasm_global_get(found->global);
        printf("global %" PRIu32, number);
        tell_value(wasm_global_kind(found->global), &value);
        putchar('\n');
    } else if (found->kind == WASM_EXTERN_TABLE) {
        printf("table %" PRIu32 " %" PRIu64 "\n", number,
               wasm_table_size(found->table));
    }
}

static bool is_wanted(const struct wasm_function *function, int64_t which,
                      uint32_t number)
{
    if (which == NULLARY_FUNCTIONS) {
        return wasm_function_parameter_count(function) == 0;
    }
    return (which == ALL_FUNCTIONS || which == number) && !has_vector(function);
}

/* Calls the functions, then tells what else there is. */
static void tell_exports(struct subject *subject, int64_t which)
{
    uint32_t count = wasm_module_export_count(subject->module);
    struct wasm_extern found;

    for (uint32_t i = 0; i < count; i++) {
        struct wasm_name name = wasm_module_export(subject->module, i).name;
        if (wasm_instance_export(subject->instance, name, &found) != WASM_OK ||
            found.kind != WASM_EXTERN_FUNCTION) {
            continue;
        }
        if (is_wanted(found.function, which, i)) {
            tell_call(subject, found.function, i);
        }
    }
    for (uint32_t i = 0; i < count && which != NULLARY_FUNCTIONS; i++) {
        struct wasm_name name = wasm_module_export(subject->module, i).name;
        if (wasm_instance_export(subject->instance, name, &found) == WASM_OK) {
            tell_state(&found, i);
        }
    }
}

static void tell_life(struct wasm_engine *engine, struct wasm_module *module,
                      int64_t which)
{
    struct subject subject = {.module = module};
    struct wasm_error error;
    enum wasm_status status = wasm_store_create(engine, NULL, &subject.store);

    if (status == WASM_OK) {
        status = wasm_linker_create(subject.store, &subject.linker);
    }
    if (status == WASM_OK) {
        status =
            wasm_instantiate(subject.linker, subject.module, &subject.instance, &error);
    }
    if (status == WASM_OK) {
        tell_exports(&subject, which);
    } else {
        printf("start %s\n", status == WASM_TRAPPED
                                 ? trap_class(wasm_store_trap(subject.store)->kind)
                                 : wasm_status_text(status));
    }
    wasm_linker_release(subject.linker);
    wasm_store_release(subject.store);
}

static void tell_lives(struct wasm_engine *engine, struct wasm_module *module)
{
    tell_life(engine, module, ALL_FUNCTIONS);
    for (uint32_t i = 0; i < wasm_module_export_count(module); i++) {
        if (wasm_module_export(module, i).kind == WASM_EXTERN_FUNCTION) {
            printf("alone %" PRIu32 "\n", i);
            tell_life(engine, module, i);
        }
    }
    printf("nullary\n");
    tell_life(engine, module, NULLARY_FUNCTIONS);
}

static void tell_file(struct wasm_engine *engine, const char *path)
{
    struct wasm_module *module = NULL;
    struct file file;
    struct wasm_error error;

    printf("module %s\n", path);
    fflush(stdout); /* a crash shall be seen to be this module's */
    if (!file_open(path, &file)) {
        return;
    }
    if (wasm_module_load(engine, file.bytes, file.size, &module, &error) != WASM_OK) {
        printf("refused %s\n", error.message);
    } else {
        tell_lives(engine, module);
        wasm_module_release(module);
    }
    file_close(&file);
}

int main(int argc, char **argv)
{
    struct engine_options options = engine_options_default();
    int first = 1;

    if (argc > 1 && strcmp(argv[1], "--explicit-bounds") == 0) {
        options.explicit_bounds = true;
        first = 2;
    }
    struct wasm_engine *engine = engine_open(&options);
    if (engine == NULL) {
        return 2;
    }
    for (int i = first; i < argc; i++) {
        tell_file(engine, argv[i]);
    }
    wasm_engine_release(engine);
    printf("end\n");
    return 0;
}
