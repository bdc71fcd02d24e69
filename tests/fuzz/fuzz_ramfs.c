/**
 * fuzz_ramfs.c - the RAM file system beside its model, by requests that the input chooses.
 */
#include "model/file_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices choices = {.bytes = data, .size = size};

    file_model_run(&choices, 1000);
    return 0;
}
