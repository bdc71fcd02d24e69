/**
 * inspect.h - what INSPECT tells of the system: one record for each thing there is.
 *
 * Things are told apart by numbers that are the kernel's own and mean nothing else: `node` of what
 * stands in the derivation tree, `object` of what capabilities name.
 */
#ifndef ABI_INSPECT_H
#define ABI_INSPECT_H

#include <stdint.h>

/** Kinds of records, and bits (1 << kind) of what is asked for. They come in this order, the
 *  last three process by process behind its own record. */
enum mn_inspect_kind {
    MN_INSPECT_ACCOUNT = 0,
    MN_INSPECT_PROCESS = 1,
    MN_INSPECT_THREAD = 2,
    MN_INSPECT_SLOT = 3, /**< those that are not Empty */
    MN_INSPECT_MAPPING = 4,
    MN_INSPECT_KINDS
};
#define MN_INSPECT_ALL ((1u << MN_INSPECT_KINDS) - 1)

/** In `kind`: the thing is the last child, and `link` is its parent's node (0: it is a root),
 *  not that of the next child. */
#define MN_INSPECT_LAST 0x100u

struct mn_inspected {
    uint32_t kind; /**< enum mn_inspect_kind, and MN_INSPECT_LAST */
    /** Process: enum mn_process_state. Thread: 0 stopped, 1 ready, 2 running, 3 blocked, 4
     *  waits for a reply. Slot: type in bits 0 to 7, rights in bits 8 to 15. Mapping:
     *  MN_MAP_*. */
    uint32_t what;
    uint64_t id;    /**< of an account, a pid, of a thread, index of a slot, address */
    uint64_t node;  /**< 0: in no tree, a thread */
    uint64_t link;  /**< see MN_INSPECT_LAST */
    uint64_t owner; /**< pid; of a process: the account that pays; of an account: 0 */
    /** Slot, mapping: what it names; for a Process and a PmmAllocator the node of that. Account:
     *  frames of its limit. Process: slots. Thread: CPU. */
    uint64_t object;
    /** Slot: badge, or range (first in the low half, number in the high half). Mapping: pages.
     *  Account: frames used. Process: exit code. Thread: priority. */
    uint64_t value;
    uint64_t references; /**< account, process: capabilities; others: 0 */
};
_Static_assert(sizeof(struct mn_inspected) == 64, "no holes");

#endif
