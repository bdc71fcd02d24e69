/**
 * bytes.h - reading and writing integers in byte strings, and the four memory functions.
 *
 * Little-endian loads and stores that are fine on unaligned addresses, and the
 * functions that the compiler may call in freestanding code.
 */
#ifndef CORE_BYTES_H
#define CORE_BYTES_H

#include <stddef.h>
#include <stdint.h>

/** Reads 16 bits, little-endian, at @p bytes (any alignment, 2 readable bytes). */
static inline uint16_t bytes_load_le16(const void *bytes)
{
    const uint8_t *b = bytes;
    return (uint16_t)(b[0] | b[1] << 8);
}

/** Reads 32 bits, little-endian, at @p bytes (any alignment, 4 readable bytes). */
static inline uint32_t bytes_load_le32(const void *bytes)
{
    const uint8_t *b = bytes;
    return (uint32_t)b[0] | (uint32_t)b[1] << 8 | (uint32_t)b[2] << 16 |
           (uint32_t)b[3] << 24;
}

/** Reads 64 bits, little-endian, at @p bytes (any alignment, 8 readable bytes). */
static inline uint64_t bytes_load_le64(const void *bytes)
{
    const uint8_t *b = bytes;
    return bytes_load_le32(b) | (uint64_t)bytes_load_le32(b + 4) << 32;
}

/* A hosted C library's own declarations have other names for the parameters.
   NOLINTBEGIN(readability-inconsistent-declaration-parameter-name) */

/** C's memcpy: the ranges must not overlap. Returns @p destination. */
void *memcpy(void *restrict destination, const void *restrict source, size_t size);

/** C's memmove: the ranges may overlap. Returns @p destination. */
void *memmove(void *destination, const void *source, size_t size);

/** C's memset. Returns @p destination. */
void *memset(void *destination, int value, size_t size);

/** C's memcmp: below 0, 0 or above 0 as @p a sorts before, with or after @p b. */
int memcmp(const void *a, const void *b, size_t size);

/** C's strlen: bytes before the terminating zero. */
size_t strlen(const char *string);

/* NOLINTEND(readability-inconsistent-declaration-parameter-name) */

#endif
