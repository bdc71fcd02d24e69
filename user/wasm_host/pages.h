/**
 * pages.h - pages of the program's account, mapped writable in its own address space.
 */
#ifndef WASM_HOST_PAGES_H
#define WASM_HOST_PAGES_H

#include "abi/user_memory_map.h"
#include "core/attributes.h"
#include "wasm_host/host.h"

/** Maps zeroed pages at [@p base, +@p size), both page-aligned. All or, with false, none. */
MN_MUST_CHECK bool pages_map(uint64_t base, uint64_t size);

/** Inverse, for whole ranges that pages_map() made. */
void pages_unmap(uint64_t base, uint64_t size);

#endif
