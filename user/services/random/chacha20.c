/**
 * chacha20.c - see chacha20.h.
 */
#include "services/random/chacha20.h"
#include "core/bytes.h"

enum { WORDS = CHACHA20_BLOCK_BYTES / 4, DOUBLE_ROUNDS = 10 };

static uint32_t rotate(uint32_t value, unsigned bits)
{
    return value << bits | value >> (32 - bits);
}

static void quarter_round(uint32_t *x, unsigned a, unsigned b, unsigned c, unsigned d)
{
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 16);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 12);
    x[a] += x[b];
    x[d] = rotate(x[d] ^ x[a], 8);
    x[c] += x[d];
    x[b] = rotate(x[b] ^ x[c], 7);
}

static void double_round(uint32_t *x)
{
    for (unsigned i = 0; i < 4; i++) {
        quarter_round(x, i, i + 4, i + 8, i + 12);
    }
    for (unsigned i = 0; i < 4; i++) {
        quarter_round(x, i, 4 + (i + 1) % 4, 8 + (i + 2) % 4, 12 + (i + 3) % 4);
    }
}

void chacha20_block(const uint8_t key[CHACHA20_KEY_BYTES],
                    const uint8_t nonce[CHACHA20_NONCE_BYTES], uint32_t counter,
                    uint8_t out_block[CHACHA20_BLOCK_BYTES])
{
    uint32_t start[WORDS] = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};
    uint32_t x[WORDS];

    for (size_t i = 0; i < 8; i++) {
        start[4 + i] = bytes_load_le32(key + 4 * i);
    }
    start[12] = counter;
    for (size_t i = 0; i < 3; i++) {
        start[13 + i] = bytes_load_le32(nonce + 4 * i);
    }
    memcpy(x, start, sizeof(x));
    for (unsigned i = 0; i < DOUBLE_ROUNDS; i++) {
        double_round(x);
    }
    for (unsigned i = 0; i < WORDS; i++) {
        uint32_t sum = x[i] + start[i];

        for (unsigned b = 0; b < 4; b++) {
            out_block[4 * i + b] = (uint8_t)(sum >> 8 * b);
        }
    }
}
