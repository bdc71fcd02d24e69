/**
 * words.h - reads plain text as lines of words, the form of all manifests.
 *
 * A line is words between spaces and tabs; `#` where a word could begin starts a comment
 * to the end of the line; empty lines don't count. A word that holds a space, a tab, `#`
 * at its beginning or `"` stands in double quotes, in which `\\ \" \n \t \xHH` mean a
 * byte; so a word may hold every byte but zero. Lines end with LF, or CR LF. The text is
 * untrusted.
 */
#ifndef CORE_WORDS_H
#define CORE_WORDS_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Words that a line may have. */
#define WORDS_MAX 16u

enum words_status {
    WORDS_LINE, /**< a line with at least one word */
    WORDS_END,  /**< the text is over */
    WORDS_ERROR /**< line.error says what was expected; the next call goes on behind it */
};

/** A position in a text. Text and buffer are borrowed. */
struct words {
    const char *text;
    size_t size;
    size_t offset;
    uint32_t line; /**< of the line read last, from 1 */
    char *buffer;  /**< for the words of one line, decoded */
    size_t buffer_size;
};

struct words_line {
    uint32_t count;
    const char *words[WORDS_MAX]; /**< zero-terminated, until the next call */
    const char *error; /**< with WORDS_ERROR: what was expected, for a message */
};

/** A position at the beginning of @p text. A line is no longer than @p buffer_size. */
struct words words_open(const char *text, size_t size, char *buffer,
                        size_t buffer_size);

/** Reads the next line that has words. */
MN_MUST_CHECK enum words_status words_next(struct words *words,
                                           struct words_line *out_line);

/**
 * Writes @p word into @p buffer as words_next() reads it back, in quotes where it needs
 * them, with a final zero.
 *
 * Returns its bytes without the zero: not all was written if that is not below @p size.
 */
size_t words_quote(char *buffer, size_t size, const char *word);

/** Reads a decimal number, nothing before or behind it. False, and nothing is
 *  written: it is none, or does not fit. */
MN_MUST_CHECK bool words_number(const char *word, uint64_t *out_number);

/** Reads a size in bytes: a decimal number, or one with K, M or G (powers of 1024)
 *  directly behind. False as words_number(). */
MN_MUST_CHECK bool words_size(const char *word, uint64_t *out_bytes);

/** Reads seconds, `2` or `0.25`, at most nine decimals, as nanoseconds. False as
 *  words_number(). */
MN_MUST_CHECK bool words_seconds(const char *word, uint64_t *out_ns);

#endif
