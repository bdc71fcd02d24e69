/**
 * start_block.h - makes the block that a program is started with (protocols/program.h).
 *
 * Pure but for the heap. Running out of memory is remembered and told by
 * start_block_finish() alone.
 */
#ifndef INIT_START_BLOCK_H
#define INIT_START_BLOCK_H

#include "core/attributes.h"
#include "protocols/program.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Numbers that grow. */
struct start_block_offsets {
    uint32_t *values;
    uint32_t count;
    uint32_t capacity;
};

struct start_block {
    struct program_start
        start;        /**< the caller fills in what is not a string or a list */
    uint8_t *strings; /**< what goes behind it */
    uint32_t size;
    uint32_t capacity;
    struct start_block_offsets arguments;
    struct start_block_offsets environment;
    struct program_directory directories[PROGRAM_DIRECTORIES_MAX];
    bool failed;
};

/** An empty block: nothing is granted. */
void start_block_init(struct start_block *block);

/** Adds a string; its offset in the block. */
uint32_t start_block_string(struct start_block *block, const char *text);

/** Adds an argument, behind those that it has. */
void start_block_argument(struct start_block *block, const char *text);

/** Adds a variable, "KEY=VALUE". */
void start_block_variable(struct start_block *block, const char *text);

/** Adds a directory; false: there are PROGRAM_DIRECTORIES_MAX. */
MN_MUST_CHECK bool start_block_directory(struct start_block *block,
                                         const struct program_directory *directory);

/** The bytes of the whole block; 0: the heap is used up, or it is larger than 4 GiB. */
MN_MUST_CHECK size_t start_block_size(const struct start_block *block);

/** Writes the block, start_block_size() bytes. */
void start_block_write(const struct start_block *block, void *out);

/** Gives back what it took of the heap. */
void start_block_release(struct start_block *block);

#endif
