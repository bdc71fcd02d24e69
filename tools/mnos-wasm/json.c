/**
 * json.c - the parser of json.h: one loop with a stack of open arrays and objects.
 */
#include "json_document.h"
#include <stdlib.h>
#include <string.h>

/* An open array or object and where its next element is to be linked. */
struct level {
    struct json_node *node;
    const struct json_node **link;
};

struct parser {
    const char *bytes;
    size_t size;
    size_t offset;
    const char *message; /* NULL: no error yet */
    struct json_document *document;
    struct level levels[JSON_DEPTH_MAX];
    size_t depth;
};

static bool fail(struct parser *parser, const char *message)
{
    if (parser->message == NULL) {
        parser->message = message;
    }
    return false;
}

static int peek(const struct parser *parser)
{
    return parser->offset < parser->size ? (unsigned char)parser->bytes[parser->offset]
                                         : -1;
}

static void skip_space(struct parser *parser)
{
    for (;;) {
        int c = peek(parser);
        if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
            return;
        }
        parser->offset++;
    }
}

static int hex_digit(int c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    if (c >= 'A' && c <= 'F') {
        return c - 'A' + 10;
    }
    return -1;
}

static bool parse_hex4(struct parser *parser, uint32_t *out_unit)
{
    uint32_t unit = 0;

    for (int i = 0; i < 4; i++) {
        int digit = hex_digit(peek(parser));
        if (digit < 0) {
            return fail(parser, "four hexadecimal digits expected behind \\u");
        }
        unit = unit << 4 | (uint32_t)digit;
        parser->offset++;
    }
    *out_unit = unit;
    return true;
}

static char *put_utf8(char *to, uint32_t code)
{
    if (code < 0x80) {
        *to++ = (char)code;
        return to;
    }
    if (code < 0x800) {
        *to++ = (char)(0xC0 | code >> 6);
    } else {
        if (code < 0x10000) {
            *to++ = (char)(0xE0 | code >> 12);
        } else {
            *to++ = (char)(0xF0 | code >> 18);
            *to++ = (char)(0x80 | (code >> 12 & 0x3F));
        }
        *to++ = (char)(0x80 | (code >> 6 & 0x3F));
    }
    *to++ = (char)(0x80 | (code & 0x3F));
    return to;
}

/* Behind "\u": one unit, or a surrogate pair. */
static bool parse_unicode(struct parser *parser, uint32_t *out_code)
{
    uint32_t low;

    if (!parse_hex4(parser, out_code)) {
        return false;
    }
    if (*out_code < 0xD800 || *out_code > 0xDBFF ||
        parser->offset + 1 >= parser->size ||
        memcmp(parser->bytes + parser->offset, "\\u", 2) != 0) {
        return true;
    }
    parser->offset += 2;
    if (!parse_hex4(parser, &low)) {
        return false;
    }
    if (low < 0xDC00 || low > 0xDFFF) {
        return fail(parser, "half of a surrogate pair");
    }
    *out_code = 0x10000 + ((*out_code - 0xD800) << 10) + (low - 0xDC00);
    return true;
}

static bool parse_escape(struct parser *parser, char **to)
{
    static const char letters[] = "\"\\/bfnrt";
    static const char meanings[] = "\"\\/\b\f\n\r\t";
    int c = peek(parser);
    const char *found = c > 0 ? strchr(letters, c) : NULL;
    uint32_t code;

    parser->offset += c < 0 ? 0 : 1;
    if (found != NULL) {
        *(*to)++ = meanings[found - letters];
        return true;
    }
    if (c != 'u') {
        return fail(parser, "unknown escape in a string");
    }
    if (!parse_unicode(parser, &code)) {
        return false;
    }
    *to = put_utf8(*to, code);
    return true;
}

/* Where the string that begins at the offset ends (its closing quote); size: nowhere. */
static size_t string_end(const struct parser *parser)
{
    size_t end = parser->offset;

    while (end < parser->size && parser->bytes[end] != '"') {
        end += parser->bytes[end] == '\\' ? 2 : 1;
    }
    return end < parser->size ? end : parser->size;
}

/* The opening quote has been read. Decoded text is never longer than its source. */
static bool parse_string(struct parser *parser, const char **out_text, size_t *out_size)
{
    size_t end = string_end(parser);
    char *text = json_allocate(parser->document, end - parser->offset + 1);
    char *to = text;

    if (text == NULL) {
        return fail(parser, "out of memory");
    }
    while (peek(parser) != '"') {
        int c = peek(parser);
        if (c < 0x20) {
            return fail(parser, c < 0 ? "a string that does not end"
                                      : "a control character in a string");
        }
        parser->offset++;
        if (c != '\\') {
            *to++ = (char)c;
        } else if (!parse_escape(parser, &to)) {
            return false;
        }
    }
    parser->offset++;
    *to = '\0';
    *out_text = text;
    *out_size = (size_t)(to - text);
    return true;
}

