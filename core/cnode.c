/**
 * cnode.c - see cnode.h.
 */
#include "core/cnode.h"

#include "core/assert.h"
#include "core/speculation.h"

_Static_assert(CNODE_PAGE_SLOTS * sizeof(struct slot) == FRAME_BYTES,
               "a page of slots");

_Static_assert(CNODE_USES_UP == SLOT_ONE_SHOT >> 8, "cnode_lookup()");

/** The table of pages, once there are several, is a block of this order. */
enum { TABLE_ORDER = 1, SEARCH_STEP = 512 };
_Static_assert(MN_CNODE_SLOTS_MAX / CNODE_PAGE_SLOTS * sizeof(struct slot *) ==
                   FRAME_BYTES << TABLE_ORDER,
               "a table of pages");

bool cnode_create(struct cnode *cnode, struct account *account)
{
    cnode->first = account_take_page(account);
    if (cnode->first == NULL) {
        return false;
    }
    cnode->account = account;
    cnode->pages = &cnode->first;
    cnode->slot_count = MN_CNODE_INITIAL_SLOTS;
    return true;
}

void cnode_destroy(struct cnode *cnode)
{
    account_give_page(cnode->account, cnode->first);
    if (cnode->pages != &cnode->first) {
        account_give_block(cnode->account, cnode->pages, TABLE_ORDER);
    }
}

bool cnode_add_page(struct cnode *cnode)
{
    struct slot *page;

    if (cnode->pages == &cnode->first) {
        struct slot **table = account_take_block(cnode->account, TABLE_ORDER);

        if (table == NULL) {
            return false;
        }
        table[0] = cnode->first;
        cnode->pages = table;
    }
    page = account_take_page(cnode->account);
    if (page == NULL) {
        return false;
    }
    cnode->pages[cnode->slot_count / CNODE_PAGE_SLOTS] = page;
    cnode->slot_count += CNODE_PAGE_SLOTS;
    return true;
}

void cnode_remove_page(struct cnode *cnode)
{
    cnode->slot_count -= CNODE_PAGE_SLOTS;
    if (cnode->slot_count > 0) {
        account_give_page(cnode->account,
                          cnode->pages[cnode->slot_count / CNODE_PAGE_SLOTS]);
    }
}

struct slot *cnode_slot(const struct cnode *cnode, uint64_t index)
{
    if (index >= cnode->slot_count) {
        return NULL;
    }
    index = speculation_clamp(index, cnode->slot_count);
    return &cnode->pages[index / CNODE_PAGE_SLOTS][index % CNODE_PAGE_SLOTS];
}

mn_status cnode_lookup(const struct cnode *cnode, uint64_t index, enum mn_cap_type type,
                       uint32_t rights, struct slot **out_slot)
{
    struct slot *slot = cnode_slot(cnode, index);

    if (slot == NULL || slot_is_empty(slot)) {
        return MN_ERROR_INVALID_SLOT;
    }
    if (slot_type(slot) != type) {
        return MN_ERROR_TYPE;
    }
    /* Turned round, the flag is one more right: that of all but one-shot capabilities. */
    rights ^= CNODE_USES_UP;
    if (((slot->node.word >> 8 ^ CNODE_USES_UP) & rights) != rights) {
        return MN_ERROR_RIGHTS;
    }
    *out_slot = slot;
    return MN_OK;
}

mn_status cnode_lookup_empty(const struct cnode *cnode, uint64_t index,
                             struct slot **out_slot)
{
    struct slot *slot = index == 0 ? NULL : cnode_slot(cnode, index);

    if (slot == NULL) {
        return MN_ERROR_INVALID_SLOT;
    }
    if (!slot_is_empty(slot)) {
        return MN_ERROR_SLOT_OCCUPIED;
    }
    *out_slot = slot;
    return MN_OK;
}

void cnode_emptied(struct cnode *cnode, uint64_t index)
{
    if (index < cnode->search_from) {
        cnode->search_from = (uint32_t)index;
    }
}

uint64_t cnode_find_empty(struct cnode *cnode)
{
    bool is_small = cnode->slot_count == CNODE_PAGE_SLOTS;
    uint32_t start = is_small || cnode->search_from == 0 ? 1 : cnode->search_from;
    uint32_t end = start + SEARCH_STEP;
    uint32_t at = start;

    end = end < cnode->slot_count ? end : cnode->slot_count;
    while (at < end && !slot_is_empty(cnode_slot(cnode, at))) {
        at++;
    }
    cnode->searched = at < end ? 0 : cnode->searched + (end - start);
    cnode->search_from = at < cnode->slot_count ? at : 1;
    if (at < end) {
        return at;
    }
    if (cnode->searched < cnode->slot_count - 1) {
        return CNODE_SEARCHES;
    }
    cnode->searched = 0;
    return 0;
}
