/**
 * cnode.h - a process's table of capabilities.
 *
 * Lock: the kernel's.
 */
#ifndef CORE_CNODE_H
#define CORE_CNODE_H

#include "abi/status.h"
#include "core/account.h"
#include "core/attributes.h"
#include "core/slot.h"

/** A page holds so many slots. */
#define CNODE_PAGE_SLOTS 64u

struct cnode {
    uint32_t slot_count;  /**< slots 0 to slot_count - 1 exist */
    uint32_t search_from; /**< where cnode_find_empty() goes on */
    uint32_t searched;    /**< slots that it saw in a row, none of them Empty */
    struct slot **pages;  /**< each of CNODE_PAGE_SLOTS; &first until it grows */
    struct slot *first;
    struct account *account; /**< pays for the pages, and for what names them */
};

/** Makes a CNode of MN_CNODE_INITIAL_SLOTS Empty slots. False: out of memory. */
MN_MUST_CHECK bool cnode_create(struct cnode *cnode, struct account *account);

/** Gives back the first page, and what named the others; all slots are Empty. */
void cnode_destroy(struct cnode *cnode);

/** Adds a page of Empty slots to less than MN_CNODE_SLOTS_MAX. False: out of memory. */
MN_MUST_CHECK bool cnode_add_page(struct cnode *cnode);

/** Takes away the last page, whose slots are Empty. The first stays, but is not found any
 *  more: there are 0 slots. */
void cnode_remove_page(struct cnode *cnode);

/** The slot of this number, Empty or not; NULL outside of the CNode. */
struct slot *cnode_slot(const struct cnode *cnode, uint64_t index);

/** Among the rights for cnode_lookup(): the caller calls capability_used() if it succeeds. */
#define CNODE_USES_UP 0x100u

/**
 * Looks up a capability of @p type with all of @p rights; a one-shot one only if it will be
 * used up.
 *
 * MN_ERROR_INVALID_SLOT: no such slot, or Empty; MN_ERROR_TYPE; MN_ERROR_RIGHTS.
 */
MN_MUST_CHECK mn_status cnode_lookup(const struct cnode *cnode, uint64_t index,
                                     enum mn_cap_type type, uint32_t rights,
                                     struct slot **out_slot);

/** Finds an Empty slot for a new capability. MN_ERROR_INVALID_SLOT: no such slot, or
 *  slot 0, which stays Empty for good; MN_ERROR_SLOT_OCCUPIED. */
MN_MUST_CHECK mn_status cnode_lookup_empty(const struct cnode *cnode, uint64_t index,
                                           struct slot **out_slot);

/** cnode_find_empty(): none yet; call it again, in another step. */
#define CNODE_SEARCHES UINT64_MAX

/** An Empty slot but 0, the lowest in a CNode of one page; 0 when there is none. Looks at a
 *  bounded number of slots, going on where the last search ended. */
uint64_t cnode_find_empty(struct cnode *cnode);

/** The slot @p index has become Empty: the next search may begin there. */
void cnode_emptied(struct cnode *cnode, uint64_t index);

#endif
