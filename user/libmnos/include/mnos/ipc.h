/**
 * ipc.h - messages over endpoints: SEND, RECV, CREATE_ENDPOINT.
 */
#ifndef MNOS_IPC_H
#define MNOS_IPC_H

#include "abi/ipc_message.h"
#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/**
 * Sends label, data0 and data1 over the endpoint in @p slot [WRITE]; blocks until a
 * receiver has them.
 *
 * MN_ERROR_INVALID_SLOT, _RIGHTS, _TYPE by the slot; _GONE when the endpoint ended while
 * the caller waited.
 */
MN_MUST_CHECK mn_status sys_send(uint64_t slot, uint64_t label, uint64_t data0,
                                 uint64_t data1);

/** Waits for a message on the endpoint in @p slot [READ]. @p out_message is written on
 *  MN_OK only. Errors as for sys_send(). */
MN_MUST_CHECK mn_status sys_recv(uint64_t slot, struct mn_message *out_message);

/** Makes an endpoint, paid by the account in @p account [WRITE]; its capability, with
 *  all rights and badge 0, goes to the empty slot @p target. */
MN_MUST_CHECK mn_status sys_create_endpoint(uint64_t account, uint64_t target);

/**
 * Has the notification in @p notification [WRITE] signalled (its badge, else bit 0) whenever
 * the last capability with some badge of the endpoint in @p endpoint [READ] is gone. To be
 * called before the first badge is minted. MN_ERROR_INVALID_ARGUMENT: there are badges;
 * MN_ERROR_GONE: somebody watches already; MN_ERROR_NO_MEMORY.
 */
MN_MUST_CHECK mn_status sys_watch_badges(uint64_t endpoint, uint64_t notification);

/** Takes a badge of the endpoint in @p endpoint [READ] that nobody has any more. To be called
 *  until MN_ERROR_WOULD_BLOCK: there are no more. */
MN_MUST_CHECK mn_status sys_take_gone_badge(uint64_t endpoint, uint64_t *out_badge);

#endif
