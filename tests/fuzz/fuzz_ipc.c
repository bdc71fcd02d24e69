/**
 * fuzz_ipc.c - messages, capabilities in them, notifications and badges beside their model
 * (tests/model/ipc_model.h): the input is a script.
 */
#include "model/ipc_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct choices choices = {.bytes = data, .size = size};

    (void)ipc_model_run(&choices, 2000);
    return 0;
}
