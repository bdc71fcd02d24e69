#include "handlers.h"
INTERP_DECLARE(interp_select_vector);
INTERP_HANDLER(interp_select_vector)
{
    interp_vector value;

    __builtin_memcpy(&value, &frame[(uint32_t)frame[pc->more[0]] != 0 ? pc->a : pc->b],
                     16);
    __builtin_memcpy(&frame[pc->d], &value, 16);
    INTERP_NEXT(24);
}
