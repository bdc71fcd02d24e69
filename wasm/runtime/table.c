/**
 * table.c - tables: arrays of references that grow.
 */
#include "runtime/table.h"

#include "core/checked_math.h"
#include "module/allocate.h"

/** Room for @p count elements; the array grows by half at least. */
static bool make_room(struct wasm_table *table, uint64_t count)
{
    const struct wasm_platform *platform = store_platform(table->store);
    uint64_t wanted = table->capacity + table->capacity / 2;
    uint64_t *moved;

    if (count <= table->capacity) {
        return true;
    }
    wanted = wanted < count ? count : wanted;
    moved = wasm_reallocate(platform, table->elements, table->capacity, wanted,
                            sizeof(*table->elements));
    if (moved == NULL && wanted > count) {
        wanted = count;
        moved = wasm_reallocate(platform, table->elements, table->capacity, wanted,
                                sizeof(*table->elements));
    }
    if (moved == NULL) {
        return false;
    }
    table->elements = moved;
    table->capacity = wanted;
    return true;
}

uint64_t wasm_table_grow(struct wasm_table *table, uint64_t count,
                         union wasm_value value)
{
    struct wasm_store *store = table->store;
    uint64_t old_size = table->size;
    uint64_t new_size;
    uint64_t total;

    if (!checked_add(old_size, count, &new_size) || new_size > table->maximum ||
        !checked_add(store->table_elements, count, &total) ||
        total > store->limits.table_elements || !make_room(table, new_size)) {
        return UINT64_MAX;
    }
    for (uint64_t i = old_size; i < new_size; i++) {
        table->elements[i] = value.ref;
    }
    table->size = new_size;
    store->table_elements = total;
    return old_size;
}

static void table_release(struct wasm_table *table)
{
    const struct wasm_platform *platform = store_platform(table->store);

    wasm_release(platform, table->elements, table->capacity, sizeof(*table->elements));
    wasm_release(platform, table, 1, sizeof(*table));
}

struct wasm_table *wasm_table_make(struct wasm_store *store, wasm_type element,
                                   const struct wasm_limits_spec *limits,
                                   uint64_t value)
{
    struct wasm_table *table =
        wasm_allocate_zeroed(store_platform(store), 1, sizeof(*table));

    if (table == NULL) {
        return NULL;
    }
    table->store = store;
    table->element = element;
    table->limits = *limits;
    table->maximum = limits->maximum;
    if (wasm_table_grow(table, limits->minimum, (union wasm_value){.ref = value}) ==
        UINT64_MAX) {
        table_release(table);
        return NULL;
    }
    table->next = store->tables;
    store->tables = table;
    return table;
}

void wasm_tables_release(struct wasm_store *store)
{
    while (store->tables != NULL) {
        struct wasm_table *table = store->tables;

        store->tables = table->next;
        table_release(table);
    }
}

enum wasm_status wasm_table_create(struct wasm_store *store, enum wasm_value_kind kind,
                                   const struct wasm_limits_type *type,
                                   struct wasm_table **out_table)
{
    uint64_t largest = type->is_64 ? UINT64_MAX : UINT32_MAX;
    struct wasm_limits_spec limits = {
        .minimum = type->minimum,
        .maximum = type->has_maximum ? type->maximum : largest,
        .has_maximum = type->has_maximum,
        .is_64 = type->is_64,
    };
    struct wasm_table *table;

    if (!type_is_reference(kind) || limits.minimum > limits.maximum ||
        limits.maximum > largest) {
        return WASM_BAD_ARGUMENT;
    }
    table = wasm_table_make(store, kind, &limits, 0);
    if (table == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    *out_table = table;
    return WASM_OK;
}

uint64_t wasm_table_size(const struct wasm_table *table)
{
    return table->size;
}

enum wasm_status wasm_table_get(const struct wasm_table *table, uint64_t index,
                                union wasm_value *out_value)
{
    if (index >= table->size) {
        return WASM_NOT_FOUND;
    }
    *out_value = (union wasm_value){.ref = table->elements[index]};
    return WASM_OK;
}

enum wasm_status wasm_table_set(struct wasm_table *table, uint64_t index,
                                union wasm_value value)
{
    if (index >= table->size) {
        return WASM_NOT_FOUND;
    }
    table->elements[index] = value.ref;
    return WASM_OK;
}
