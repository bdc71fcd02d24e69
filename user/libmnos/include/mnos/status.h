/**
 * status.h - errors of system calls in words.
 */
#ifndef MNOS_STATUS_H
#define MNOS_STATUS_H

#include "abi/status.h"

/** What @p status means, for a message: "out of memory, or unaligned". Never NULL. */
const char *mnos_status_text(mn_status status);

#endif
