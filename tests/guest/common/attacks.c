/**
 * attacks.c - see attacks.h.
 */
#include "guest/common/attacks.h"

#include <stddef.h>

/** In attacks_*.S; each ends with a row of zeros. */
extern const struct attack attacks_instructions[];
extern const struct attack attacks_exceptions[];
extern const struct attack attacks_memory[];

static const struct attack *const tables[] = {attacks_instructions, attacks_exceptions,
                                              attacks_memory};

const struct attack *attack_at(uint64_t index)
{
    for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
        for (const struct attack *at = tables[i]; at->run != NULL; at++) {
            if (index == 0) {
                return at;
            }
            index--;
        }
    }
    return NULL;
}
