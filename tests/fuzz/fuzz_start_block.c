/**
 * fuzz_start_block.c - any bytes as a start block: what is found good can be read without a look.
 */
#include "model/choices.h"
#include "wasm_host/start_block.h"
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile size_t seen;

static void read_all(const struct program_start *start)
{
    for (uint32_t i = 0; i < start->argument_count; i++) {
        seen = strlen(start_block_item(start, start->arguments, i));
    }
    for (uint32_t i = 0; i < start->environment_count; i++) {
        seen = strlen(start_block_item(start, start->environment, i));
    }
    for (uint32_t i = 0; i < start->directory_count; i++) {
        const struct program_directory *directory = start_block_directory(start, i);

        require(directory->slot >= PROGRAM_SLOT_FIRST_GRANT &&
                directory->slot <= PROGRAM_SLOT_LAST_GRANT);
        seen = strlen(start_block_string(start, directory->path));
        seen = strlen(start_block_string(start, directory->source));
    }
    seen = strlen(start_block_string(start, start->module_name));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    void *block = calloc(1, size > 0 ? size : 1); /* aligned, and ends where it ends */

    require(block != NULL);
    memcpy(block, data, size);
    if (start_block_problem(block, size) == NULL) {
        read_all(block);
    }
    free(block);
    return 0;
}
