/**
 * start_block.h - checks a start block (protocols/program.h), so that its readers need not.
 */
#ifndef WASM_HOST_START_BLOCK_H
#define WASM_HOST_START_BLOCK_H

#include "core/attributes.h"
#include "protocols/program.h"
#include <stddef.h>

/**
 * Looks at the @p size bytes at @p block, aligned to 8. NULL: every offset, string and array lies inside and
 * every slot is one of the grants'; or in words what is wrong.
 */
MN_MUST_CHECK const char *start_block_problem(const void *block, size_t size);

/** The string at @p offset of a block that was checked. */
const char *start_block_string(const struct program_start *start, uint32_t offset);

/** The @p index-th string of the array at @p array. */
const char *start_block_item(const struct program_start *start, uint32_t array,
                             uint32_t index);

/** The @p index-th directory. */
const struct program_directory *start_block_directory(const struct program_start *start,
                                                      uint32_t index);

#endif
