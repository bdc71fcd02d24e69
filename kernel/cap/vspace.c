/**
 * vspace.c - see vspace.h.
 */
#include "cap/vspace.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/instructions.h"
#include "core/bits.h"
#include "core/checked_math.h"
#include "core/list.h"
#include "core/paging.h"
#include "core/slab.h"

bool vspace_create(struct vspace *vspace, struct account *account)
{
    if (!address_space_create(&vspace->space, account)) {
        return false;
    }
    vspace->tree.root = NULL;
    vspace->tree.key = x86_rdtsc() * 0x9e3779b97f4a7c15ull;
    return true;
}

void vspace_destroy(struct vspace *vspace)
{
    address_space_destroy(&vspace->space);
}

struct mapping *vspace_find(const struct vspace *vspace, uint64_t address)
{
    struct page_tree_node *above;
    struct page_tree_node *below = page_tree_find(&vspace->tree, address, &above);
    struct mapping *mapping = NULL;

    if (below != NULL) {
        mapping = container_of(below, struct mapping, place);
    }
    if (mapping != NULL && mapping_end(mapping) > address) {
        return mapping;
    }
    return above == NULL ? NULL : container_of(above, struct mapping, place);
}

static mn_status check(const struct vspace *vspace,
                       const struct vspace_request *request)
{
    const struct frame *frame = request->frame;
    uint64_t size = frame->pages << FRAME_SHIFT;
    bool writable = (request->flags & MN_MAP_WRITABLE) != 0;
    bool executable = (request->flags & MN_MAP_EXECUTABLE) != 0;
    const struct mapping *next;

    if (!bits_is_aligned(request->virtual, FRAME_BYTES)) {
        return MN_ERROR_NO_MEMORY;
    }
    if (request->virtual < MN_USER_BASE ||
        !range_fits(request->virtual, size, MN_USER_LIMIT)) {
        return MN_ERROR_MAPPING;
    }
    if ((writable && executable) || (writable && frame->executable > 0) ||
        (executable && frame->writable > 0)) {
        return MN_ERROR_MAPPING;
    }
    next = vspace_find(vspace, request->virtual);
    if (next != NULL && mapping_start(next) < request->virtual + size) {
        return MN_ERROR_MAPPING;
    }
    return MN_OK;
}

static uint64_t cache_bits(uint32_t flags)
{
    uint64_t other = (flags & MN_MAP_WRITE_COMBINING) != 0 ? PTE_COMBINE : 0;

    return (flags & MN_MAP_UNCACHED) != 0 ? PTE_UNCACHED : other;
}

mn_status vspace_map(struct vspace *vspace, const struct vspace_request *request)
{
    struct frame *frame = request->frame;
    struct page_rights rights = {(request->flags & MN_MAP_WRITABLE) != 0,
                                 (request->flags & MN_MAP_EXECUTABLE) != 0,
                                 cache_bits(request->flags)};
    mn_status status = check(vspace, request);
    struct mapping *mapping;

    if (status != MN_OK) {
        return status;
    }
    mapping = slab_take(vspace->space.account, SLAB_80);
    if (mapping == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    status = address_space_map(&vspace->space, request->virtual, frame->address,
                               frame->pages, rights);
    if (status != MN_OK) {
        slab_give(mapping);
        return status;
    }
    mapping->node.word = CAP_NODE_MAPPING;
    mapping->frame = frame;
    mapping->vspace = vspace;
    mapping->place.virtual = request->virtual | request->flags;
    frame_retain(frame);
    frame->mappings++;
    frame->writable += rights.writable;
    frame->executable += rights.executable;
    derivation_add_child(request->parent, &mapping->node);
    page_tree_insert(&vspace->tree, &mapping->place);
    return MN_OK;
}

void vspace_unmap(struct mapping *mapping)
{
    struct vspace *vspace = mapping->vspace;
    struct frame *frame = mapping->frame;

    address_space_unmap(&vspace->space, mapping_start(mapping), frame->pages);
    page_tree_remove(&vspace->tree, &mapping->place);
    derivation_remove(&mapping->node);
    frame->mappings--;
    frame->writable -= (mapping->place.virtual & MN_MAP_WRITABLE) != 0;
    frame->executable -= (mapping->place.virtual & MN_MAP_EXECUTABLE) != 0;
    slab_give(mapping);
    frame_release(frame);
}
