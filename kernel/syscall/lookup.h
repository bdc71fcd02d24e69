/**
 * lookup.h - what the arguments of system calls name, for the current thread.
 */
#ifndef SYSCALL_LOOKUP_H
#define SYSCALL_LOOKUP_H

#include "arch/x86_64/speculation.h"
#include "process/process.h"

/** The process of the current thread. */
static inline struct process *lookup_self(void)
{
    return thread_current()->process;
}

/** A capability of the current process; errors as cnode_lookup(). */
MN_MUST_CHECK mn_status lookup(uint64_t index, enum mn_cap_type type, uint32_t rights,
                               struct slot **out_slot);

/** The same, inlined, for calls that are made often. */
MN_MUST_CHECK static inline mn_status lookup_hot(uint64_t index, enum mn_cap_type type,
                                                 uint32_t rights,
                                                 struct slot **out_slot)
{
    uint32_t word = SLOT_WORD(type, rights);

    if (index < CNODE_PAGE_SLOTS) {
        struct slot *slot =
            &thread_current()->slots[speculation_mask(index, CNODE_PAGE_SLOTS - 1)];

        if ((slot->node.word & (word | CAP_WORD_TYPE)) == word) {
            *out_slot = slot;
            return MN_OK;
        }
    }
    return lookup(index, type, rights, out_slot);
}

/** The account that a slot names with WRITE. */
MN_MUST_CHECK mn_status lookup_account(uint64_t index, struct account **out_account);

/** A process that is RUNNING; MN_ERROR_GONE when it is not any more. */
MN_MUST_CHECK mn_status lookup_process(uint64_t index, uint32_t rights,
                                       struct process **out_process);

#endif
