/**
 * account.h - memory accounts: who pays for which frame.
 *
 * An account may use up to its limit of frames. What the kernel stores for somebody is
 * paid from an account too: there is no other source of memory. The limit of a child
 * account is taken out of its parent's, so a charge looks at one account only.
 *
 * Lock: the kernel's.
 */
#ifndef CORE_ACCOUNT_H
#define CORE_ACCOUNT_H

#include <stdbool.h>
#include <stdint.h>

#include "core/attributes.h"
#include "core/frame_allocator.h"
#include "core/list.h"

/** Sizes of the small objects that slabs hold (core/slab.h). */
enum slab_class { SLAB_64, SLAB_80, SLAB_192, SLAB_512, SLAB_CLASSES };

struct account {
    struct frame_allocator *frames; /**< the machine's; borrowed */
    uint64_t id;                    /**< 1 is the root's */
    uint64_t limit_frames;          /**< used_frames never exceeds it */
    uint64_t used_frames;
    struct list_node slabs[SLAB_CLASSES]; /**< slab pages that have room */
};

/** Makes an account that has used nothing, of frames that come from @p frames. */
void account_init(struct account *account, struct frame_allocator *frames, uint64_t id,
                  uint64_t limit_frames);

/** The embedder's: @p account, which may be no more afterwards, has used nothing since the
 *  last slab page of it went. */
void account_idle(struct account *account);

/** Charges frames that exist already. False, and nothing happens, past the limit. */
MN_MUST_CHECK bool account_charge(struct account *account, uint64_t frames);

/** Takes back a charge. */
void account_uncharge(struct account *account, uint64_t frames);

/** Takes a block of 2^order frames, charged; content undefined. @p out_address is
 *  physical. False: the account's limit, or no such block in the machine. */
MN_MUST_CHECK bool account_take(struct account *account, unsigned order,
                                uint64_t *out_address);

/** Gives back a block and its charge. */
void account_give(struct account *account, uint64_t address, unsigned order);

/** Takes a zeroed block of 2^order pages, charged, and answers its address in the direct
 *  map; or NULL. */
MN_MUST_CHECK void *account_take_block(struct account *account, unsigned order);

/** Gives back what account_take_block() answered. */
void account_give_block(struct account *account, void *block, unsigned order);

/** The same for one page. */
MN_MUST_CHECK void *account_take_page(struct account *account);
void account_give_page(struct account *account, void *page);

#endif
