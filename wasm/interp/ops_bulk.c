/**
 * ops_bulk.c - memory.grow and bulk memory, tables and segments: the operation itself is the
 * runtime's (runtime/bulk.h), the handler passes operands and traps on.
 */
#include "ops_bulk.h"
#include "handlers.h"
#include "runtime/bulk.h"
#include "state.h"

/* Traps with @p kind unless it is none, then goes on. */
#define FINISH(kind)                                         \
    do {                                                     \
        enum wasm_trap_kind result = (kind);                 \
        if (__builtin_expect(result != WASM_TRAP_NONE, 0)) { \
            instance->shared->trap = result;                 \
            INTERP_GOTO(interp_trap_recorded);               \
        }                                                    \
        INTERP_NEXT(32);                                     \
    } while (0)

/* Address in slot a, memory, offset, size in `immediate`: acc leads there from memory 0. */
INTERP_HANDLER(interp_address)
{
    const struct wasm_memory *target = (const struct wasm_memory *)pc->more[0];
    uint64_t address = frame[pc->a];
    uint64_t end = pc->more[1] + (uint32_t)pc->immediate;

    if (end < pc->more[1] || end > target->size || address > target->size - end) {
        INTERP_GOTO(interp_trap_memory_bounds);
    }
    acc = (uintptr_t)target->data + address + pc->more[1] - (uintptr_t)memory;
    INTERP_NEXT(32);
}

/* Memory. */
INTERP_HANDLER(interp_memory_size)
{
    const struct wasm_memory *target = (const struct wasm_memory *)pc->more[0];

    frame[pc->a] = target->size / WASM_PAGE_SIZE;
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_memory_grow)
{
    struct wasm_memory *target = (struct wasm_memory *)pc->more[0];
    uint64_t before = wasm_memory_grow(target, frame[pc->a]);

    frame[pc->a] = target->limits.is_64 ? before : (uint32_t)before;
    memory = instance->memory0->data;
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_memory_fill)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_memory_fill((struct wasm_memory *)pc->more[0], operands[0],
                                 (uint32_t)operands[1], operands[2]));
}

/* Destination, source. */
INTERP_HANDLER(interp_memory_copy)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_memory_copy((struct wasm_memory *)pc->more[0],
                                 (struct wasm_memory *)pc->more[1], operands[0],
                                 operands[1], operands[2]));
}

/* Memory, segment. */
INTERP_HANDLER(interp_memory_init)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_memory_init(instance->instance, (struct wasm_memory *)pc->more[0],
                                 (uint32_t)pc->more[1], operands[0], operands[1],
                                 operands[2]));
}

INTERP_HANDLER(interp_data_drop)
{
    wasm_bulk_data_drop(instance->instance, (uint32_t)pc->more[0]);
    INTERP_NEXT(32);
}

/* Tables. */
INTERP_HANDLER(interp_table_get)
{
    const struct wasm_table *table = (const struct wasm_table *)pc->more[0];
    uint64_t index = frame[pc->a];

    if (index >= table->size) {
        INTERP_GOTO(interp_trap_table_bounds);
    }
    frame[pc->a] = table->elements[index];
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_table_set)
{
    struct wasm_table *table = (struct wasm_table *)pc->more[0];
    uint64_t index = frame[pc->a];

    if (index >= table->size) {
        INTERP_GOTO(interp_trap_table_bounds);
    }
    table->elements[index] = frame[pc->a + 1];
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_table_size)
{
    frame[pc->a] = ((const struct wasm_table *)pc->more[0])->size;
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_table_grow)
{
    struct wasm_table *table = (struct wasm_table *)pc->more[0];
    union wasm_value value = {.ref = frame[pc->a]};
    uint64_t before = wasm_table_grow(table, frame[pc->a + 1], value);

    frame[pc->a] = table->limits.is_64 ? before : (uint32_t)before;
    INTERP_NEXT(32);
}

INTERP_HANDLER(interp_table_fill)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_table_fill((struct wasm_table *)pc->more[0], operands[0],
                                operands[1], operands[2]));
}

INTERP_HANDLER(interp_table_copy)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_table_copy((struct wasm_table *)pc->more[0],
                                (struct wasm_table *)pc->more[1], operands[0],
                                operands[1], operands[2]));
}

/* Table, segment. */
INTERP_HANDLER(interp_table_init)
{
    const uint64_t *operands = frame + pc->a;

    FINISH(wasm_bulk_table_init(instance->instance, (struct wasm_table *)pc->more[0],
                                (uint32_t)pc->more[1], operands[0], operands[1],
                                operands[2]));
}

INTERP_HANDLER(interp_element_drop)
{
    wasm_bulk_element_drop(instance->instance, (uint32_t)pc->more[0]);
    INTERP_NEXT(32);
}
