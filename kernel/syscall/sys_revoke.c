/**
 * sys_revoke.c - REVOKE, CREATE_ACCOUNT, CLOSE_ACCOUNT.
 */
#include "core/slab.h"
#include "process/account_close.h"
#include "process/revoke.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** Removes descendants; comes back when none are left, else makes the call anew. */
static void revoke_all(struct cap_node *node, bool keep_first)
{
    struct process *process;

    if (revoke_step(node, keep_first, &process) == REVOKE_DONE) {
        return;
    }
    if (thread_current() == NULL) {
        /* The caller's own process was among them. */
        scheduler_run();
    }
    if (process != NULL) {
        process_wait(process, NULL);
    }
    thread_restart_syscall();
}

uint64_t syscall_revoke(struct trap_frame *frame)
{
    struct slot *slot = cnode_slot(&lookup_self()->cnode, frame->rdi);

    if (slot == NULL || slot_is_empty(slot)) {
        return MN_ERROR_INVALID_SLOT;
    }
    if ((slot_rights(slot) & MN_RIGHT_REVOKE) == 0) {
        return MN_ERROR_RIGHTS;
    }
    revoke_all(&slot->node, false);
    return scheduler_return(MN_OK);
}

uint64_t syscall_create_account(struct trap_frame *frame)
{
    struct account *parent;
    struct slot *target;
    struct account_object *object;
    mn_status status = lookup_account(frame->rdi, &parent);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rsi, &target);
    }
    if (status != MN_OK) {
        return status;
    }
    if (account_cap_of(parent)->depth == ACCOUNT_DEPTH_MAX) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    object = account_cap_create(parent, frame->rdx);
    if (object == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    capability_install(target, &object->anchor,
                       SLOT_WORD(MN_CAP_PMM_ALLOCATOR, MN_RIGHTS_ALL), object, 0);
    account_ops.retain(target);
    return MN_OK;
}

/** Is this the account that pays for the caller, or one above it? */
static bool pays_for_caller(const struct account *account)
{
    struct account *at = lookup_self()->account;

    while (at != account && at != &root_account.account) {
        at = slab_account(account_cap_of(at));
    }
    return at == account;
}

uint64_t syscall_close_account(struct trap_frame *frame)
{
    struct slot *slot;
    struct account_object *object;
    mn_status status = lookup(frame->rdi, MN_CAP_PMM_ALLOCATOR, MN_RIGHT_REVOKE, &slot);

    if (status != MN_OK) {
        return status;
    }
    object = slot->object;
    if (object == &root_account || pays_for_caller(&object->account)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    /* The caller's capability goes last: it is what the call is made anew by. It stays below
       the anchor, so that whoever else closes the account, or its parent, finds it. */
    derivation_remove(&slot->node);
    derivation_add_child(&object->anchor, &slot->node);
    object->closer = slot;
    revoke_all(&object->anchor, true);
    if (object->account.used_frames != 0) {
        /* A thread is zeroing a block; its ALLOC_MEMORY will fail. */
        thread_restart_syscall();
    }
    capability_drop(slot); /* the last: the account goes with it */
    return scheduler_return(MN_OK);
}
