/**
 * p9_message.c - see p9_message.h.
 */
#include "services/host_files/p9_message.h"
#include "core/bytes.h"
#include "core/checked_math.h"

/** Room for @p size further bytes; NULL: there is none. */
static uint8_t *extend(struct p9_writer *writer, size_t size)
{
    if (writer->overflowed || !range_fits(writer->size, size, writer->capacity)) {
        writer->overflowed = true;
        return NULL;
    }
    uint8_t *at = writer->bytes + writer->size;
    writer->size += size;
    return at;
}

static void put_number(struct p9_writer *writer, uint64_t value, size_t size)
{
    uint8_t *at = extend(writer, size);

    for (size_t i = 0; at != NULL && i < size; i++) {
        at[i] = (uint8_t)(value >> (8 * i));
    }
}

struct p9_writer p9_begin(uint8_t *bytes, size_t capacity, enum p9_type type,
                          uint16_t tag)
{
    struct p9_writer writer = {.bytes = bytes, .capacity = capacity};

    p9_put32(&writer, 0);
    p9_put8(&writer, (uint8_t)type);
    p9_put16(&writer, tag);
    return writer;
}

void p9_put8(struct p9_writer *writer, uint8_t value)
{
    put_number(writer, value, 1);
}

void p9_put16(struct p9_writer *writer, uint16_t value)
{
    put_number(writer, value, 2);
}

void p9_put32(struct p9_writer *writer, uint32_t value)
{
    put_number(writer, value, 4);
}

void p9_put64(struct p9_writer *writer, uint64_t value)
{
    put_number(writer, value, 8);
}

void p9_put_bytes(struct p9_writer *writer, const void *bytes, size_t size)
{
    uint8_t *at = extend(writer, size);

    if (at != NULL && size > 0) {
        memcpy(at, bytes, size);
    }
}

void p9_put_string(struct p9_writer *writer, const char *bytes, size_t size)
{
    if (size > UINT16_MAX) {
        writer->overflowed = true;
        return;
    }
    p9_put16(writer, (uint16_t)size);
    p9_put_bytes(writer, bytes, size);
}

bool p9_end(struct p9_writer *writer)
{
    if (writer->overflowed || writer->size > UINT32_MAX) {
        return false;
    }
    for (size_t i = 0; i < 4; i++) {
        writer->bytes[i] = (uint8_t)(writer->size >> (8 * i));
    }
    return true;
}

const uint8_t *p9_get_bytes(struct p9_reader *reader, size_t size)
{
    if (reader->overran || !range_fits(reader->offset, size, reader->size)) {
        reader->overran = true;
        return NULL;
    }
    const uint8_t *at = reader->bytes + reader->offset;
    reader->offset += size;
    return at;
}

static uint64_t get_number(struct p9_reader *reader, size_t size)
{
    const uint8_t *at = p9_get_bytes(reader, size);
    uint64_t value = 0;

    for (size_t i = 0; at != NULL && i < size; i++) {
        value |= (uint64_t)at[i] << (8 * i);
    }
    return value;
}

uint8_t p9_get8(struct p9_reader *reader)
{
    return (uint8_t)get_number(reader, 1);
}

uint16_t p9_get16(struct p9_reader *reader)
{
    return (uint16_t)get_number(reader, 2);
}

uint32_t p9_get32(struct p9_reader *reader)
{
    return (uint32_t)get_number(reader, 4);
}

uint64_t p9_get64(struct p9_reader *reader)
{
    return get_number(reader, 8);
}

struct p9_qid p9_get_qid(struct p9_reader *reader)
{
    struct p9_qid qid;

    qid.type = p9_get8(reader);
    qid.version = p9_get32(reader);
    qid.path = p9_get64(reader);
    return qid;
}

const char *p9_get_string(struct p9_reader *reader, uint16_t *out_size)
{
    *out_size = p9_get16(reader);
    return (const char *)p9_get_bytes(reader, *out_size);
}

bool p9_open_response(const uint8_t *bytes, size_t size, enum p9_type type,
                      uint16_t tag, struct p9_reader *out_reader, uint32_t *out_error)
{
    struct p9_reader reader = {.bytes = bytes, .size = size};
    uint32_t told_size = p9_get32(&reader);
    uint8_t told_type = p9_get8(&reader);
    uint16_t told_tag = p9_get16(&reader);

    if (reader.overran || told_size < P9_HEADER_BYTES || told_size > size ||
        told_tag != tag) {
        return false;
    }
    reader.size = told_size;
    *out_error = 0;
    if (told_type == P9_TLERROR + 1) {
        *out_error = p9_get32(&reader);
        return !reader.overran && *out_error != 0;
    }
    *out_reader = reader;
    return told_type == type + 1;
}
