/**
 * authority.h - handing out memory, and taking back what was handed out.
 */
#ifndef MNOS_AUTHORITY_H
#define MNOS_AUTHORITY_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** Takes back all that was derived from the capability in @p slot [REVOKE]. */
MN_MUST_CHECK mn_status sys_revoke(uint64_t slot);

/** Makes an account of @p frames frames out of the one in @p parent [WRITE]; its
 *  capability, with all rights, goes to the Empty slot @p target. */
MN_MUST_CHECK mn_status sys_create_account(uint64_t parent, uint64_t target,
                                           uint64_t frames);

/** Ends the account in @p slot [REVOKE] with all that it pays for. */
MN_MUST_CHECK mn_status sys_close_account(uint64_t slot);

#endif
