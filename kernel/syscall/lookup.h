/**
 * lookup.h - what the arguments of system calls name, for the current thread.
 */
#ifndef SYSCALL_LOOKUP_H
#define SYSCALL_LOOKUP_H

#include "core/speculation.h"
#include "process/process.h"

/** The process of the current thread. */
static inline struct process *lookup_self(void)
{
    return thread_current()->process;
}

/** A capability of the current process; errors as cnode_lookup(). */
MN_MUST_CHECK mn_status lookup(uint64_t index, enum mn_cap_type type, uint32_t rights,
                               struct slot **out_slot);

/** The same for @p self, the current thread, where it is quick: NULL, though lookup() may find it, for a slot that is not one
 *  of the first, or has not what is wanted. */
static inline struct slot *lookup_quick(const struct thread *self, uint64_t index,
                                        enum mn_cap_type type, uint32_t rights)
{
    uint32_t word = SLOT_WORD(type, rights);
    struct slot *slot;

    if (index >= CNODE_PAGE_SLOTS) {
        return NULL;
    }
    slot = &self->slots[speculation_mask(index, CNODE_PAGE_SLOTS - 1)];
    if (__builtin_expect((slot->node.word & (word | CAP_WORD_COMPARED)) != word,
                         false)) {
        return NULL;
    }
    return slot;
}

/** lookup(), inlined where it is quick, by a call that uses up what is one-shot; NULL:
 *  @p out_status says why. */
MN_MUST_CHECK static inline struct slot *lookup_hot(uint64_t index,
                                                    enum mn_cap_type type,
                                                    uint32_t rights,
                                                    mn_status *out_status)
{
    struct slot *slot = lookup_quick(thread_current(), index, type, rights);

    if (slot == NULL) {
        struct slot *found = NULL;

        *out_status = lookup(index, type, rights | CNODE_USES_UP, &found);
        slot = found;
    }
    return slot;
}

/** The account that a slot names with WRITE. */
MN_MUST_CHECK mn_status lookup_account(uint64_t index, struct account **out_account);

/** A process that is RUNNING; MN_ERROR_GONE when it is not any more. */
MN_MUST_CHECK mn_status lookup_process(uint64_t index, uint32_t rights,
                                       struct process **out_process);

/** A thread that a slot names, of a process that is RUNNING; MN_ERROR_GONE when it is not any
 *  more. */
MN_MUST_CHECK mn_status lookup_thread(uint64_t index, uint32_t rights,
                                      struct thread **out_thread);

#endif
