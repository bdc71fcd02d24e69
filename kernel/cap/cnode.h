/**
 * cnode.h - a process's table of capabilities.
 *
 * Lock: the kernel's.
 */
#ifndef CAP_CNODE_H
#define CAP_CNODE_H

#include "abi/status.h"
#include "core/account.h"
#include "core/attributes.h"
#include "core/slot.h"

/** A page holds so many slots. */
#define CNODE_PAGE_SLOTS 64u
#define CNODE_PAGES_MAX  1u

struct cnode {
    uint32_t slot_count;                 /**< slots 0 to slot_count - 1 exist */
    struct slot *pages[CNODE_PAGES_MAX]; /**< of CNODE_PAGE_SLOTS each */
    struct account *account;             /**< pays for the pages */
};

/** Makes a CNode of MN_CNODE_INITIAL_SLOTS Empty slots. False: out of memory. */
MN_MUST_CHECK bool cnode_create(struct cnode *cnode, struct account *account);

/** Gives back the pages; all slots are Empty. */
void cnode_destroy(struct cnode *cnode);

/** The slot of this number, Empty or not; NULL outside of the CNode. */
struct slot *cnode_slot(const struct cnode *cnode, uint64_t index);

/**
 * Looks up a capability of @p type with all of @p rights.
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

/** The lowest Empty slot but 0; its number, or 0 when there is none. */
uint64_t cnode_find_empty(const struct cnode *cnode);

#endif
