/**
 * clients.h - who wants to be signalled when trying again may help.
 */
#ifndef CONSOLE_CLIENTS_H
#define CONSOLE_CLIENTS_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stdint.h>

/** Takes the Notification in @p slot as the one of @p badge, in place of an earlier one.
 *  false: no room for one more client; the slot stays the caller's. */
MN_MUST_CHECK bool clients_subscribe(uint64_t badge, uint64_t slot, uint64_t bits);

/** @p badge was told to wait: the next console_changed() signals it. */
void clients_wait(uint64_t badge);

/** Nobody has @p badge any more. */
void clients_forget(uint64_t badge);

/** Something came, or there is room: signals who waits. */
void console_changed(void);

#endif
