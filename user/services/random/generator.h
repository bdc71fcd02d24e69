/**
 * generator.h - random bytes out of a ChaCha20 key that is replaced with every refill.
 *
 * Fast key erasure: each run of the cipher makes a new key first and then bytes to hand
 * out, which are erased as they go. Who sees all of the state learns nothing about what was
 * handed out before. Seeds are mixed in: one that is no secret does no harm.
 *
 * Pure, no lock.
 */
#ifndef RANDOM_GENERATOR_H
#define RANDOM_GENERATOR_H

#include "services/random/chacha20.h"
#include <stdbool.h>
#include <stddef.h>

enum {
    /** Bits of entropy that must have been mixed in before anything comes out. */
    GENERATOR_SEED_BITS = 256,
    GENERATOR_BLOCKS = 8,
    GENERATOR_POOL_BYTES = GENERATOR_BLOCKS * CHACHA20_BLOCK_BYTES
};

/** Starts as zeros: unseeded. */
struct generator {
    uint8_t key[CHACHA20_KEY_BYTES];
    uint8_t pool[GENERATOR_POOL_BYTES]; /**< the last `left` bytes are to hand out */
    size_t left;
    uint64_t seed_bits; /**< entropy that was mixed in, as its sources claim */
};

/** Mixes @p size bytes in, which hold @p bits bits of entropy. What is in the pool is
 *  dropped: the next byte depends on the seed. */
void generator_seed(struct generator *generator, const void *bytes, size_t size,
                    uint64_t bits);

/** Has it been seeded enough? */
bool generator_is_ready(const struct generator *generator);

/** Fills @p size bytes. false, and nothing written: it is not ready. */
bool generator_fill(struct generator *generator, void *out_bytes, size_t size);

#endif
