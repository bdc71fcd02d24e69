/**
 * fuzz_leftist_heap.c - core/leftist_heap beside its model (tests/model/heap_model.h): the
 * input is a script of insertions and removals.
 */
#include "model/heap_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices choices = {.bytes = data, .size = size};

    heap_model_run(&choices, 1000);
    return 0;
}
