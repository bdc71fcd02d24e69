/**
 * locals.c - a body's locals: their types, and whether the non-nullable ones have a value.
 *
 * Declarations are runs of one type. The first LOCALS_EXPANDED types lie in an array; beyond, a
 * binary search over runs finds them, so that a body of ten bytes with 50,000 locals costs ten
 * bytes' work. Whether a non-nullable local was set is a bit, undone at the end of the
 * block that set it (spec 3.4.1, 3.4.12).
 */
#include "validate/validator.h"

#include "module/allocate.h"

/** Appends @p count locals of @p type. */
static bool add_run(struct wasm_validator *v, uint32_t count, wasm_type type)
{
    uint32_t end = v->local_count + count;

    if (!wasm_reserve(v->platform, (void **)&v->runs, &v->run_capacity,
                      (uint64_t)v->run_count + 1, sizeof(*v->runs))) {
        return validate_no_memory(v);
    }
    for (uint32_t i = v->local_count; i < end && i < LOCALS_EXPANDED; i++) {
        v->locals[i] = type;
    }
    v->runs[v->run_count++] = (struct local_run){end, type};
    v->local_count = end;
    if (type == TYPE_V128 && count > 0) {
        v->flags |= BODY_VECTORS;
    }
    if (!type_is_defaultable(type)) {
        v->tracks_locals = true;
    }
    return true;
}

/** Prepares the bits when there is a non-nullable local; parameters have their value. */
static bool begin_tracking(struct wasm_validator *v, uint32_t parameter_count)
{
    uint32_t words = v->local_count / 64 + 1;

    v->init_count = 0;
    if (!v->tracks_locals) {
        return true;
    }
    if (!wasm_reserve(v->platform, (void **)&v->set_locals, &v->set_capacity, words,
                      sizeof(*v->set_locals))) {
        return validate_no_memory(v);
    }
    memset(v->set_locals, 0, words * sizeof(*v->set_locals));
    for (uint32_t i = 0; i < parameter_count; i++) {
        v->set_locals[i / 64] |= (uint64_t)1 << i % 64;
    }
    return true;
}

bool validate_locals(struct wasm_validator *v, const struct wasm_function_type *type)
{
    uint32_t groups;
    uint32_t count;
    wasm_type local;

    v->local_count = 0;
    v->run_count = 0;
    v->tracks_locals = false;
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        if (!add_run(v, 1, type->types[i])) {
            return false;
        }
    }
    if (!validate_u32(v, &groups)) {
        return false;
    }
    for (uint32_t i = 0; i < groups; i++) {
        v->instruction = v->reader.position;
        if (!validate_u32(v, &count)) {
            return false;
        }
        if (count > LOCALS_MAX - v->local_count) {
            /* Beyond 2^32 - 1 it is no module at all (spec 5.5.13). */
            return validate_fail(
                v,
                (uint64_t)count + v->local_count > UINT32_MAX ? WASM_MALFORMED
                                                              : WASM_TOO_LARGE,
                "too many locals: %u more than %u, and %d are supported", count,
                v->local_count, LOCALS_MAX);
        }
        if (!validate_value_type(v, &local) || !add_run(v, count, local)) {
            return false;
        }
    }
    return begin_tracking(v, type->parameter_count);
}

wasm_type validate_local_type(const struct wasm_validator *v, uint32_t index)
{
    uint32_t low = 0;
    uint32_t high = v->run_count - 1;

    if (index < LOCALS_EXPANDED) {
        return v->locals[index];
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;

        if (index < v->runs[middle].end) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return v->runs[low].type;
}

bool validate_local_is_set(const struct wasm_validator *v, uint32_t index)
{
    return (v->set_locals[index / 64] >> index % 64 & 1) != 0;
}

bool validate_local_set(struct wasm_validator *v, uint32_t index)
{
    if (!v->tracks_locals || validate_local_is_set(v, index)) {
        return true;
    }
    if (!wasm_reserve(v->platform, (void **)&v->init_stack, &v->init_capacity,
                      (uint64_t)v->init_count + 1, sizeof(*v->init_stack))) {
        return validate_no_memory(v);
    }
    v->init_stack[v->init_count++] = index;
    v->set_locals[index / 64] |= (uint64_t)1 << index % 64;
    return true;
}

void validate_locals_reset(struct wasm_validator *v, uint32_t init_height)
{
    while (v->init_count > init_height) {
        uint32_t index = v->init_stack[--v->init_count];

        v->set_locals[index / 64] &= ~((uint64_t)1 << index % 64);
    }
}
