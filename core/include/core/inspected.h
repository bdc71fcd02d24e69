/**
 * inspected.h - the records of INSPECT (abi/inspect.h), one for each thing.
 *
 * Addresses of the kernel's are told as numbers that are the same for the same thing: mixed
 * with a secret key. Lock: that of what is told.
 */
#ifndef CORE_INSPECTED_H
#define CORE_INSPECTED_H

#include "abi/inspect.h"
#include "core/account_object.h"
#include "core/capability.h"
#include "core/vspace.h"

/** How far a thread's INSPECT has come (process/inspect.c). */
struct inspect_place {
    uint64_t generation;     /**< derivation_changes when it began */
    uint64_t cursor;         /**< what it was told; 0: nothing, or the end */
    uint32_t stage;          /**< enum mn_inspect_kind */
    struct list_node *at;    /**< account or process */
    struct list_node *inner; /**< thread */
    uint64_t position;       /**< slot or address */
};

/** A key, made of a number that ring 3 doesn't know; not 0. */
uint64_t inspected_key(uint64_t random);

/** Tells a node, and which one follows it. */
void inspected_node(struct mn_inspected *record, const struct cap_node *node,
                    uint64_t key);

/** Tells an account. */
void inspected_account(struct mn_inspected *record, const struct account_object *object,
                       uint64_t key);

/** Tells what is in a slot, but for its number. */
void inspected_slot(struct mn_inspected *record, const struct slot *slot, uint64_t key);

/** Tells the first mapping above the address @p after; NULL: there is none. */
const struct mapping *inspected_next_mapping(struct mn_inspected *record,
                                             const struct page_tree *tree,
                                             uint64_t after, uint64_t key);

#endif
