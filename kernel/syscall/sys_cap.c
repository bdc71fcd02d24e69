/**
 * sys_cap.c - DELEGATE, MOVE_CAP, DROP_CAP, CAP_INFO, MINT_CAP, GROW_CNODE.
 */
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** How many pages one step adds to a CNode. */
enum { STEP_PAGES = 8 };

/** The source of a copy: whatever is in a slot of the caller's. */
static mn_status lookup_source(uint64_t index, struct slot **out_slot)
{
    struct slot *slot = cnode_slot(&lookup_self()->cnode, index);

    if (slot == NULL || slot_is_empty(slot)) {
        return MN_ERROR_INVALID_SLOT;
    }
    *out_slot = slot;
    return MN_OK;
}

/** A mask of rights with bits that are none is a mistake of the caller's. */
static bool mask_is_valid(uint64_t mask)
{
    return (mask & ~(uint64_t)(MN_RIGHTS_ALL | MN_MINT_ONE_SHOT)) == 0;
}

uint64_t syscall_delegate(struct trap_frame *frame)
{
    struct capability_copy how = {.rights = (uint32_t)frame->r10};
    struct process *process;
    struct slot *source;
    struct slot *target;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status == MN_OK) {
        status = lookup_source(frame->rsi, &source);
    }
    if (status == MN_OK) {
        status = cnode_lookup_empty(&process->cnode, frame->rdx, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    if (!mask_is_valid(frame->r10)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return capability_copy(source, target, &how);
}

uint64_t syscall_mint_cap(struct trap_frame *frame)
{
    struct process *self = lookup_self();
    struct capability_copy how = {(uint32_t)frame->rdx, frame->r10, frame->r8,
                                  self->account};
    struct slot *source;
    struct slot *target;
    mn_status status = lookup_source(frame->rdi, &source);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&self->cnode, frame->rsi, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    if (!mask_is_valid(frame->rdx)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return capability_copy(source, target, &how);
}

uint64_t syscall_move_cap(struct trap_frame *frame)
{
    struct process *process = lookup_self();
    struct slot *source;
    struct slot *target;
    mn_status status =
        frame->rdi == 0 ? MN_OK : lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status == MN_OK) {
        status = lookup_source(frame->rsi, &source);
    }
    if (status == MN_OK) {
        status = cnode_lookup_empty(&process->cnode, frame->rdx, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    if (frame->rdi != 0 && (slot_rights(source) & MN_RIGHT_GRANT) == 0) {
        return MN_ERROR_RIGHTS;
    }
    capability_move(source, target);
    cnode_emptied(&lookup_self()->cnode, frame->rsi);
    return scheduler_return(MN_OK);
}

uint64_t syscall_drop_cap(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup_source(frame->rdi, &slot);

    if (status == MN_OK) {
        if (capability_shrink(slot)) {
            thread_restart_syscall();
        }
        capability_drop(slot);
        cnode_emptied(&lookup_self()->cnode, frame->rdi);
        return scheduler_return(MN_OK);
    }
    return status;
}

uint64_t syscall_grow_cnode(struct trap_frame *frame)
{
    struct process *process;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status != MN_OK) {
        return status;
    }
    if (frame->rsi > MN_CNODE_SLOTS_MAX) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    for (unsigned i = 0; process->cnode.slot_count < frame->rsi; i++) {
        if (i == STEP_PAGES) {
            thread_restart_syscall();
        }
        if (!cnode_add_page(&process->cnode)) {
            return MN_ERROR_NO_MEMORY;
        }
    }
    return MN_OK;
}

uint64_t syscall_cap_info(struct trap_frame *frame)
{
    const struct slot *slot = cnode_slot(&lookup_self()->cnode, frame->rdi);
    struct mn_cap_info info = {0};

    if (slot == NULL) {
        return MN_ERROR_INVALID_SLOT;
    }
    if (!slot_is_empty(slot)) {
        const struct object_ops *ops = object_ops[slot_type(slot)];

        if (ops->describe != NULL) {
            ops->describe(slot, &info);
        }
    }
    frame->rdi = slot->node.word & 0xffff;
    frame->rsi = info.a;
    frame->rdx = info.b;
    frame->r10 = info.c;
    return MN_OK;
}
