/**
 * vspace.h - the address space of a process together with its mappings.
 *
 * Lock: the kernel's.
 */
#ifndef CORE_VSPACE_H
#define CORE_VSPACE_H

#include "abi/status.h"
#include "core/address_space.h"
#include "core/derivation.h"
#include "core/frame.h"
#include "core/page_tree.h"

struct vspace {
    struct address_space space;
    struct page_tree tree; /**< of mappings */
};

/** One MAP_MEMORY: a child of the capability that it came from. */
struct mapping {
    struct cap_node node;  /**< node.word is CAP_NODE_MAPPING, node.reserved the word of
                               what it was made from, shifted to the rights */
    struct frame *frame;   /**< what is mapped: all of it */
    struct vspace *vspace; /**< where */
    struct page_tree_node place; /**< MN_MAP_* flags in bits 0 to 3 of its address */
};
_Static_assert(sizeof(struct mapping) == 80, "SLAB_80");

/** The address that a mapping begins at. */
static inline uint64_t mapping_start(const struct mapping *mapping)
{
    return page_tree_address(&mapping->place);
}

/** The address behind it. */
static inline uint64_t mapping_end(const struct mapping *mapping)
{
    return mapping_start(mapping) + (mapping->frame->pages << FRAME_SHIFT);
}

/** What to map: all of @p frame at @p virtual, with MN_MAP_* flags. */
struct vspace_request {
    struct frame *frame;
    struct cap_node *parent; /**< the capability that it comes from */
    uint64_t virtual;        /**< page-aligned */
    uint32_t flags;
};

/** Makes an empty one, paid by @p account; see address_space_create(). @p key is what nobody
 *  can guess. False: out of memory. */
MN_MUST_CHECK bool vspace_create(struct vspace *vspace, struct account *account,
                                 uint8_t *base, uint64_t kernel_root, uint64_t key);

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

/** The same for the MemoryFrame in @p source and one flag at most, MN_MAP_WRITABLE or
 *  MN_MAP_EXECUTABLE; quick for one page in the table that was used last. */
MN_MUST_CHECK mn_status vspace_map_page(struct vspace *vspace, struct slot *source,
                                        uint64_t virtual, uint64_t flags);

/** The mapping with the lowest address among those that end above @p address; or NULL. */
struct mapping *vspace_find(const struct vspace *vspace, uint64_t address);

/**
 * Gives one mapping other flags, MN_MAP_WRITABLE or MN_MAP_EXECUTABLE or none; the caller
 * flushes.
 *
 * MN_ERROR_RIGHTS: the capability that it was made from did not allow that when it was made.
 * MN_ERROR_MAPPING: the frame is executable elsewhere, or writable; or no RAM.
 */
MN_MUST_CHECK mn_status vspace_protect(struct mapping *mapping, uint32_t flags);

/** Ends one mapping. */
void vspace_unmap(struct mapping *mapping);

#endif
