/**
 * service.h - the loop of a service: requests, signals, clients that are gone.
 *
 * A service is a process with the slots of protocols/service.h and one thread that answers
 * (mnos_service_run()). No handler waits for a client; what it waits for is its business.
 */
#ifndef MNOS_SERVICE_H
#define MNOS_SERVICE_H

#include "core/attributes.h"
#include "mnos/message.h"
#include "protocols/service.h"

/** What a service does. Any function may be NULL but `request`. */
struct mnos_service {
    void *context; /**< handed to the functions */
    /** Answers @p message in place: label, words, capabilities. A capability that came lies
     *  in a slot of its own and is the handler's. */
    void (*request)(void *context, struct mnos_message *message);
    /** Signals came: bits of SERVICE_SLOT_EVENTS without SERVICE_EVENT_GONE. */
    void (*signals)(void *context, uint64_t bits);
    /** The last capability with @p badge is gone. */
    void (*gone)(void *context, uint64_t badge);
};

/** Serves until the endpoint is gone. Returns the status that ended it. Called once. */
mn_status mnos_service_run(const struct mnos_service *service);

/** Makes a copy of SERVICE_SLOT_EVENTS that signals @p bits, in a slot of its own with WRITE
 *  and GRANT. Returns the slot, or MNOS_NO_SLOT. */
uint64_t mnos_service_event(uint64_t bits);

/** Waits for signals outside of the loop, until @p deadline_ns of mnos_clock_ns() at the
 *  longest, and returns those of @p mask; others are kept for the loop. 0: it took too long,
 *  or the notification is gone. */
uint64_t mnos_service_wait(uint64_t mask, uint64_t deadline_ns);

/** A slot of the service's own that is Empty, or MNOS_NO_SLOT. */
uint64_t mnos_service_slot(void);

/** The thread's buffer for messages, by which handlers may CALL others; NULL: the kernel
 *  refused it. It is the service's from the first call on. */
struct mn_ipc_buffer *mnos_service_buffer(void);

/** Writes a line to SERVICE_SLOT_LOG, if there is one: "[NAME] text". */
MN_PRINTF(2, 3)
void mnos_service_log(const char *name, const char *format, ...);

#endif
