/**
 * bulk.h - memory, table and segment instructions that an executor calls (spec 4.4.5-4.4.7).
 *
 * Addresses and counts come as the operands are, zero-extended to 64 bits. Each function
 * checks all bounds before it writes the first byte, and returns WASM_TRAP_NONE or the trap.
 */
#ifndef WASM_RUNTIME_BULK_H
#define WASM_RUNTIME_BULK_H

#include "runtime/objects.h"

/** memory.copy; the memories may be the same, the ranges may overlap. */
enum wasm_trap_kind wasm_bulk_memory_copy(struct wasm_memory *to,
                                          struct wasm_memory *from, uint64_t to_address,
                                          uint64_t from_address, uint64_t size);

/** memory.fill. */
enum wasm_trap_kind wasm_bulk_memory_fill(struct wasm_memory *memory, uint64_t address,
                                          uint32_t byte, uint64_t size);

/** memory.init from data segment @p segment of @p instance. */
enum wasm_trap_kind wasm_bulk_memory_init(struct wasm_instance *instance,
                                          struct wasm_memory *memory, uint32_t segment,
                                          uint64_t address, uint64_t offset,
                                          uint64_t size);

/** data.drop and elem.drop. */
void wasm_bulk_data_drop(struct wasm_instance *instance, uint32_t segment);
void wasm_bulk_element_drop(struct wasm_instance *instance, uint32_t segment);

/** table.copy; the tables may be the same. */
enum wasm_trap_kind wasm_bulk_table_copy(struct wasm_table *to, struct wasm_table *from,
                                         uint64_t to_index, uint64_t from_index,
                                         uint64_t count);

/** table.fill with the reference @p value. */
enum wasm_trap_kind wasm_bulk_table_fill(struct wasm_table *table, uint64_t index,
                                         uint64_t value, uint64_t count);

/** table.init from element segment @p segment of @p instance. */
enum wasm_trap_kind wasm_bulk_table_init(struct wasm_instance *instance,
                                         struct wasm_table *table, uint32_t segment,
                                         uint64_t index, uint64_t offset,
                                         uint64_t count);

/*
 * memory.grow and table.grow: wasm_memory_grow() and wasm_table_grow() of wasm.h. Their
 * UINT64_MAX is the instruction's -1, cut to 32 bits for a 32-bit memory or table.
 */

#endif
