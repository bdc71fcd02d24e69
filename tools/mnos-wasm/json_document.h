/**
 * json_document.h - where a document's nodes and text live: between json.c and json_document.c.
 */
#ifndef MNOS_WASM_JSON_DOCUMENT_H
#define MNOS_WASM_JSON_DOCUMENT_H

#include "json.h"

struct block {
    struct block *next;
    size_t used;
    size_t size;
    _Alignas(16) char bytes[];
};

struct json_document {
    struct block *blocks;
    struct json_node *root;
};

/** @p size bytes of the document, aligned to 16; NULL: no memory. They stay in place. */
void *json_allocate(struct json_document *document, size_t size);

#endif
