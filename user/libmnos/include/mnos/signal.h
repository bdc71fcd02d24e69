/**
 * signal.h - notifications: bits that are signalled and waited for.
 */
#ifndef MNOS_SIGNAL_H
#define MNOS_SIGNAL_H

#include "abi/status.h"
#include "abi/syscall.h"
#include "core/attributes.h"
#include <stdint.h>

/** Makes a notification, paid by the account in @p account [WRITE]; its capability, with
 *  all rights, goes to the Empty slot @p target. */
MN_MUST_CHECK mn_status sys_create_notification(uint64_t account, uint64_t target);

/** Sets @p bits of the notification in @p slot [WRITE], or those of its badge. */
MN_MUST_CHECK mn_status sys_signal(uint64_t slot, uint64_t bits);

/** Takes the bits of the notification in @p slot [READ], and waits for some unless @p flags
 *  is MN_WAIT_SIGNAL_POLL. @p out_bits is written on MN_OK. */
MN_MUST_CHECK mn_status sys_wait_signal(uint64_t slot, uint64_t flags,
                                        uint64_t *out_bits);

/** The same, but waits until @p deadline_ns of mnos_clock_ns() at the longest:
 *  MN_ERROR_TIMED_OUT. */
MN_MUST_CHECK mn_status sys_wait_signal_until(uint64_t slot, uint64_t deadline_ns,
                                              uint64_t *out_bits);

/** Binds the notification in @p slot [READ] to the calling thread's REPLY_RECV. */
MN_MUST_CHECK mn_status sys_bind_signal(uint64_t slot);

#endif
