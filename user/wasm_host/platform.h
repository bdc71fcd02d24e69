/**
 * platform.h - where the engine's memory comes from in ring 3.
 *
 * A heap that grows with what is used, and linear memories in reservations of address space, with guard
 * pages; a fault in one ends the code that ran and is told as a trap. All of it is paid by
 * PROGRAM_SLOT_MEMORY; what it can't pay is NULL, false, or a memory that doesn't grow.
 */
#ifndef WASM_HOST_PLATFORM_H
#define WASM_HOST_PLATFORM_H

#include "core/attributes.h"
#include "wasm/wasm.h"

/** Maps the beginning of the heap and sets the handler of faults for this thread. What the engine
 *  allocates with the size @p stack_bytes, its stack, is mapped as it is touched. NULL, or what failed. */
MN_MUST_CHECK const char *platform_open(uint64_t stack_bytes);

/** Could a page of the stack not be paid for? Then what ran was ended as by a fault. */
bool platform_ran_out(void);

/** The engine's platform; after platform_open(). */
struct wasm_platform platform(void);

/** As malloc(), calloc()'s zeros, and free(); of the first thread only. */
void *platform_allocate_zeroed(size_t size);
void platform_release(void *pointer);

#endif
