/**
 * ops_bulk.h - handlers of what is rare or long: memory.grow, bulk memory, tables.
 *
 * Operands lie in consecutive slots from `a` on, a result comes to slot a; more[0] and more[1]
 * hold the objects, named where the handler is defined.
 */
#ifndef WASM_INTERP_OPS_BULK_H
#define WASM_INTERP_OPS_BULK_H

#include "machine.h"

INTERP_DECLARE(interp_address);
INTERP_DECLARE(interp_memory_size);
INTERP_DECLARE(interp_memory_grow);
INTERP_DECLARE(interp_memory_fill);
INTERP_DECLARE(interp_memory_copy);
INTERP_DECLARE(interp_memory_init);
INTERP_DECLARE(interp_data_drop);
INTERP_DECLARE(interp_table_get);
INTERP_DECLARE(interp_table_set);
INTERP_DECLARE(interp_table_size);
INTERP_DECLARE(interp_table_grow);
INTERP_DECLARE(interp_table_fill);
INTERP_DECLARE(interp_table_copy);
INTERP_DECLARE(interp_table_init);
INTERP_DECLARE(interp_element_drop);

#endif
