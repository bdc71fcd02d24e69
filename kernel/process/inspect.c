/**
 * inspect.c - see inspect.h.
 */
#include "process/inspect.h"

#include "arch/x86_64/instructions.h"
#include "cap/account_cap.h"
#include "core/inspected.h"
#include "process/process.h"

/** Hides the kernel's addresses; not 0. */
static uint64_t key;

mn_status inspect_begin(struct inspect_place *place, uint64_t cursor)
{
    if (key == 0) {
        key = inspected_key(x86_rdtsc());
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
    inspected_account(record, object, key);
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
    inspected_node(record, &process->node, key);
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
    record->id = place->position++;
    inspected_slot(record, slot, key);
    return !slot_is_empty(slot);
}

static bool next_mapping(struct inspect_place *place, const struct process *process,
                         struct mn_inspected *record)
{
    const struct mapping *mapping =
        inspected_next_mapping(record, &process->vspace.tree, place->position, key);

    if (mapping == NULL) {
        place->at = place->at->next;
        place->stage = MN_INSPECT_PROCESS;
        return false;
    }
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
