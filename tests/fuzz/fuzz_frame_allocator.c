/**
 * fuzz_frame_allocator.c - the frame allocator beside its model (tests/model/frame_model.h):
 * the first byte gives the size of the memory, the rest is a script of takes and gives.
 */
#include "model/frame_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices choices = {.bytes = data, .size = size};
    unsigned frames = 1 + choices_below(&choices, 128);

    frame_model_run(&choices, frames, 1000);
    return 0;
}
