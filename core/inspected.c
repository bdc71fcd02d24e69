/**
 * inspected.c - see inspected.h.
 */
#include "core/inspected.h"

#include "abi/user_memory_map.h"

#define MAP_FLAGS \
    (MN_MAP_WRITABLE | MN_MAP_EXECUTABLE | MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING)

uint64_t inspected_key(uint64_t random)
{
    return (random * 0x9e3779b97f4a7c15ull & ~7ull) | 1ull << 62;
}

static uint64_t number(const void *object, uint64_t key)
{
    return object == NULL ? 0 : (uint64_t)object ^ key;
}

void inspected_node(struct mn_inspected *record, const struct cap_node *node,
                    uint64_t key)
{
    record->node = number(node, key);
    record->link = number((const void *)(node->next & ~(uintptr_t)1), key);
    record->kind |= (node->next & 1) != 0 ? MN_INSPECT_LAST : 0;
}

void inspected_account(struct mn_inspected *record, const struct account_object *object,
                       uint64_t key)
{
    record->id = object->account.id;
    record->object = object->account.limit_frames;
    record->value = object->account.used_frames;
    record->references = object->references;
    inspected_node(record, &object->anchor, key);
}

void inspected_slot(struct mn_inspected *record, const struct slot *slot, uint64_t key)
{
    record->what = slot->node.word & 0xffff;
    record->object =
        slot_type(slot) == MN_CAP_PMM_ALLOCATOR
            ? number(&((const struct account_object *)slot->object)->anchor, key)
            : number(slot->object, key);
    record->value = slot->value;
    inspected_node(record, &slot->node, key);
}

const struct mapping *inspected_next_mapping(struct mn_inspected *record,
                                             const struct page_tree *tree,
                                             uint64_t after, uint64_t key)
{
    struct page_tree_node *above = NULL;
    const struct mapping *mapping;

    (void)page_tree_find(tree, after, &above);
    if (above == NULL) {
        return NULL;
    }
    mapping = container_of(above, struct mapping, place);
    record->what = (uint32_t)(above->virtual & MAP_FLAGS);
    record->id = mapping_start(mapping);
    record->object = number(mapping->frame, key);
    record->value = mapping->frame->pages;
    inspected_node(record, &mapping->node, key);
    return mapping;
}
