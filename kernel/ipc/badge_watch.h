/**
 * badge_watch.h - telling an endpoint's owner which badges are gone.
 *
 * From WATCH_BADGES on each badge of the endpoint's capabilities has a record, paid as the
 * endpoint is. With the last capability that has a badge (whose messages in the queue went
 * with it) the badge is gone, and stays so until TAKE_GONE_BADGE: none is lost, whatever
 * becomes of the notification. Lock: the kernel's.
 */
#ifndef IPC_BADGE_WATCH_H
#define IPC_BADGE_WATCH_H

#include "ipc/endpoint.h"

/** Begins to watch, or has another notification, by the capability in a slot, signalled.
 *  MN_ERROR_INVALID_ARGUMENT: there are badges that nobody counted; MN_ERROR_GONE: a
 *  notification is signalled already; MN_ERROR_NO_MEMORY. */
MN_MUST_CHECK mn_status badge_watch_bind(struct endpoint *endpoint,
                                         struct slot *notification);

/** Takes a badge that is gone. MN_ERROR_WOULD_BLOCK: there is none. */
MN_MUST_CHECK mn_status badge_watch_take(struct endpoint *endpoint,
                                         uint64_t *out_badge);

/** A capability with a badge is about to be made. False: no memory for its record. */
MN_MUST_CHECK bool badge_watch_prepare(struct endpoint *endpoint, uint64_t badge);

/** A capability with a badge (not 0) has been made; or has gone. */
void badge_watch_retain(struct endpoint *endpoint, uint64_t badge);
void badge_watch_release(struct endpoint *endpoint, uint64_t badge);

/** Gives back some records of an endpoint whose last capability is going away. True: there
 *  may be more. */
bool badge_watch_shrink(struct endpoint *endpoint);

/** Gives back all of it; the endpoint has no capabilities any more. */
void badge_watch_destroy(struct endpoint *endpoint);

#endif
