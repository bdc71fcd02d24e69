/**
 * segments.c - see segments.h (spec 4.5.4, steps about globals, elements and data).
 */
#include "runtime/segments.h"

#include "core/checked_math.h"
#include "module/allocate.h"
#include "module/error.h"
#include "module/reader.h"
#include "runtime/bulk.h"
#include "runtime/constant.h"
#include "runtime/memory.h"
#include "runtime/table.h"
#include "runtime/trap.h"

/** Evaluates the expression at @p span. */
static bool evaluate(const struct wasm_instance *instance, struct wasm_span span,
                     union wasm_value *out_value)
{
    const uint8_t *position = module_bytes(instance->module, span);

    return wasm_constant_evaluate(instance, &position, out_value);
}

static bool make_memories(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = module->imported_memories; i < module->memory_count; i++) {
        instance->memories[i] = wasm_memory_make(instance->store, &module->memories[i]);
        if (instance->memories[i] == NULL) {
            return false;
        }
    }
    return true;
}

static bool make_globals(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = module->imported_globals; i < module->global_count; i++) {
        const struct wasm_global_type *type = &module->globals[i];
        struct wasm_global *global =
            &instance->own_globals[i - module->imported_globals];

        global->store = instance->store;
        global->type = wasm_type_resolve(type->type, instance->type_ids);
        global->is_mutable = type->is_mutable;
        instance->globals[i] = global;
        if (!evaluate(instance, type->initializer, &global->value)) {
            return false;
        }
    }
    return true;
}

static bool make_tables(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = module->imported_tables; i < module->table_count; i++) {
        const struct wasm_table_type *type = &module->tables[i];
        union wasm_value value = {.ref = 0};

        if (type->initializer.size > 0 &&
            !evaluate(instance, type->initializer, &value)) {
            return false;
        }
        instance->tables[i] = wasm_table_make(
            instance->store, wasm_type_resolve(type->element, instance->type_ids),
            &type->limits, value.ref);
        if (instance->tables[i] == NULL) {
            return false;
        }
    }
    return true;
}

/** Evaluates one element segment's items. */
static bool make_element(struct wasm_instance *instance, uint32_t index)
{
    const struct wasm_element_segment *segment = &instance->module->elements[index];
    struct wasm_element_instance *elements = &instance->elements[index];
    const uint8_t *position = module_bytes(instance->module, segment->items);

    if (segment->count == 0 || segment->mode == SEGMENT_DECLARATIVE) {
        return true;
    }
    elements->references = wasm_allocate(store_platform(instance->store),
                                         segment->count, sizeof(*elements->references));
    if (elements->references == NULL) {
        return false;
    }
    elements->allocated = segment->count;
    for (uint32_t i = 0; i < segment->count; i++) {
        union wasm_value value;

        if (!segment->is_expressions) {
            value.function = instance->functions[code_u32(&position)];
        } else if (!wasm_constant_evaluate(instance, &position, &value)) {
            return false;
        }
        elements->references[i] = value.ref;
    }
    elements->count = segment->count;
    return true;
}

static bool make_segments(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = 0; i < module->element_count; i++) {
        if (!make_element(instance, i)) {
            return false;
        }
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        instance->data[i].bytes = module_bytes(module, module->data[i].contents);
        instance->data[i].size = module->data[i].contents.size;
    }
    return true;
}

enum wasm_status wasm_segments_make_objects(struct wasm_instance *instance)
{
    return make_memories(instance) && make_globals(instance) && make_tables(instance) &&
                   make_segments(instance)
               ? WASM_OK
               : WASM_OUT_OF_MEMORY;
}

/* --- Active segments -------------------------------------------------------------- */

/** An offset as an unsigned address of its type. */
static enum wasm_status segment_offset(const struct wasm_instance *instance,
                                       struct wasm_span span, bool is_64,
                                       uint64_t *out_offset)
{
    union wasm_value value;

    if (!evaluate(instance, span, &value)) {
        return WASM_OUT_OF_MEMORY;
    }
    *out_offset = is_64 ? value.i64 : value.i32;
    return WASM_OK;
}

