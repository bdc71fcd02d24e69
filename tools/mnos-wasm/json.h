/**
 * json.h - a JSON parser (RFC 8259) for the converted specification tests.
 *
 * A document is a tree of nodes that point into one another and to decoded text; all of it is
 * released together. The parser does not recurse: nesting is bounded by JSON_DEPTH_MAX.
 */
#ifndef MNOS_WASM_JSON_H
#define MNOS_WASM_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { JSON_DEPTH_MAX = 32 };

enum json_kind {
    JSON_NULL,
    JSON_FALSE,
    JSON_TRUE,
    JSON_NUMBER, /**< its digits are the text */
    JSON_STRING,
    JSON_ARRAY,
    JSON_OBJECT
};

struct json_node {
    enum json_kind kind;
    const char *key; /**< in an object: zero-terminated; else NULL */
    const char
        *text;   /**< string or number, zero-terminated (a string may have zeros) */
    size_t size; /**< bytes of text */
    const struct json_node *first; /**< first element; NULL: none */
    const struct json_node *next;  /**< next element of the same array or object */
};

struct json_document;

/**
 * Parses all of [@p bytes, +@p size). On failure gives NULL, *@p out_message (static) and
 * *@p out_offset. Release with json_release().
 */
struct json_document *json_parse(const char *bytes, size_t size,
                                 const char **out_message, size_t *out_offset);

void json_release(struct json_document *document);

/** The outermost value. */
const struct json_node *json_root(const struct json_document *document);

/** The member @p key of an object; NULL when it is none or has none of that name. */
const struct json_node *json_member(const struct json_node *node, const char *key);

/** The text of the string or number member @p key; NULL when there is none. */
const char *json_text(const struct json_node *node, const char *key);

#endif
