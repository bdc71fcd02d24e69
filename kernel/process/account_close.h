/**
 * account_close.h - the end of an account: closed by somebody, or named by nobody.
 *
 * CLOSE_ACCOUNT's caller may be killed before it is done. Nobody may be left who could call it
 * again, so what remains is taken apart on a timer, a step every ACCOUNT_SWEEP_NS. Lock:
 * the kernel's.
 */
#ifndef PROCESS_ACCOUNT_CLOSE_H
#define PROCESS_ACCOUNT_CLOSE_H

#include "cap/account_cap.h"

#define ACCOUNT_SWEEP_NS 1000000ull

/** Of accounts as capabilities. */
extern const struct object_ops account_ops;

#endif