static enum wasm_status element_offset(const struct wasm_instance *instance,
                                       const struct wasm_element_segment *segment,
                                       uint64_t *out_offset)
{
    bool is_64 = instance->tables[segment->table]->limits.is_64;

    return segment_offset(instance, segment->offset, is_64, out_offset);
}

static enum wasm_status data_offset(const struct wasm_instance *instance,
                                    const struct wasm_data_segment *segment,
                                    uint64_t *out_offset)
{
    bool is_64 = instance->memories[segment->memory]->limits.is_64;

    return segment_offset(instance, segment->offset, is_64, out_offset);
}

static enum wasm_status does_not_fit(struct wasm_error *error, const char *what,
                                     uint32_t index)
{
    wasm_error_set(error, WASM_UNLINKABLE, wasm_no_place(),
                   "%s segment %u does not fit", what, index);
    return WASM_UNLINKABLE;
}

/** WebAssembly 1.0: nothing is written unless everything fits. */
static enum wasm_status check_all_fit(const struct wasm_instance *instance,
                                      struct wasm_error *error)
{
    const struct wasm_module *module = instance->module;
    uint64_t offset;

    for (uint32_t i = 0; i < module->element_count; i++) {
        const struct wasm_element_segment *segment = &module->elements[i];
        enum wasm_status status = element_offset(instance, segment, &offset);

        if (status != WASM_OK) {
            return status;
        }
        if (!range_fits(offset, segment->count,
                        instance->tables[segment->table]->size)) {
            return does_not_fit(error, "elements", i);
        }
    }
    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data_segment *segment = &module->data[i];
        enum wasm_status status = data_offset(instance, segment, &offset);

        if (status != WASM_OK) {
            return status;
        }
        if (!range_fits(offset, segment->contents.size,
                        instance->memories[segment->memory]->size)) {
            return does_not_fit(error, "data", i);
        }
    }
    return WASM_OK;
}

static enum wasm_status trap_status(struct wasm_instance *instance,
                                    enum wasm_trap_kind kind)
{
    if (kind == WASM_TRAP_NONE) {
        return WASM_OK;
    }
    wasm_trap_begin(instance->store, kind);
    return WASM_TRAPPED;
}

static enum wasm_status initialize_elements(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = 0; i < module->element_count; i++) {
        const struct wasm_element_segment *segment = &module->elements[i];
        enum wasm_status status;
        uint64_t offset;

        if (segment->mode != SEGMENT_ACTIVE) {
            continue;
        }
        status = element_offset(instance, segment, &offset);
        if (status == WASM_OK) {
            status = trap_status(
                instance,
                wasm_bulk_table_init(instance, instance->tables[segment->table], i,
                                     offset, 0, segment->count));
        }
        if (status != WASM_OK) {
            return status;
        }
        wasm_bulk_element_drop(instance, i);
    }
    return WASM_OK;
}

static enum wasm_status initialize_data(struct wasm_instance *instance)
{
    const struct wasm_module *module = instance->module;

    for (uint32_t i = 0; i < module->data_count; i++) {
        const struct wasm_data_segment *segment = &module->data[i];
        enum wasm_status status;
        uint64_t offset;

        if (segment->mode != SEGMENT_ACTIVE) {
            continue;
        }
        status = data_offset(instance, segment, &offset);
        if (status == WASM_OK) {
            status = trap_status(
                instance,
                wasm_bulk_memory_init(instance, instance->memories[segment->memory], i,
                                      offset, 0, segment->contents.size));
        }
        if (status != WASM_OK) {
            return status;
        }
        wasm_bulk_data_drop(instance, i);
    }
    return WASM_OK;
}

enum wasm_status wasm_segments_initialize(struct wasm_instance *instance,
                                          struct wasm_error *error)
{
    enum wasm_status status = WASM_OK;

    if ((instance->store->engine->features & WASM_FEATURE_BULK_MEMORY) == 0) {
        status = check_all_fit(instance, error);
    }
    if (status == WASM_OK) {
        status = initialize_elements(instance);
    }
    return status == WASM_OK ? initialize_data(instance) : status;
}
