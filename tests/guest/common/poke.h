/**
 * poke.h - one store and one load that may fault, and where a handler may go on then.
 */
#ifndef GUEST_COMMON_POKE_H
#define GUEST_COMMON_POKE_H

#include <stdint.h>

/** Stores @p value at @p address. 0; or 1 when a handler has sent it to poke_landed. */
uint64_t poke(volatile uint64_t *address, uint64_t value);

/** The instruction that stores, and where poke() goes on to answer 1: any registers will do
 *  but RSP, which must be as at the store. */
extern const uint8_t poke_store[];
extern const uint8_t poke_landed[];

/** Loads from FS:0. 0; or 1 when a handler has sent it to poke_landed. */
uint64_t poke_fs(void);

/** Ten NOPs of one byte, from the first on, which a debug exception may come behind. */
void poke_nops(void);

#endif
