/**
 * service.h - the CNode that every service and driver is born with.
 *
 * Who starts a service (Init's supervisor, a test) fills these slots before its first
 * instruction, and the service's own slots from SERVICE_SLOT_OWN on: each protocol's
 * header names those. A slot whose right a service was not given is Empty.
 *
 * A service is ready as soon as it receives on SERVICE_SLOT_REQUESTS: a client that CALLs
 * earlier waits. One that cannot serve exits with a status other than 0, having said
 * why on SERVICE_SLOT_LOG; its clients' calls fail with MN_ERROR_NO_ENDPOINT then, as it
 * has the only READ on its endpoint.
 */
#ifndef PROTOCOLS_SERVICE_H
#define PROTOCOLS_SERVICE_H

#include <stdint.h>

enum service_slot {
    SERVICE_SLOT_ACCOUNT = 1, /**< PmmAllocator, WRITE: what it makes is paid from it */
    SERVICE_SLOT_SELF = 2,    /**< Process, WRITE and EXEC: to map, to start threads */
    SERVICE_SLOT_REQUESTS = 3, /**< Endpoint, READ: what clients CALL */
    SERVICE_SLOT_LOG = 4, /**< Endpoint, WRITE: serial_drv's requests, by a badge of
                                *   this service's (protocols/console.h); may be Empty */
    /** Notification, READ, WRITE and GRANT. The service binds it to its thread and makes
     *  badged copies of it for its interrupts, timers and subscriptions. The supervisor has
     *  called WATCH_BADGES for the endpoint before it made any badge of it, by a copy of
     *  this notification with badge SERVICE_EVENT_GONE: so the service hears of every
     *  client that is gone. It may drop that copy; the service watches by its own then. */
    SERVICE_SLOT_EVENTS = 5,
    SERVICE_SLOT_LIFE = 6, /**< Endpoint, WRITE: held, never used. With the service it
                               *   goes, which tells the supervisor of the end */
    SERVICE_SLOT_OWN = 8,  /**< from here on: by the service */
    SERVICE_SLOT_SCRATCH = 24 /**< from here on: Empty, what the service makes */
};

/** The bit of SERVICE_SLOT_EVENTS that says: TAKE_GONE_BADGE has something. */
#define SERVICE_EVENT_GONE (UINT64_C(1) << 63)

#endif
