/**
 * vspace.c - see vspace.h.
 */
#include "core/vspace.h"

#include "abi/user_memory_map.h"
#include "core/bits.h"
#include "core/checked_math.h"
#include "core/list.h"
#include "core/paging.h"
#include "core/slab.h"

bool vspace_create(struct vspace *vspace, struct account *account, uint8_t *base,
                   uint64_t kernel_root, uint64_t key)
{
    if (!address_space_create(&vspace->space, account, base, kernel_root)) {
        return false;
    }
    vspace->tree.root = NULL;
    vspace->tree.key = key * 0x9e3779b97f4a7c15ull;
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

/** What vspace_map() does once nothing can fail any more, with a zeroed mapping. */
__attribute__((always_inline)) static inline mn_status
link_mapping(struct mapping *mapping, struct vspace *vspace, struct frame *frame,
             struct cap_node *parent, uint64_t place)
{
    mapping->node.word = CAP_NODE_MAPPING;
    mapping->node.reserved = parent->word >> 8;
    mapping->frame = frame;
    mapping->vspace = vspace;
    mapping->place.virtual = place;
    frame_retain(frame);
    frame->mappings++;
    frame->writable += place & MN_MAP_WRITABLE;
    frame->executable += (place & MN_MAP_EXECUTABLE) / MN_MAP_EXECUTABLE;
    derivation_add_leaf(parent, &mapping->node);
    page_tree_insert(&vspace->tree, &mapping->place);
    return MN_OK;
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
    return link_mapping(mapping, vspace, frame, request->parent,
                        request->virtual | request->flags);
}

__attribute__((noinline)) static mn_status
map_any(struct vspace *vspace, struct slot *source, uint64_t virtual, uint64_t flags)
{
    return vspace_map(vspace, &(struct vspace_request){.frame = source->object,
                                                       .parent = &source->node,
                                                       .virtual = virtual,
                                                       .flags = (uint32_t)flags});
}

mn_status vspace_map_page(struct vspace *vspace, struct slot *source, uint64_t virtual,
                          uint64_t flags)
{
    static const uint64_t bits[] = {PTE_PAGE | PTE_NX, PTE_PAGE | PTE_WRITABLE | PTE_NX,
                                    PTE_PAGE};
    struct frame *frame = source->object;
    uint64_t *entry = address_space_last_entry(&vspace->space, virtual);
    uint32_t others = flags == MN_MAP_EXECUTABLE ? frame->writable : 0;
    struct mapping *mapping;

    if (entry == NULL) {
        return map_any(vspace, source, virtual, flags);
    }
    if (__builtin_expect(flags == MN_MAP_WRITABLE, true)) {
        others = frame->executable;
    }
    if (frame->pages != 1 || *entry != 0 || virtual % FRAME_BYTES != 0 || others > 0) {
        return map_any(vspace, source, virtual, flags);
    }
    mapping = slab_take_quick(vspace->space.account, SLAB_80);
    if (mapping == NULL) {
        return map_any(vspace, source, virtual, flags);
    }
    address_space_fill_last(&vspace->space, entry, frame->address | bits[flags]);
    return link_mapping(mapping, vspace, frame, &source->node, virtual | flags);
}

mn_status vspace_protect(struct mapping *mapping, uint32_t flags)
{
    struct frame *frame = mapping->frame;
    struct page_rights rights = {(flags & MN_MAP_WRITABLE) != 0,
                                 (flags & MN_MAP_EXECUTABLE) != 0, 0};
    uint64_t old = mapping->place.virtual;
    uint32_t writable = frame->writable - ((old & MN_MAP_WRITABLE) != 0);
    uint32_t executable = frame->executable - ((old & MN_MAP_EXECUTABLE) != 0);
    uint32_t needed = (rights.writable ? MN_RIGHT_WRITE : 0) |
                      (rights.executable ? MN_RIGHT_EXEC : 0);

    if ((mapping->node.reserved & needed) != needed) {
        return MN_ERROR_RIGHTS;
    }
    if ((rights.writable && executable > 0) ||
        (rights.executable && (writable > 0 || frame->is_device))) {
        return MN_ERROR_MAPPING;
    }
    frame->writable = writable + rights.writable;
    frame->executable = executable + rights.executable;
    mapping->place.virtual = (old & ~3ull) | flags;
    address_space_protect(&mapping->vspace->space, mapping_start(mapping), frame->pages,
                          rights);
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
