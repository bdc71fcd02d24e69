/**
 * words.c - see words.h.
 */
#include "core/words.h"
#include "core/bytes.h"
#include "core/checked_math.h"

struct words words_open(const char *text, size_t size, char *buffer, size_t buffer_size)
{
    return (struct words){
        .text = text, .size = size, .buffer = buffer, .buffer_size = buffer_size};
}

/** What is being read of one line. */
struct line_reader {
    const char *at;
    const char *end;
    char *out;
    char *out_end;
    const char *error;
};

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool put(struct line_reader *reader, char c)
{
    if (reader->out == reader->out_end) {
        reader->error = "a shorter line";
        return false;
    }
    *reader->out++ = c;
    return true;
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/** The two digits behind `\x`. */
static bool read_hex(struct line_reader *reader)
{
    int high = reader->end - reader->at >= 2 ? hex_value(reader->at[0]) : -1;
    int low = high >= 0 ? hex_value(reader->at[1]) : -1;

    if (low < 0 || (high == 0 && low == 0)) {
        reader->error = "two hexadecimal digits behind \\x, not both 0";
        return false;
    }
    reader->at += 2;
    if (!put(reader, '\0')) {
        return false;
    }
    *(uint8_t *)(reader->out - 1) = (uint8_t)(high * 16 + low);
    return true;
}

/** What stands behind a backslash. */
static bool read_escape(struct line_reader *reader)
{
    char c = '\0';

    if (reader->at < reader->end) {
        c = *reader->at;
    }
    reader->at++;
    switch (c) {
    case '\\':
    case '"':
        return put(reader, c);
    case 'n':
        return put(reader, '\n');
    case 't':
        return put(reader, '\t');
    case 'x':
        return read_hex(reader);
    default:
        reader->error = "one of \\\\ \\\" \\n \\t \\xHH behind a backslash";
        return false;
    }
}

/** The word behind an opening quote. */
static bool read_quoted(struct line_reader *reader)
{
    while (reader->at < reader->end && *reader->at != '"') {
        char c = *reader->at++;

        if (!(c == '\\' ? read_escape(reader) : put(reader, c))) {
            return false;
        }
    }
    if (reader->at == reader->end) {
        reader->error = "a closing \"";
        return false;
    }
    reader->at++;
    if (reader->at < reader->end && !is_blank(*reader->at)) {
        reader->error = "a space behind the closing \"";
        return false;
    }
    return true;
}

static bool read_plain(struct line_reader *reader)
{
    while (reader->at < reader->end && !is_blank(*reader->at)) {
        if (*reader->at == '"') {
            reader->error = "the whole word in quotes, or no quote";
            return false;
        }
        if (!put(reader, *reader->at++)) {
            return false;
        }
    }
    return true;
}

static bool read_word(struct line_reader *reader, struct words_line *line)
{
    bool read;

    if (line->count == WORDS_MAX) {
        reader->error = "fewer words on the line";
        return false;
    }
    line->words[line->count++] = reader->out;
    if (*reader->at == '"') {
        reader->at++;
        read = read_quoted(reader);
    } else {
        read = read_plain(reader);
    }
    return read && put(reader, '\0');
}

/** Reads the words of one line; false with an error. */
static bool read_line(struct line_reader *reader, struct words_line *line)
{
    for (;;) {
        while (reader->at < reader->end && is_blank(*reader->at)) {
            reader->at++;
        }
        if (reader->at == reader->end || *reader->at == '#') {
            return true;
        }
        if (!read_word(reader, line)) {
            return false;
        }
    }
}

/** Cuts the next line off, without its end. */
static struct line_reader cut_line(struct words *words)
{
    const char *start = words->text + words->offset;
    size_t size = 0;
    bool ends;

    while (size < words->size - words->offset && start[size] != '\n') {
        size++;
    }
    ends = size < words->size - words->offset;
    words->offset += size + (ends ? 1 : 0);
    words->line++;
    if (ends && size > 0 && start[size - 1] == '\r') {
        size--;
    }
    return (struct line_reader){.at = start,
                                .end = start + size,
                                .out = words->buffer,
                                .out_end = words->buffer + words->buffer_size};
}

/** A zero byte would end a word early: it is no text. */
static bool has_zero(const struct line_reader *reader)
{
    for (const char *at = reader->at; at < reader->end; at++) {
        if (*at == '\0') {
            return true;
        }
    }
    return false;
}

enum words_status words_next(struct words *words, struct words_line *out_line)
{
    while (words->offset < words->size) {
        struct line_reader reader = cut_line(words);

        *out_line = (struct words_line){0};
        if (has_zero(&reader)) {
            out_line->error = "text, without zero bytes";
            return WORDS_ERROR;
        }
        if (!read_line(&reader, out_line)) {
            out_line->error = reader.error;
            return WORDS_ERROR;
        }
        if (out_line->count > 0) {
            return WORDS_LINE;
        }
    }
    return WORDS_END;
}

/** Text that grows in a buffer which may be too small. */
struct quote_writer {
    char *buffer;
    size_t size;
    size_t length;
};

static void write_char(struct quote_writer *writer, char c)
{
    if (writer->length < writer->size) {
        writer->buffer[writer->length] = c;
    }
    writer->length++;
}

static bool is_plain(char c)
{
    return (uint8_t)c > ' ' && c != '"' && c != '\\' && c != 0x7f;
}

static void write_escaped(struct quote_writer *writer, char c)
{
    static const char digits[] = "0123456789abcdef";

    if (is_plain(c) || c == ' ') {
        write_char(writer, c);
        return;
    }
    write_char(writer, '\\');
    if (c == '"' || c == '\\') {
        write_char(writer, c);
        return;
    }
    write_char(writer, 'x');
    write_char(writer, digits[(uint8_t)c >> 4]);
    write_char(writer, digits[(uint8_t)c & 15]);
}

size_t words_quote(char *buffer, size_t size, const char *word)
{
    struct quote_writer writer = {.buffer = buffer, .size = size};
    bool plain = *word != '\0' && *word != '#';

    for (const char *c = word; *c != '\0'; c++) {
        plain = plain && is_plain(*c);
    }
    if (!plain) {
        write_char(&writer, '"');
    }
    for (const char *c = word; *c != '\0'; c++) {
        write_escaped(&writer, *c);
    }
    if (!plain) {
        write_char(&writer, '"');
    }
    if (size > 0) {
        buffer[writer.length < size ? writer.length : size - 1] = '\0';
    }
    return writer.length;
}

/** Reads digits, at least one; answers where they end, or NULL. */
static const char *read_digits(const char *at, uint64_t *out_value)
{
    uint64_t value = 0;

    if (*at < '0' || *at > '9') {
        return NULL;
    }
    for (; *at >= '0' && *at <= '9'; at++) {
        if (!checked_mul(value, 10, &value) ||
            !checked_add(value, (uint64_t)(*at - '0'), &value)) {
            return NULL;
        }
    }
    *out_value = value;
    return at;
}

bool words_number(const char *word, uint64_t *out_number)
{
    uint64_t value;
    const char *end = read_digits(word, &value);

    if (end == NULL || *end != '\0') {
        return false;
    }
    *out_number = value;
    return true;
}

bool words_size(const char *word, uint64_t *out_bytes)
{
    static const char units[] = "KMG";
    uint64_t value;
    const char *end = read_digits(word, &value);

    if (end == NULL) {
        return false;
    }
    for (unsigned i = 0; *end != '\0' && i < sizeof(units) - 1; i++) {
        if (*end == units[i]) {
            if (!checked_mul(value, UINT64_C(1) << (10 * (i + 1)), &value)) {
                return false;
            }
            end++;
            break;
        }
    }
    if (*end != '\0') {
        return false;
    }
    *out_bytes = value;
    return true;
}

bool words_seconds(const char *word, uint64_t *out_ns)
{
    uint64_t ns;
    const char *end = read_digits(word, &ns);
    uint64_t unit = UINT64_C(1000000000);

    if (end == NULL || !checked_mul(ns, unit, &ns)) {
        return false;
    }
    if (*end == '.') {
        end++;
        if (*end == '\0') {
            return false;
        }
    }
    for (; *end >= '0' && *end <= '9' && unit > 1; end++) {
        unit /= 10;
        if (!checked_add(ns, (uint64_t)(*end - '0') * unit, &ns)) {
            return false;
        }
    }
    if (*end != '\0') {
        return false;
    }
    *out_ns = ns;
    return true;
}
