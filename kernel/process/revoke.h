/**
 * revoke.h - taking back all that was derived from a capability, or paid by an account.
 *
 * Leaf by leaf, wherever they are: slots become Empty, mappings end, processes are ended
 * and waited for, accounts go back to their parents. In bounded steps, between which the
 * caller can be preempted and killed; what is done stays done. Lock: the kernel's.
 */
#ifndef PROCESS_REVOKE_H
#define PROCESS_REVOKE_H

#include <stdbool.h>

#include "core/derivation.h"

/** How far revoke_step() came. */
enum revoke_progress {
    REVOKE_DONE, /**< there are no more descendants */
    REVOKE_MORE, /**< there are more */
    REVOKE_WAITS /**< somebody else has to run first: see out_process */
};

struct process;

/** Removes some of the descendants of @p node; @p keep_first: not its first child, which
 *  has none of its own. @p out_process, on REVOKE_WAITS: the process that is being taken
 *  apart, or NULL. */
enum revoke_progress revoke_step(struct cap_node *node, bool keep_first,
                                 struct process **out_process);

#endif
