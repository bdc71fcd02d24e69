#include "translator.h"
bool translate_vector(struct interp_translator *t, uint32_t opcode)
{
    (void)t;
    (void)opcode;
    return false;
}
