/**
 * slab.h - small kernel objects, in pages that the account pays for whom they are made.
 *
 * A slab page holds objects of one class for one account, and goes back when its last
 * object does. Lock: the kernel's.
 */
#ifndef CORE_SLAB_H
#define CORE_SLAB_H

#include "core/account.h"
#include "core/attributes.h"

struct slab_page {
    struct list_node link; /**< in its account's list while it has room */
    struct account *account;
    void *free; /**< the first free object */
    uint32_t object_size;
    uint16_t class;
    uint16_t used;
};

/** Takes the first free object, zeroed, of a page that has one. */
static inline void *slab_pop(struct slab_page *page)
{
    void **object = page->free;

    page->free = *object;
    page->used++;
    *object = NULL;
    return object;
}

/** slab_take() where some page has two free objects at least; NULL: it hasn't. */
static inline void *slab_take_quick(struct account *account, enum slab_class kind)
{
    struct list_node *first = account->slabs[kind].next;
    struct slab_page *page = container_of(first, struct slab_page, link);

    if (first == &account->slabs[kind] || *(void **)page->free == NULL) {
        return NULL;
    }
    return slab_pop(page);
}

/** Makes a zeroed object of @p class, 16-aligned, paid by @p account; NULL: no memory. */
MN_MUST_CHECK void *slab_take(struct account *account, enum slab_class kind);

/** Gives an object back. */
void slab_give(void *object);

/** The account that pays for @p object. */
struct account *slab_account(const void *object);

#endif
