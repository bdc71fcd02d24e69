/**
 * reader.c - see reader.h.
 */
#include "module/reader.h"

bool reader_unsigned(struct wasm_reader *reader, unsigned bits, uint64_t *out_value)
{
    const uint8_t *p = reader->position;
    uint64_t value = 0;

    for (unsigned shift = 0; shift < bits; shift += 7) {
        uint64_t byte;

        if (p == reader->end) {
            return false;
        }
        byte = *p++;
        /* The last byte has room for bits - shift bits and no continuation. */
        if (bits - shift < 7 && byte >> (bits - shift) != 0) {
            return false;
        }
        value |= (byte & 0x7F) << shift;
        if ((byte & 0x80) == 0) {
            *out_value = value;
            reader->position = p;
            return true;
        }
    }
    return false;
}

/** Do the unused bits of the last byte, with @p used bits in use, repeat the sign? */
static bool is_last_signed_byte(uint64_t byte, unsigned used)
{
    int8_t top = (int8_t)((int8_t)(byte << 1) >> used);

    return (byte & 0x80) == 0 && (top == 0 || top == -1);
}

bool reader_signed(struct wasm_reader *reader, unsigned bits, int64_t *out_value)
{
    const uint8_t *p = reader->position;
    uint64_t value = 0;
    uint64_t byte = 0x80;
    unsigned shift = 0;

    while ((byte & 0x80) != 0) {
        if (p == reader->end) {
            return false;
        }
        byte = *p++;
        if (bits - shift < 7 && !is_last_signed_byte(byte, bits - shift)) {
            return false;
        }
        value |= (byte & 0x7F) << shift;
        shift += 7;
    }
    if (shift < 64 && (byte & 0x40) != 0) {
        value |= UINT64_MAX << shift;
    }
    *out_value = (int64_t)value;
    reader->position = p;
    return true;
}

/** Bytes that follow a UTF-8 lead byte, and the least code point that needs as many. */
static bool utf8_lead(uint8_t lead, unsigned *out_following, uint32_t *out_least,
                      uint32_t *out_bits)
{
    if (lead >= 0xC2 && lead <= 0xDF) {
        *out_following = 1;
        *out_least = 0x80;
        *out_bits = lead & 0x1F;
    } else if (lead >= 0xE0 && lead <= 0xEF) {
        *out_following = 2;
        *out_least = 0x800;
        *out_bits = lead & 0x0F;
    } else if (lead >= 0xF0 && lead <= 0xF4) {
        *out_following = 3;
        *out_least = 0x10000;
        *out_bits = lead & 0x07;
    } else {
        return false;
    }
    return true;
}

bool reader_utf8_valid(const uint8_t *bytes, size_t size)
{
    size_t i = 0;

    while (i < size) {
        unsigned following;
        uint32_t least;
        uint32_t code;

        if (bytes[i] < 0x80) {
            i++;
            continue;
        }
        if (!utf8_lead(bytes[i], &following, &least, &code) || following >= size - i) {
            return false;
        }
        i++;
        for (unsigned k = 0; k < following; k++) {
            if ((bytes[i] & 0xC0) != 0x80) {
                return false;
            }
            code = code << 6 | (bytes[i++] & 0x3F);
        }
        if (code < least || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) {
            return false;
        }
    }
    return true;
}
