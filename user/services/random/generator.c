/**
 * generator.c - see generator.h.
 */
#include "services/random/generator.h"
#include "core/bytes.h"

static const uint8_t no_nonce[CHACHA20_NONCE_BYTES];

/** Zeroes secrets, by stores that stay although nobody reads them. */
static void erase(void *bytes, size_t size)
{
    volatile uint8_t *at = bytes;

    for (size_t i = 0; i < size; i++) {
        at[i] = 0;
    }
}

/** One run of the cipher: a new key, and a pool of bytes to hand out. */
static void refill(struct generator *generator)
{
    for (uint32_t i = 0; i < GENERATOR_BLOCKS; i++) {
        chacha20_block(generator->key, no_nonce, i,
                       generator->pool + (size_t)i * CHACHA20_BLOCK_BYTES);
    }
    memcpy(generator->key, generator->pool, CHACHA20_KEY_BYTES);
    erase(generator->pool, CHACHA20_KEY_BYTES);
    generator->left = GENERATOR_POOL_BYTES - CHACHA20_KEY_BYTES;
}

void generator_seed(struct generator *generator, const void *bytes, size_t size,
                    uint64_t bits)
{
    const uint8_t *seed = bytes;

    while (size > 0) {
        size_t piece = size < CHACHA20_KEY_BYTES ? size : CHACHA20_KEY_BYTES;

        for (size_t i = 0; i < piece; i++) {
            generator->key[i] ^= seed[i];
        }
        refill(generator); /* the cipher's sum with its input is one-way */
        seed += piece;
        size -= piece;
    }
    erase(generator->pool, GENERATOR_POOL_BYTES);
    generator->left = 0;
    generator->seed_bits += bits;
}

bool generator_is_ready(const struct generator *generator)
{
    return generator->seed_bits >= GENERATOR_SEED_BITS;
}

bool generator_fill(struct generator *generator, void *out_bytes, size_t size)
{
    uint8_t *out = out_bytes;

    if (!generator_is_ready(generator)) {
        return false;
    }
    while (size > 0) {
        if (generator->left == 0) {
            refill(generator);
        }
        size_t piece = size < generator->left ? size : generator->left;
        uint8_t *from = generator->pool + (GENERATOR_POOL_BYTES - generator->left);
        memcpy(out, from, piece);
        erase(from, piece);
        generator->left -= piece;
        out += piece;
        size -= piece;
    }
    return true;
}
