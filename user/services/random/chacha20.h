/**
 * chacha20.h - the ChaCha20 block function. Source: RFC 8439, section 2.3.
 *
 * Pure; no branch or address depends on the key. docs/decisions/own_chacha20.md says why it
 * is our own.
 */
#ifndef RANDOM_CHACHA20_H
#define RANDOM_CHACHA20_H

#include <stdint.h>

enum { CHACHA20_KEY_BYTES = 32, CHACHA20_NONCE_BYTES = 12, CHACHA20_BLOCK_BYTES = 64 };

/** The key stream's block number @p counter. */
void chacha20_block(const uint8_t key[CHACHA20_KEY_BYTES],
                    const uint8_t nonce[CHACHA20_NONCE_BYTES], uint32_t counter,
                    uint8_t out_block[CHACHA20_BLOCK_BYTES]);

#endif
