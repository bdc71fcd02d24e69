/**
 * account_cap.h - accounts as capabilities: what PmmAllocator names.
 *
 * The anchor is the account's node in the derivation tree: what an account pays for is
 * derived from it. Lock: the kernel's.
 */
#ifndef CAP_ACCOUNT_CAP_H
#define CAP_ACCOUNT_CAP_H

#include "core/account.h"
#include "core/account_object.h"
#include "core/capability.h"

/** Accounts nest at most so deep. */
#define ACCOUNT_DEPTH_MAX 64u

/** The physical memory of the machine; main.c fills it. */
extern struct frame_allocator physical_memory;

/** The account of all memory that boot left free; slot 1 of Init names it. */
extern struct account_object root_account;

/** All accounts, by rising id. */
extern struct list_node account_list;

/** Makes the account's anchor a root; the account itself is initialised already. */
void account_cap_init(struct account_object *object);

/** Makes an account whose limit is taken out of @p parent's, which pays for the object too.
 *  NULL: the parent can't. */
MN_MUST_CHECK struct account_object *account_cap_create(struct account *parent,
                                                        uint64_t limit_frames);

/**
 * Gives an account back to its parent if no capability names it and it pays for nothing,
 * and the parent likewise. core/account.h calls it when that may have become so.
 */
void account_idle(struct account *account);

#endif
