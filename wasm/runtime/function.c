/**
 * function.c - host functions, signatures and wasm_call().
 */
#include "runtime/function.h"

#include "module/allocate.h"
#include "runtime/trap.h"

enum {
    SIGNATURE_MAX = 128 /* values in a signature string */
};

/** A host function on the store's list. */
struct wasm_host_entry {
    struct wasm_function function;
    struct wasm_host_function host;
    struct wasm_host_entry *next;
};

static wasm_type letter_type(char letter)
{
    switch (letter) {
    case 'i':
        return TYPE_I32;
    case 'I':
        return TYPE_I64;
    case 'f':
        return TYPE_F32;
    case 'F':
        return TYPE_F64;
    case 'v':
        return TYPE_V128;
    case 'c':
        return TYPE_FUNCREF;
    case 'e':
        return TYPE_EXTERNREF;
    case 'x':
        return TYPE_EXNREF;
    default:
        return TYPE_BOTTOM;
    }
}

/** Fills @p out_type, whose words go to @p words of SIGNATURE_MAX. */
static bool parse_signature(const char *signature, wasm_type *words,
                            struct wasm_function_type *out_type)
{
    uint32_t count = 0;
    bool has_colon = false;

    *out_type = (struct wasm_function_type){.types = words};
    for (const char *p = signature; *p != '\0'; p++) {
        wasm_type type = letter_type(*p);

        if (*p == ':' && !has_colon) {
            has_colon = true;
            continue;
        }
        if (type == TYPE_BOTTOM || count == SIGNATURE_MAX) {
            return false;
        }
        words[count++] = type;
        if (has_colon) {
            out_type->result_count++;
            out_type->result_slots += type_slots(type);
        } else {
            out_type->parameter_count++;
            out_type->parameter_slots += type_slots(type);
        }
    }
    return has_colon;
}

enum wasm_status wasm_signature_intern(struct wasm_store *store, const char *signature,
                                       uint32_t *out_id)
{
    wasm_type words[SIGNATURE_MAX];
    struct wasm_function_type type;

    if (!parse_signature(signature, words, &type)) {
        return WASM_BAD_ARGUMENT;
    }
    return wasm_type_registry_intern(&store->types, store_platform(store), &type, 1,
                                     out_id);
}

enum wasm_status wasm_function_create(struct wasm_store *store, const char *signature,
                                      wasm_host_callback callback, void *context,
                                      struct wasm_function **out_function)
{
    struct wasm_host_entry *entry;
    uint32_t id;
    enum wasm_status status = wasm_signature_intern(store, signature, &id);

    if (status != WASM_OK) {
        return status;
    }
    entry = wasm_allocate_zeroed(store_platform(store), 1, sizeof(*entry));
    if (entry == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    entry->host.callback = callback;
    entry->host.context = context;
    entry->function.code = store->executor->host_code;
    entry->function.type_id = id;
    entry->function.type = wasm_type_registry_get(&store->types, id);
    entry->function.index = WASM_NO_INDEX;
    entry->function.host = &entry->host;
    entry->next = store->hosts;
    store->hosts = entry;
    *out_function = &entry->function;
    return WASM_OK;
}

void wasm_host_functions_release(struct wasm_store *store)
{
    while (store->hosts != NULL) {
        struct wasm_host_entry *entry = store->hosts;

        store->hosts = entry->next;
        wasm_release(store_platform(store), entry, 1, sizeof(*entry));
    }
}

uint32_t wasm_function_parameter_count(const struct wasm_function *function)
{
    return function->type->parameter_count;
}

uint32_t wasm_function_result_count(const struct wasm_function *function)
{
    return function->type->result_count;
}

enum wasm_value_kind wasm_function_parameter(const struct wasm_function *function,
                                             uint32_t index)
{
    return type_kind(function->type->types[index]);
}

enum wasm_value_kind wasm_function_result(const struct wasm_function *function,
                                          uint32_t index)
{
    return type_kind(function->type->types[function->type->parameter_count + index]);
}

bool wasm_function_has_signature(const struct wasm_function *function,
                                 const char *signature)
{
    const struct wasm_function_type *type = function->type;
    wasm_type words[SIGNATURE_MAX];
    struct wasm_function_type wanted;

    if (!parse_signature(signature, words, &wanted) ||
        wanted.parameter_count != type->parameter_count ||
        wanted.result_count != type->result_count) {
        return false;
    }
    for (uint32_t i = 0; i < type->parameter_count + type->result_count; i++) {
        if (words[i] != type->types[i]) {
            return false;
        }
    }
    return true;
}

enum wasm_trap_kind wasm_call(struct wasm_store *store, struct wasm_function *function,
                              const union wasm_value *arguments,
                              union wasm_value *results)
{
    enum wasm_trap_kind kind;

    store->trap_continues = false;
    if (store->host_depth >= store->limits.host_depth) {
        return wasm_trap_begin(store, WASM_TRAP_STACK_EXHAUSTED);
    }
    store->host_depth++;
    if (function->instance == NULL) {
        kind =
            function->host->callback(function->host->context, NULL, arguments, results);
        if (kind != WASM_TRAP_NONE) {
            wasm_trap_begin(store, kind);
        }
    } else {
        kind = store->executor->invoke(store, function, arguments, results);
    }
    store->host_depth--;
    store->trap_continues = kind != WASM_TRAP_NONE && store->host_depth > 0;
    return kind;
}
