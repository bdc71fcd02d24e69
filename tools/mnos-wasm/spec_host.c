/**
 * spec_host.c - `spectest`, the host module that the specification's tests import.
 *
 * Source: the test suite's interpreter, "spectest" host module: print functions, four
 * globals, two tables and a memory.
 */
#include "spec.h"

/* The tests look at types and effects, not at what is printed. */
static enum wasm_trap_kind print_nothing(void *context, struct wasm_instance *caller,
                                         const union wasm_value *arguments,
                                         union wasm_value *results)
{
    (void)context;
    (void)caller;
    (void)arguments;
    (void)results;
    return WASM_TRAP_NONE;
}

static bool define_functions(struct wasm_linker *linker)
{
    static const struct {
        const char *name;
        const char *signature;
    } functions[] = {{"print", ":"},          {"print_i32", "i:"},
                     {"print_i64", "I:"},     {"print_f32", "f:"},
                     {"print_f64", "F:"},     {"print_i32_f32", "if:"},
                     {"print_f64_f64", "FF:"}};

    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (wasm_linker_define_function(linker, "spectest", functions[i].name,
                                        functions[i].signature, print_nothing,
                                        NULL) != WASM_OK) {
            return false;
        }
    }
    return true;
}

static bool define(struct wasm_linker *linker, const char *name,
                   struct wasm_extern definition)
{
    return wasm_linker_define(linker, wasm_name_of("spectest"), wasm_name_of(name),
                              definition) == WASM_OK;
}

static bool define_globals(struct wasm_store *store, struct wasm_linker *linker)
{
    const struct {
        const char *name;
        enum wasm_value_kind kind;
        union wasm_value value;
    } globals[] = {{"global_i32", WASM_I32, {.i32 = 666}},
                   {"global_i64", WASM_I64, {.i64 = 666}},
                   {"global_f32", WASM_F32, {.f32 = 666.6f}},
                   {"global_f64", WASM_F64, {.f64 = 666.6}}};

    for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
        struct wasm_extern global = {.kind = WASM_EXTERN_GLOBAL};
        if (wasm_global_create(store, globals[i].kind, false, globals[i].value,
                               &global.global) != WASM_OK ||
            !define(linker, globals[i].name, global)) {
            return false;
        }
    }
    return true;
}

static bool define_table(struct wasm_store *store, struct wasm_linker *linker,
                         const char *name, bool is_64)
{
    struct wasm_limits_type type = {
        .minimum = 10, .maximum = 20, .has_maximum = true, .is_64 = is_64};
    struct wasm_extern table = {.kind = WASM_EXTERN_TABLE};

    return wasm_table_create(store, WASM_FUNCREF, &type, &table.table) == WASM_OK &&
           define(linker, name, table);
}

bool spec_host_define(struct wasm_store *store, struct wasm_linker *linker)
{
    struct wasm_limits_type type = {.minimum = 1, .maximum = 2, .has_maximum = true};
    struct wasm_extern memory = {.kind = WASM_EXTERN_MEMORY};

    return define_functions(linker) && define_globals(store, linker) &&
           define_table(store, linker, "table", false) &&
           define_table(store, linker, "table64", true) &&
           wasm_memory_create(store, &type, &memory.memory) == WASM_OK &&
           define(linker, "memory", memory);
}
