/**
 * p9_message.h - writes and reads 9P2000.L messages.
 *
 * Pure. A writer never writes beyond its end, a reader never reads beyond it; both remember that
 * they met it, so that it is asked for once, at the end. Source: the 9P2000.L protocol as
 * Linux's net/9p and its document "9p2000.L protocol" describe it: size[4] type[1] tag[2], all
 * integers little-endian, strings as length[2] and bytes.
 */
#ifndef HOST_FILES_P9_MESSAGE_H
#define HOST_FILES_P9_MESSAGE_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Requests; the response to each is one more. */
enum p9_type {
    P9_TLERROR = 6, /* there is only its response */
    P9_TLOPEN = 12,
    P9_TLCREATE = 14,
    P9_TSYMLINK = 16,
    P9_TREADLINK = 22,
    P9_TGETATTR = 24,
    P9_TSETATTR = 26,
    P9_TREADDIR = 40,
    P9_TFSYNC = 50,
    P9_TLINK = 70,
    P9_TMKDIR = 72,
    P9_TRENAMEAT = 74,
    P9_TUNLINKAT = 76,
    P9_TVERSION = 100,
    P9_TATTACH = 104,
    P9_TWALK = 110,
    P9_TREAD = 116,
    P9_TWRITE = 118,
    P9_TCLUNK = 120
};

enum { P9_HEADER_BYTES = 7, P9_QID_BYTES = 13 };

#define P9_NO_TAG 0xffffu
#define P9_NO_FID 0xffffffffu

/** qid.type. */
enum p9_qid_type { P9_QID_DIRECTORY = 0x80, P9_QID_LINK = 0x02 };

/** What the server knows an object by. */
struct p9_qid {
    uint8_t type; /**< enum p9_qid_type; 0: a file */
    uint32_t version;
    uint64_t path; /**< the inode */
};

/** A message that is written. */
struct p9_writer {
    uint8_t *bytes;
    size_t capacity;
    size_t size;
    bool overflowed; /**< it does not fit */
};

/** Begins a message; the size is written by p9_end(). */
struct p9_writer p9_begin(uint8_t *bytes, size_t capacity, enum p9_type type,
                          uint16_t tag);
void p9_put8(struct p9_writer *writer, uint8_t value);
void p9_put16(struct p9_writer *writer, uint16_t value);
void p9_put32(struct p9_writer *writer, uint32_t value);
void p9_put64(struct p9_writer *writer, uint64_t value);
void p9_put_bytes(struct p9_writer *writer, const void *bytes, size_t size);

/** A string of at most 65,535 bytes. */
void p9_put_string(struct p9_writer *writer, const char *bytes, size_t size);

/** Completes it. false: it did not fit. */
MN_MUST_CHECK bool p9_end(struct p9_writer *writer);

/** A message that is read. */
struct p9_reader {
    const uint8_t *bytes;
    size_t size;
    size_t offset;
    bool overran; /**< something was asked for that is not there; it was 0 */
};

uint8_t p9_get8(struct p9_reader *reader);
uint16_t p9_get16(struct p9_reader *reader);
uint32_t p9_get32(struct p9_reader *reader);
uint64_t p9_get64(struct p9_reader *reader);
struct p9_qid p9_get_qid(struct p9_reader *reader);

/** @p size bytes in place; NULL: they are not there. */
const uint8_t *p9_get_bytes(struct p9_reader *reader, size_t size);

/** A string in place, not terminated; its size. NULL: it is not there. */
const char *p9_get_string(struct p9_reader *reader, uint16_t *out_size);

/**
 * Looks at the header of the response of @p size bytes to a request of @p type with @p tag. True: it is
 * that response or an error, *@p out_error 0 or the server's errno, the reader behind the
 * header. false: it is neither.
 */
MN_MUST_CHECK bool p9_open_response(const uint8_t *bytes, size_t size,
                                    enum p9_type type, uint16_t tag,
                                    struct p9_reader *out_reader, uint32_t *out_error);

#endif
