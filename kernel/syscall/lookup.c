/**
 * lookup.c - see lookup.h.
 */
#include "syscall/lookup.h"

#include "cap/account_cap.h"
#include "process/thread_cap.h"

__attribute__((noinline)) mn_status lookup(uint64_t index, enum mn_cap_type type,
                                           uint32_t rights, struct slot **out_slot)
{
    return cnode_lookup(&lookup_self()->cnode, index, type, rights, out_slot);
}

mn_status lookup_account(uint64_t index, struct account **out_account)
{
    struct slot *slot;
    mn_status status = lookup(index, MN_CAP_PMM_ALLOCATOR, MN_RIGHT_WRITE, &slot);

    if (status == MN_OK) {
        *out_account = &((struct account_object *)slot->object)->account;
    }
    return status;
}

mn_status lookup_process(uint64_t index, uint32_t rights, struct process **out_process)
{
    struct slot *slot;
    mn_status status = lookup(index, MN_CAP_PROCESS, rights, &slot);
    struct process *process;

    if (status != MN_OK) {
        return status;
    }
    process = slot->object;
    if (process->state != MN_PROCESS_RUNNING) {
        return MN_ERROR_GONE;
    }
    *out_process = process;
    return MN_OK;
}

mn_status lookup_thread(uint64_t index, uint32_t rights, struct thread **out_thread)
{
    struct slot *slot;
    mn_status status = lookup(index, MN_CAP_THREAD, rights, &slot);
    struct thread *thread;

    if (status != MN_OK) {
        return status;
    }
    thread = ((struct thread_handle *)slot->object)->thread;
    if (thread == NULL || thread->process->state != MN_PROCESS_RUNNING) {
        return MN_ERROR_GONE;
    }
    *out_thread = thread;
    return MN_OK;
}
