/**
 * slab.h - small kernel objects, in pages that the account pays for whom they are made.
 *
 * A slab page holds objects of one class for one account, and goes back when its last
 * object does. Lock: the kernel's.
 */
#ifndef CORE_SLAB_H
#define CORE_SLAB_H

#include "core/account.h"
#include "core/attributes.h"

/** Makes a zeroed object of @p class, 16-aligned, paid by @p account; NULL: no memory. */
MN_MUST_CHECK void *slab_take(struct account *account, enum slab_class kind);

/** Gives an object back. */
void slab_give(void *object);

/** The account that pays for @p object. */
struct account *slab_account(const void *object);

#endif
