/**
 * lookup.c - see lookup.h.
 */
#include "syscall/lookup.h"

#include "cap/account_cap.h"

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
