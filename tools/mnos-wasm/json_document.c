/**
 * json_document.c - the memory of a document, and looking things up in it.
 *
 * Nodes and text come from a chain of blocks, so that a pointer stays good.
 */
#include "json_document.h"
#include <stdlib.h>
#include <string.h>

enum { BLOCK_BYTES = 256 * 1024 };

void *json_allocate(struct json_document *document, size_t size)
{
    struct block *block = document->blocks;

    size = (size + 15) & ~(size_t)15;
    if (block == NULL || block->size - block->used < size) {
        size_t bytes = size > BLOCK_BYTES ? size : BLOCK_BYTES;
        block = malloc(sizeof(*block) + bytes);
        if (block == NULL) {
            return NULL;
        }
        *block = (struct block){.next = document->blocks, .size = bytes};
        document->blocks = block;
    }
    void *memory = block->bytes + block->used;
    block->used += size;
    return memory;
}

void json_release(struct json_document *document)
{
    if (document == NULL) {
        return;
    }
    while (document->blocks != NULL) {
        struct block *next = document->blocks->next;
        free(document->blocks);
        document->blocks = next;
    }
    free(document);
}

const struct json_node *json_root(const struct json_document *document)
{
    return document->root;
}

const struct json_node *json_member(const struct json_node *node, const char *key)
{
    if (node == NULL || node->kind != JSON_OBJECT) {
        return NULL;
    }
    for (const struct json_node *i = node->first; i != NULL; i = i->next) {
        if (strcmp(i->key, key) == 0) {
            return i;
        }
    }
    return NULL;
}

const char *json_text(const struct json_node *node, const char *key)
{
    const struct json_node *member = json_member(node, key);

    return member != NULL ? member->text : NULL;
}
