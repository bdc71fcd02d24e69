/**
 * inspect.c - see inspect.h.
 */
#include "process/inspect.h"

#include "abi/user_memory_map.h"
#include "arch/x86_64/instructions.h"
#include "cap/account_cap.h"
#include "process/process.h"

#define MAP_FLAGS \
    (MN_MAP_WRITABLE | MN_MAP_EXECUTABLE | MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING)

/** Hides the kernel's addresses; not 0. */
static uint64_t key;

static uint64_t number(const void *object)
{
    return object == NULL ? 0 : (uint64_t)object ^ key;
}

static void tell_node(const struct cap_node *node, struct mn_inspected *record)
{
    record->node = number(node);
    record->link = number((const void *)(node->next & ~(uintptr_t)1));
    record->kind |= (node->next & 1) != 0 ? MN_INSPECT_LAST : 0;
}

mn_status inspect_begin(struct inspect_place *place, uint64_t cursor)
{
    if (key == 0) {
        key = (x86_rdtsc() * 0x9e3779b97f4a7c15ull & ~7ull) | 1ull << 62;
    }
    if (cursor == 0) {
        *place = (struct inspect_place){
            .generation = derivation_changes, .cursor = 1, .at = account_list.next};
        return MN_OK;
    }
    if (cursor != place->cursor) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return place->generation == derivation_changes ? MN_OK : MN_ERROR_GONE;
}

static bool next_account(struct inspect_place *place, struct mn_inspected *record)
{
    const struct account_object *object;

    if (place->at == &account_list) {
        place->at = process_list.next;
        place->stage = MN_INSPECT_PROCESS;
        return false;
    }
    object = container_of(place->at, struct account_object, all);
    record->id = object->account.id;
    record->object = object->account.limit_frames;
    record->value = object->account.used_frames;
    record->references = object->references;
    tell_node(&object->anchor, record);
    place->at = place->at->next;
    return true;
}

static bool next_process(struct inspect_place *place, struct mn_inspected *record)
{
    const struct process *process = container_of(place->at, struct process, all);

    if (place->at == &process_list) {
        place->cursor = 0;
        return false;
    }
    record->what = process->state;
    record->id = process->pid;
    record->owner = process->account->id;
    record->object = process->cnode.slot_count;
    record->value = process->exit_code;
    record->references = process->references;
    tell_node(&process->node, record);
    place->stage = MN_INSPECT_THREAD;
    place->inner = process->threads.next;
    return true;
}

static bool next_thread(struct inspect_place *place, const struct process *process,
                        struct mn_inspected *record)
{
    const struct thread *thread = container_of(place->inner, struct thread, siblings);

    if (place->inner == &process->threads) {
        place->stage = MN_INSPECT_SLOT;
        place->position = 0;
        return false;
    }
    record->what = thread->state;
    record->id = thread->id;
    record->object = thread->cpu;
    record->value = thread->priority;
    place->inner = place->inner->next;
    return true;
}

static bool next_slot(struct inspect_place *place, const struct process *process,
                      struct mn_inspected *record)
{
    const struct slot *slot = cnode_slot(&process->cnode, place->position);

    if (slot == NULL) {
        place->stage = MN_INSPECT_MAPPING;
        place->position = 0;
        return false;
    }
    record->what = slot->node.word & 0xffff;
    record->id = place->position++;
    record->object =
        slot_type(slot) == MN_CAP_PMM_ALLOCATOR
            ? number(&((const struct account_object *)slot->object)->anchor)
            : number(slot->object);
    record->value = slot->value;
    tell_node(&slot->node, record);
    return !slot_is_empty(slot);
}

static bool next_mapping(struct inspect_place *place, const struct process *process,
                         struct mn_inspected *record)
{
    struct page_tree_node *above = NULL;
    const struct mapping *mapping;

    (void)page_tree_find(&process->vspace.tree, place->position, &above);
    if (above == NULL) {
        place->at = place->at->next;
        place->stage = MN_INSPECT_PROCESS;
        return false;
    }
    mapping = container_of(above, struct mapping, place);
    record->what = (uint32_t)(above->virtual & MAP_FLAGS);
    record->id = mapping_start(mapping);
    record->object = number(mapping->frame);
    record->value = mapping->frame->pages;
    tell_node(&mapping->node, record);
    place->position = record->id;
    return true;
}

bool inspect_next(struct inspect_place *place, uint64_t kinds,
                  struct mn_inspected *out_record)
{
    const struct process *process = container_of(place->at, struct process, all);
    enum mn_inspect_kind kind = place->stage;
    bool found;

    *out_record = (struct mn_inspected){.kind = kind};
    if (kind == MN_INSPECT_ACCOUNT) {
        found = next_account(place, out_record);
    } else if (kind == MN_INSPECT_PROCESS) {
        found = next_process(place, out_record);
    } else {
        out_record->owner = process->pid;
        if (kind == MN_INSPECT_THREAD) {
            found = next_thread(place, process, out_record);
        } else if (kind == MN_INSPECT_SLOT) {
            found = next_slot(place, process, out_record);
        } else {
            found = next_mapping(place, process, out_record);
        }
    }
    return found && (kinds >> kind & 1) != 0;
}
