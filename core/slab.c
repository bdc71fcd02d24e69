/**
 * slab.c - see slab.h.
 *
 * The page of an object is found by its address; its first 64 bytes are the header. Free
 * objects are chained through their first word and are zero but for it.
 */
#include "core/slab.h"

#include "core/assert.h"
#include "core/bytes.h"

enum { HEADER_SIZE = 64 };
_Static_assert(sizeof(struct slab_page) <= HEADER_SIZE, "the header has 64 bytes");

static const uint16_t object_sizes[SLAB_CLASSES] = {64, 80, 192, 512};

static struct slab_page *page_of(const void *object)
{
    return (struct slab_page *)((uintptr_t)object & ~(uintptr_t)(FRAME_BYTES - 1));
}

static struct slab_page *page_create(struct account *account, enum slab_class class)
{
    struct slab_page *page = account_take_page(account);
    uint32_t size = object_sizes[class];

    if (page == NULL) {
        return NULL;
    }
    page->account = account;
    page->class = (uint16_t) class;
    page->object_size = size;
    for (uint32_t at = HEADER_SIZE; at + size <= FRAME_BYTES; at += size) {
        void **object = (void **)(void *)((uint8_t *)page + at);

        *object = page->free;
        page->free = object;
    }
    list_insert_after(&account->slabs[class], &page->link);
    return page;
}

void *slab_take(struct account *account, enum slab_class class)
{
    struct list_node *first = account->slabs[class].next;
    struct slab_page *page;
    void **object;

    if (first != &account->slabs[class]) {
        page = container_of(first, struct slab_page, link);
    } else {
        page = page_create(account, class);
        if (page == NULL) {
            return NULL;
        }
    }
    object = slab_pop(page);
    if (page->free == NULL) {
        list_remove(&page->link);
    }
    return object;
}

void slab_give(void *object)
{
    struct slab_page *page = page_of(object);
    struct account *account = page->account;

    ASSERT(page->used > 0);
    page->used--;
    if (page->used == 0) {
        list_remove(&page->link);
        account_give_page(account, page);
        if (account->used_frames == 0) {
            account_idle(account);
        }
        return;
    }
    if (page->free == NULL) {
        list_insert_after(&page->account->slabs[page->class], &page->link);
    }
    memset(object, 0, page->object_size);
    *(void **)object = page->free;
    page->free = object;
}

struct account *slab_account(const void *object)
{
    return page_of(object)->account;
}