static bool parse_number(struct parser *parser, struct json_node *node)
{
    size_t start = parser->offset;

    while (peek(parser) > 0 && strchr("+-.0123456789eE", peek(parser)) != NULL) {
        parser->offset++;
    }
    if (parser->offset == start) {
        return fail(parser, "a value expected");
    }
    node->size = parser->offset - start;
    char *text = json_allocate(parser->document, node->size + 1);
    if (text == NULL) {
        return fail(parser, "out of memory");
    }
    memcpy(text, parser->bytes + start, node->size);
    text[node->size] = '\0';
    node->kind = JSON_NUMBER;
    node->text = text;
    return true;
}

static bool parse_word(struct parser *parser, struct json_node *node)
{
    static const struct {
        const char *word;
        enum json_kind kind;
    } words[] = {{"null", JSON_NULL}, {"false", JSON_FALSE}, {"true", JSON_TRUE}};

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i].word);
        if (parser->size - parser->offset >= length &&
            memcmp(parser->bytes + parser->offset, words[i].word, length) == 0) {
            parser->offset += length;
            node->kind = words[i].kind;
            return true;
        }
    }
    return parse_number(parser, node);
}

static bool open_level(struct parser *parser, struct json_node *node)
{
    if (parser->depth == JSON_DEPTH_MAX) {
        return fail(parser, "nested too deeply");
    }
    parser->levels[parser->depth].node = node;
    parser->levels[parser->depth].link = &node->first;
    parser->depth++;
    return true;
}

static bool parse_value(struct parser *parser, struct json_node *node)
{
    switch (peek(parser)) {
    case '"':
        parser->offset++;
        node->kind = JSON_STRING;
        return parse_string(parser, &node->text, &node->size);
    case '[':
    case '{':
        node->kind = peek(parser) == '[' ? JSON_ARRAY : JSON_OBJECT;
        parser->offset++;
        return open_level(parser, node);
    default:
        return parse_word(parser, node);
    }
}

static bool parse_key(struct parser *parser, const char **out_key)
{
    size_t size;

    if (peek(parser) != '"') {
        return fail(parser, "a member's name expected");
    }
    parser->offset++;
    if (!parse_string(parser, out_key, &size)) {
        return false;
    }
    skip_space(parser);
    if (peek(parser) != ':') {
        return fail(parser, "a colon expected");
    }
    parser->offset++;
    skip_space(parser);
    return true;
}

/* Closes the innermost level where it ends here; else takes the comma that must stand. */
static bool close_or_comma(struct parser *parser, bool *out_closed)
{
    struct level *level = &parser->levels[parser->depth - 1];
    int c = peek(parser);

    *out_closed = c == (level->node->kind == JSON_ARRAY ? ']' : '}');
    if (*out_closed) {
        parser->offset++;
        parser->depth--;
        return true;
    }
    if (level->node->first == NULL) {
        return true;
    }
    if (c != ',') {
        return fail(parser, "a comma or the end of the list expected");
    }
    parser->offset++;
    skip_space(parser);
    return true;
}

static bool parse_element(struct parser *parser)
{
    struct level *level = &parser->levels[parser->depth - 1];
    struct json_node *node = json_allocate(parser->document, sizeof(*node));

    if (node == NULL) {
        return fail(parser, "out of memory");
    }
    *node = (struct json_node){.kind = JSON_NULL};
    if (level->node->kind == JSON_OBJECT && !parse_key(parser, &node->key)) {
        return false;
    }
    *level->link = node;
    level->link = &node->next;
    return parse_value(parser, node);
}

static bool parse_document(struct parser *parser)
{
    bool closed;

    skip_space(parser);
    if (!parse_value(parser, parser->document->root)) {
        return false;
    }
    while (parser->depth > 0) {
        skip_space(parser);
        if (!close_or_comma(parser, &closed) || (!closed && !parse_element(parser))) {
            return false;
        }
    }
    skip_space(parser);
    return parser->offset == parser->size || fail(parser, "text behind the document");
}

struct json_document *json_parse(const char *bytes, size_t size,
                                 const char **out_message, size_t *out_offset)
{
    struct json_document *document = calloc(1, sizeof(*document));
    struct parser parser = {.bytes = bytes, .size = size, .document = document};

    if (document != NULL) {
        document->root = json_allocate(document, sizeof(*document->root));
    }
    if (document == NULL || document->root == NULL) {
        json_release(document);
        *out_message = "out of memory";
        *out_offset = 0;
        return NULL;
    }
    *document->root = (struct json_node){.kind = JSON_NULL};
    if (!parse_document(&parser)) {
        *out_message = parser.message;
        *out_offset = parser.offset;
        json_release(document);
        return NULL;
    }
    return document;
}
