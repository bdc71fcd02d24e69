/**
 * bulk.c - see bulk.h.
 */
#include "runtime/bulk.h"

#include "core/bytes.h"
#include "core/checked_math.h"

enum wasm_trap_kind wasm_bulk_memory_copy(struct wasm_memory *to,
                                          struct wasm_memory *from, uint64_t to_address,
                                          uint64_t from_address, uint64_t size)
{
    if (!range_fits(to_address, size, to->size) ||
        !range_fits(from_address, size, from->size)) {
        return WASM_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    if (size > 0) {
        memmove(to->data + to_address, from->data + from_address, size);
    }
    return WASM_TRAP_NONE;
}

enum wasm_trap_kind wasm_bulk_memory_fill(struct wasm_memory *memory, uint64_t address,
                                          uint32_t byte, uint64_t size)
{
    if (!range_fits(address, size, memory->size)) {
        return WASM_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    if (size > 0) {
        memset(memory->data + address, (int)(byte & 0xFF), size);
    }
    return WASM_TRAP_NONE;
}

enum wasm_trap_kind wasm_bulk_memory_init(struct wasm_instance *instance,
                                          struct wasm_memory *memory, uint32_t segment,
                                          uint64_t address, uint64_t offset,
                                          uint64_t size)
{
    const struct wasm_data_instance *data = &instance->data[segment];

    if (!range_fits(offset, size, data->size) ||
        !range_fits(address, size, memory->size)) {
        return WASM_TRAP_MEMORY_OUT_OF_BOUNDS;
    }
    if (size > 0) {
        memcpy(memory->data + address, data->bytes + offset, size);
    }
    return WASM_TRAP_NONE;
}

void wasm_bulk_data_drop(struct wasm_instance *instance, uint32_t segment)
{
    instance->data[segment].size = 0;
}

void wasm_bulk_element_drop(struct wasm_instance *instance, uint32_t segment)
{
    instance->elements[segment].count = 0;
}

enum wasm_trap_kind wasm_bulk_table_copy(struct wasm_table *to, struct wasm_table *from,
                                         uint64_t to_index, uint64_t from_index,
                                         uint64_t count)
{
    if (!range_fits(to_index, count, to->size) ||
        !range_fits(from_index, count, from->size)) {
        return WASM_TRAP_TABLE_OUT_OF_BOUNDS;
    }
    if (count > 0) {
        memmove(to->elements + to_index, from->elements + from_index,
                count * sizeof(*to->elements));
    }
    return WASM_TRAP_NONE;
}

enum wasm_trap_kind wasm_bulk_table_fill(struct wasm_table *table, uint64_t index,
                                         uint64_t value, uint64_t count)
{
    if (!range_fits(index, count, table->size)) {
        return WASM_TRAP_TABLE_OUT_OF_BOUNDS;
    }
    for (uint64_t i = 0; i < count; i++) {
        table->elements[index + i] = value;
    }
    return WASM_TRAP_NONE;
}

enum wasm_trap_kind wasm_bulk_table_init(struct wasm_instance *instance,
                                         struct wasm_table *table, uint32_t segment,
                                         uint64_t index, uint64_t offset,
                                         uint64_t count)
{
    const struct wasm_element_instance *elements = &instance->elements[segment];

    if (!range_fits(offset, count, elements->count) ||
        !range_fits(index, count, table->size)) {
        return WASM_TRAP_TABLE_OUT_OF_BOUNDS;
    }
    if (count > 0) {
        memcpy(table->elements + index, elements->references + offset,
               count * sizeof(*table->elements));
    }
    return WASM_TRAP_NONE;
}
