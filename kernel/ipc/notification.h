/**
 * notification.h - a word of bits that is signalled and waited for.
 *
 * A signal is never lost and never queued: it sets bits. A wait takes all that are set. A
 * notification may be bound to one thread, which then gets the bits in REPLY_RECV as well,
 * so that a server waits for messages and signals at once. It has one timer. Lock: the
 * kernel's.
 */
#ifndef IPC_NOTIFICATION_H
#define IPC_NOTIFICATION_H

#include "core/capability.h"
#include "core/list.h"
#include "sched/timer_queue.h"

struct thread;

struct notification {
    struct list_node waiters; /**< threads in WAIT_SIGNAL; empty while a bit is set */
    uint64_t bits;            /**< signalled and not taken yet */
    uint32_t references;      /**< capabilities */
    struct thread *bound;     /**< gets the bits in REPLY_RECV; or NULL */
    struct list_node sources; /**< what signals it from inside of the kernel */
    struct timer_event timer; /**< signals timer_bits */
    uint64_t timer_bits;
};
_Static_assert(sizeof(struct notification) <= 192, "SLAB_192");

/** Part of something in the kernel that signals a notification: an interrupt. */
struct notification_source {
    struct list_node link; /**< among the sources of its notification */
    struct slot
        *via; /**< the capability that it signals by; NULL: it is not attached */
};

extern const struct object_ops notification_ops;

/** Makes a notification without capabilities. NULL: the account can't pay. */
MN_MUST_CHECK struct notification *notification_create(struct account *account);

/** Sets @p bits, and wakes who waits for them, before others of its priority. */
void notification_signal(struct notification *notification, uint64_t bits);

/** The same as SIGNAL, a direct call (arch/x86_64/upcalls.h): answers MN_OK. */
uint64_t notification_signal_direct(struct notification *notification, uint64_t bits);

/** Has @p bits signalled once at @p deadline_ns, at once if that is past, or (0) not any
 *  more. What was set before is forgotten. */
void notification_set_timer(struct notification *notification, uint64_t deadline_ns,
                            uint64_t bits);

/** WAIT_SIGNAL by the current thread, a direct call (arch/x86_64/upcalls.h), with
 *  MN_WAIT_SIGNAL_* @p flags: takes the bits, or waits for them. MN_ERROR_WOULD_BLOCK: polled; MN_ERROR_CANCELLED: the capability went away
 *  meanwhile; MN_ERROR_TIMED_OUT. */
uint64_t notification_wait(struct slot *slot, uint64_t flags, uint64_t deadline_ns);

/** Binds it to @p thread. MN_ERROR_GONE: one of the two is bound already. */
MN_MUST_CHECK mn_status notification_bind(struct notification *notification,
                                          struct thread *thread);

/** Takes the bits of the notification that is bound to a thread, 0 if there are none. */
uint64_t notification_take_bound(struct thread *thread);

/** From now on @p source signals what @p slot, a Notification, names, by its badge. Ends when
 *  the capability goes. */
void notification_attach(struct notification_source *source, struct slot *slot);

/** Ends that; an unattached one stays so. */
void notification_detach(struct notification_source *source);

/** Signals, if it is attached: the bits of the badge, or bit 0 by one without. */
void notification_fire(const struct notification_source *source);

/** The thread is going away. */
void notification_unbind(struct thread *thread);

#endif
