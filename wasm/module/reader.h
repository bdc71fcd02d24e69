/**
 * reader.h - bytes, LEB128 integers and names out of a module.
 *
 * Two families. reader_*: checked, for bytes that nobody has looked at; returns false
 * at the end of the range or on a malformed integer, and leaves the position at the
 * culprit. code_*: unchecked, for function bodies that passed validation; the translator of
 * an executor uses these.
 *
 * Source: spec 5.2.2 (integers), 5.2.4 (names).
 */
#ifndef WASM_MODULE_READER_H
#define WASM_MODULE_READER_H

#include "core/bytes.h"
#include "wasm/wasm.h"

struct wasm_reader {
    const uint8_t *position;
    const uint8_t *end;
};

static inline size_t reader_left(const struct wasm_reader *reader)
{
    return (size_t)(reader->end - reader->position);
}

/** One byte. */
WASM_MUST_CHECK static inline bool reader_byte(struct wasm_reader *reader,
                                               uint8_t *out_byte)
{
    if (reader->position == reader->end) {
        return false;
    }
    *out_byte = *reader->position++;
    return true;
}

/** The general case of the four functions below: @p bits 32, 33 or 64. */
WASM_MUST_CHECK bool reader_unsigned(struct wasm_reader *reader, unsigned bits,
                                     uint64_t *out_value);
WASM_MUST_CHECK bool reader_signed(struct wasm_reader *reader, unsigned bits,
                                   int64_t *out_value);

/** u32 of at most 5 bytes. */
WASM_MUST_CHECK static inline bool reader_u32(struct wasm_reader *reader,
                                              uint32_t *out_value)
{
    uint64_t value;

    if (reader->position != reader->end && *reader->position < 0x80) {
        *out_value = *reader->position++;
        return true;
    }
    if (!reader_unsigned(reader, 32, &value)) {
        return false;
    }
    *out_value = (uint32_t)value;
    return true;
}

/** u64 of at most 10 bytes. */
WASM_MUST_CHECK static inline bool reader_u64(struct wasm_reader *reader,
                                              uint64_t *out_value)
{
    return reader_unsigned(reader, 64, out_value);
}

/** @p size bytes; *@p out_bytes points into the module. */
WASM_MUST_CHECK static inline bool
reader_bytes(struct wasm_reader *reader, uint64_t size, const uint8_t **out_bytes)
{
    if (size > reader_left(reader)) {
        return false;
    }
    *out_bytes = reader->position;
    reader->position += size;
    return true;
}

/** Is it UTF-8 without overlong forms and surrogates (spec 5.2.4)? */
bool reader_utf8_valid(const uint8_t *bytes, size_t size);

/** u32 of a validated body; advances *@p position. */
static inline uint32_t code_u32(const uint8_t **position)
{
    const uint8_t *p = *position;
    uint32_t value = *p & 0x7F;

    for (unsigned shift = 7; (*p++ & 0x80) != 0; shift += 7) {
        value |= (uint32_t)(*p & 0x7F) << shift;
    }
    *position = p;
    return value;
}

/** u64 of a validated body. */
static inline uint64_t code_u64(const uint8_t **position)
{
    const uint8_t *p = *position;
    uint64_t value = *p & 0x7F;

    for (unsigned shift = 7; (*p++ & 0x80) != 0; shift += 7) {
        value |= (uint64_t)(*p & 0x7F) << shift;
    }
    *position = p;
    return value;
}

/** s32, s33 or s64 of a validated body, sign-extended. */
static inline int64_t code_s64(const uint8_t **position)
{
    const uint8_t *p = *position;
    uint64_t value = 0;
    unsigned shift = 0;
    uint8_t byte;

    do {
        byte = *p++;
        value |= (uint64_t)(byte & 0x7F) << shift;
        shift += 7;
    } while ((byte & 0x80) != 0);
    *position = p;
    if (shift < 64 && (byte & 0x40) != 0) {
        value |= UINT64_MAX << shift;
    }
    return (int64_t)value;
}

/** An opcode of a validated body as a number of opcodes.h, prefix included. */
static inline uint32_t code_opcode(const uint8_t **position)
{
    uint32_t opcode = *(*position)++;

    if (opcode < 0xFC) {
        return opcode;
    }
    return (opcode == 0xFC ? 0x100 : 0x200) + code_u32(position);
}

#endif
