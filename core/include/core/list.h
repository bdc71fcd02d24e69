/**
 * list.h - an intrusive, circular, doubly linked list.
 *
 * A head is a node that stands in no element. A node that is in no list points to
 * itself. Nothing here allocates; the owner of the head owns the order, the owner of
 * an element its memory.
 */
#ifndef CORE_LIST_H
#define CORE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list_node {
    struct list_node *next;
    struct list_node *previous;
};

/** The structure of type @p type whose member @p member is at @p pointer. */
#define container_of(pointer, type, member) \
    ((type *)(void *)((char *)(pointer)-offsetof(type, member)))

/** Makes @p node a list of its own: an empty head, or an element in no list. */
static inline void list_init(struct list_node *node)
{
    node->next = node;
    node->previous = node;
}

/** Is the list of this head empty, or this element in no list? */
static inline bool list_is_empty(const struct list_node *node)
{
    return node->next == node;
}

/** Puts @p node, which is in no list, before @p position; before a head: at the end. */
static inline void list_insert_before(struct list_node *position,
                                      struct list_node *node)
{
    node->next = position;
    node->previous = position->previous;
    position->previous->next = node;
    position->previous = node;
}

/** Puts @p node, which is in no list, behind @p position; behind a head: at the front. */
static inline void list_insert_after(struct list_node *position, struct list_node *node)
{
    list_insert_before(position->next, node);
}

/** Takes @p node out of its list, if it is in one, and makes it a list of its own. */
static inline void list_remove(struct list_node *node)
{
    node->previous->next = node->next;
    node->next->previous = node->previous;
    list_init(node);
}

/** Takes @p node, which is in a list, out of it; it is to be put into another one at once. */
static inline void list_unlink(const struct list_node *node)
{
    struct list_node *next = node->next;
    struct list_node *previous = node->previous;

    previous->next = next;
    next->previous = previous;
}

/** Moves all elements of the list @p from to the end of the list @p to. */
static inline void list_append(struct list_node *to, struct list_node *from)
{
    struct list_node *first = from->next;
    struct list_node *last = from->previous;

    if (first != from) {
        first->previous = to->previous;
        to->previous->next = first;
        last->next = to;
        to->previous = last;
        list_init(from);
    }
}

/** Takes the first element out of a list; NULL when it is empty. */
static inline struct list_node *list_pop_front(struct list_node *head)
{
    struct list_node *first = head->next;

    if (first == head) {
        return NULL;
    }
    list_remove(first);
    return first;
}

#endif
