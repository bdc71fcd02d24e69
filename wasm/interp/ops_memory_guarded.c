/**
 * ops_memory_guarded.c - loads and stores without bounds checks, for memories with guard
 * pages: every address that two 32-bit numbers can make is reserved, so an access out of
 * bounds faults and the platform reports it. See ops_memory.inc.
 */
#define MEMORY_TABLE                 interp_memory_guarded
#define MEMORY_CHECK(address, bytes) ((void)0)
#include "ops_memory.inc"
