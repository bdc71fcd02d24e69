/**
 * fuzz_cnode.c - CNodes, capabilities and their derivation beside their model
 * (tests/model/cap_model.h): the input is a script of copies, drops and revokes.
 */
#include "model/cap_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices choices = {.bytes = data, .size = size};

    cap_model_run(&choices, 1000);
    return 0;
}
