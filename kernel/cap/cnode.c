/**
 * cnode.c - see cnode.h.
 */
#include "cap/cnode.h"

#include "arch/x86_64/speculation.h"
#include "core/assert.h"

_Static_assert(CNODE_PAGE_SLOTS * sizeof(struct slot) == FRAME_BYTES,
               "a page of slots");

bool cnode_create(struct cnode *cnode, struct account *account)
{
    struct slot *page = account_take_page(account);

    if (page == NULL) {
        return false;
    }
    cnode->account = account;
    cnode->pages[0] = page;
    cnode->slot_count = MN_CNODE_INITIAL_SLOTS;
    return true;
}

void cnode_destroy(struct cnode *cnode)
{
    for (uint32_t i = 0; i < cnode->slot_count / CNODE_PAGE_SLOTS; i++) {
        account_give_page(cnode->account, cnode->pages[i]);
    }
    cnode->slot_count = 0;
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
    if ((slot_rights(slot) & rights) != rights) {
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

uint64_t cnode_find_empty(const struct cnode *cnode)
{
    for (uint64_t i = 1; i < cnode->slot_count; i++) {
        if (slot_is_empty(cnode_slot(cnode, i))) {
            return i;
        }
    }
    return 0;
}
