/**
 * ops_memory_checked.c - loads and stores with explicit bounds checks. See ops_memory.inc.
 */
#define MEMORY_TABLE interp_memory_checked
#define MEMORY_CHECK(address, bytes)                                              \
    do {                                                                          \
        if (__builtin_expect((address) + (bytes) > instance->memory0->size, 0)) { \
            INTERP_GOTO(interp_trap_memory_bounds);                               \
        }                                                                         \
    } while (0)
#include "ops_memory.inc"
