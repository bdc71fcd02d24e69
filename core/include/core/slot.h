/**
 * slot.h - one slot of a CNode: a capability, or Empty.
 *
 * 64 bytes and 64-aligned: looking a capability up touches one cache line.
 */
#ifndef CORE_SLOT_H
#define CORE_SLOT_H

#include <stdint.h>

#include "abi/cap.h"
#include "core/derivation.h"

struct slot {
    struct cap_node
        node;     /**< node.word: type in bits 0 to 7, rights 8 to 15, SLOT_ONE_SHOT */
    void *object; /**< the kernel object that it names; NULL for pure ranges */
    uint64_t value;    /**< badge of an Endpoint; SLOT_RANGE of IoPort, Interrupt */
    uint64_t reserved; /**< 0 */
};
_Static_assert(sizeof(struct slot) == 64, "one cache line");
_Static_assert(offsetof(struct slot, node) == 0, "a node is found by its slot");

#define SLOT_WORD(type, rights) ((uint32_t)(type) | (uint32_t)(rights) << 8)

/** In the word: it is Empty once it was used. Calls that don't use it up don't find it. */
#define SLOT_ONE_SHOT 0x10000u

/** A range in a slot's value: its first number and how many. */
#define SLOT_RANGE(first, count) ((uint64_t)(first) | (uint64_t)(count) << 32)
#define SLOT_FIRST(value)        ((uint32_t)(value))
#define SLOT_COUNT(value)        ((uint32_t)((value) >> 32))

static inline enum mn_cap_type slot_type(const struct slot *slot)
{
    return (enum mn_cap_type)(slot->node.word & 0xff);
}

static inline uint32_t slot_rights(const struct slot *slot)
{
    return slot->node.word >> 8 & 0xff;
}

static inline bool slot_is_one_shot(const struct slot *slot)
{
    return (slot->node.word & SLOT_ONE_SHOT) != 0;
}

/** Fills in the word of an Empty slot, the rest of which is there: a lookup by another CPU finds
 *  all of it or nothing. */
static inline void slot_publish(struct slot *slot, uint32_t word)
{
    __atomic_store_n(&slot->node.word, word, __ATOMIC_RELEASE);
}

static inline bool slot_is_empty(const struct slot *slot)
{
    return slot->node.word == 0;
}

#endif
