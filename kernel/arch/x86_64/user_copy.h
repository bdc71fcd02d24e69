/**
 * user_copy.h - the only way to ring 3's memory.
 *
 * An address may be anything: outside of the lower half or not mapped, it makes the copy
 * fail, and what was copied until then is unspecified.
 */
#ifndef ARCH_X86_64_USER_COPY_H
#define ARCH_X86_64_USER_COPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/attributes.h"
#include "core/trap_frame.h"

/** Copies to the current address space's @p destination. */
MN_MUST_CHECK bool user_copy_out(uint64_t destination, const void *source, size_t size);

/** Copies from the current address space's @p source. */
MN_MUST_CHECK bool user_copy_in(void *destination, uint64_t source, size_t size);

/** Makes a copy that faulted fail, if @p frame is the page fault of one. */
bool user_copy_mend(struct trap_frame *frame);

#endif
