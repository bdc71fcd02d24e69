/**
 * vspace.h - the address space of a process together with its mappings.
 *
 * Lock: the kernel's.
 */
#ifndef CAP_VSPACE_H
#define CAP_VSPACE_H

#include "abi/status.h"
#include "cap/mapping_tree.h"
#include "mem/address_space.h"

struct vspace {
    struct address_space space;
    struct mapping_tree tree;
};

/** What to map: all of @p frame at @p virtual, with MN_MAP_* flags (not both). */
struct vspace_request {
    struct frame *frame;
    struct cap_node *parent; /**< the capability that it comes from */
    uint64_t virtual;        /**< page-aligned */
    uint32_t flags;
};

/** Makes an empty one, paid by @p account. False: out of memory. */
MN_MUST_CHECK bool vspace_create(struct vspace *vspace, struct account *account);

/** Gives it back; no mapping is left and no CPU has it loaded. */
void vspace_destroy(struct vspace *vspace);

/**
 * Maps a frame.
 *
 * MN_ERROR_NO_MEMORY: not page-aligned, or the account can't pay. MN_ERROR_MAPPING:
 * outside of [MN_USER_BASE, MN_USER_LIMIT); a page is mapped already; both flags; the
 * frame is mapped executable elsewhere and this asks for writable, or the reverse.
 */
MN_MUST_CHECK mn_status vspace_map(struct vspace *vspace,
                                   const struct vspace_request *request);

/** Ends one mapping. */
void vspace_unmap(struct mapping *mapping);

#endif
