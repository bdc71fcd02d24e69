/**
 * account_object.h - an account with its place in the derivation tree.
 *
 * The anchor is the account's node there: what an account pays for is derived from it.
 * Making and ending them is the kernel's account_cap. Lock: the kernel's.
 */
#ifndef CORE_ACCOUNT_OBJECT_H
#define CORE_ACCOUNT_OBJECT_H

#include "core/account.h"
#include "core/derivation.h"

struct slot;

struct account_object {
    struct account account;
    struct cap_node
        anchor; /**< anchor.word is CAP_NODE_ANCHOR; a child of its parent's */
    struct list_node
        abandoned;        /**< while nobody goes on with closing it (account_close.h) */
    struct list_node all; /**< among all accounts */
    const struct slot *closer; /**< by which CLOSE_ACCOUNT was called; or NULL */
    uint32_t references;       /**< capabilities */
    uint32_t depth;            /**< how many accounts are above it */
};
_Static_assert(sizeof(struct account_object) <= 192, "SLAB_192");

/** The object whose anchor this is. */
static inline struct account_object *account_cap_of_anchor(struct cap_node *anchor)
{
    return container_of(anchor, struct account_object, anchor);
}

/** The object that an account is part of. */
static inline struct account_object *account_cap_of(struct account *account)
{
    return (struct account_object *)account;
}

#endif
