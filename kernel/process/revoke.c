/**
 * revoke.c - see revoke.h.
 */
#include "process/revoke.h"

#include "cap/account_cap.h"
#include "core/vspace.h"
#include "process/process.h"
#include "sched/budget.h"

/** How many nodes one step removes. */
enum { STEP_NODES = 16 };

/** Removes a node without children. False: it goes later, with a process once that has been
 *  taken apart. */
static bool remove_leaf(struct cap_node *leaf, struct process **out_process)
{
    struct process *process;
    struct slot *slot;

    switch (leaf->word) {
    case CAP_NODE_MAPPING:
        vspace_unmap(container_of(leaf, struct mapping, node));
        return true;
    case CAP_NODE_RETIRED:
        frame_end_retired(container_of(leaf, struct frame, retired));
        return true;
    case CAP_NODE_ANCHOR:
        /* A thread is zeroing a block; its ALLOC_MEMORY will fail. Then the account goes. */
        return false;
    case CAP_NODE_BUDGET:
        return budget_close(container_of(leaf, struct budget, node));
    case CAP_NODE_PROCESS:
        process = container_of(leaf, struct process, node);
        if (process->state == MN_PROCESS_RUNNING) {
            process_end(process, PROCESS_CLOSED_CODE);
        }
        *out_process = process;
        return false;
    default:
        slot = container_of(leaf, struct slot, node);
        if (!capability_shrink(slot)) {
            capability_drop(slot);
        }
        return true;
    }
}

/** What goes next: a leaf below @p node, or behind its first child, which stays. */
static struct cap_node *choose_leaf(const struct cap_node *node, bool keep_first)
{
    struct cap_node *start;
    struct cap_node *leaf;

    if (!keep_first) {
        return derivation_leaf(node);
    }
    start = derivation_next(node->first);
    leaf = start == NULL ? NULL : derivation_leaf(start);
    return leaf == NULL ? start : leaf;
}

enum revoke_progress revoke_step(struct cap_node *node, bool keep_first,
                                 struct process **out_process)
{
    *out_process = NULL;
    for (unsigned i = 0; i < STEP_NODES; i++) {
        struct cap_node *leaf = choose_leaf(node, keep_first);

        if (leaf == NULL) {
            return REVOKE_DONE;
        }
        if (!remove_leaf(leaf, out_process)) {
            return REVOKE_WAITS;
        }
    }
    return REVOKE_MORE;
}
