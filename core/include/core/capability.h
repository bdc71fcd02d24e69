/**
 * capability.h - making, copying and dropping capabilities, whatever they name.
 *
 * What differs from type to type stands in a table of operations, which the layers above
 * fill (object_table.c). Lock: the kernel's.
 */
#ifndef CORE_CAPABILITY_H
#define CORE_CAPABILITY_H

#include "abi/cap.h"
#include "abi/rights.h"
#include "abi/status.h"
#include "core/account.h"
#include "core/attributes.h"
#include "core/slot.h"

/** What a type of capability does of its own. NULL: nothing, or not allowed. A move retains
 *  the new slot and then releases the old one. */
struct object_ops {
    /** Another capability names the object. */
    void (*retain)(struct slot *slot);
    /** A capability that named the object is gone; the slot still has its content. */
    void (*release)(struct slot *slot);
    /** Fills in a, b and c of @p info (zero before). */
    void (*describe)(const struct slot *slot, struct mn_cap_info *info);
    /** Fills in object and value of @p target, not retained yet, by what MINT_CAP asks
     *  for; both arguments 0 is a plain copy and does not come here. Where it succeeds the
     *  copy is made: nothing else can fail behind it. */
    mn_status (*narrow)(const struct slot *source, uint64_t a, uint64_t b,
                        struct account *account, struct slot *target);
    /** Gives back a bounded part of what would go with the capability. True: call it again
     *  before @p slot is dropped. */
    bool (*shrink)(struct slot *slot);
};

/** The operations by type. */
extern const struct object_ops *const object_ops[MN_CAP_TYPES];

/** Fills the Empty @p slot with a capability that is a child of @p parent (NULL: a root).
 *  The object's count of capabilities is the caller's to have raised. */
void capability_install(struct slot *slot, struct cap_node *parent, uint32_t word,
                        void *object, uint64_t value);

/** What MINT_CAP and DELEGATE ask for. */
struct capability_copy {
    uint32_t
        rights; /**< MN_RIGHTS_SAME, or those that the copy keeps; MN_MINT_ONE_SHOT */
    uint64_t a; /**< narrowing, by type; a and b 0: none */
    uint64_t b;
    struct account *account; /**< pays for what narrowing makes */
};

/**
 * Copies @p source, which needs MN_RIGHT_GRANT, into the Empty @p target, as its child.
 *
 * A one-shot copy keeps only rights that a call uses up, so it can't be copied.
 *
 * MN_ERROR_RIGHTS: no GRANT; MN_ERROR_INVALID_ARGUMENT: one-shot, and no such right is left;
 * what narrowing answers by type: MN_ERROR_INVALID_ARGUMENT
 * (nothing to narrow, or outside of the source's range), MN_ERROR_NO_MEMORY.
 */
MN_MUST_CHECK mn_status capability_copy(struct slot *source, struct slot *target,
                                        const struct capability_copy *how);

/** Moves @p source, which is not Empty, into the Empty @p target, which takes its place in the
 *  derivation tree. Who waits by it gets MN_ERROR_CANCELLED. */
void capability_move(struct slot *source, struct slot *target);

/** Does some of what capability_drop() would have to do, if that is much. True: there is more:
 *  others get their turn, and it is called again. */
bool capability_shrink(struct slot *slot);

/** Makes @p slot, which is not Empty, Empty. Its children go to its parent. */
void capability_drop(struct slot *slot);

/** A call has succeeded by @p slot: one that is one-shot is dropped. */
static inline void capability_used(struct slot *slot)
{
    if (slot_is_one_shot(slot)) {
        capability_drop(slot);
    }
}

#endif
