/**
 * requests.h - the console server: what clients ask for, one request after the other.
 */
#ifndef SERIAL_DRV_REQUESTS_H
#define SERIAL_DRV_REQUESTS_H

#include "abi/ipc_message.h"
#include "protocols/console.h"

/** Handles one request of whoever sent it. What is no request of the protocol, or comes
 *  by a badge that is no client's, is ignored. @p startup says who has a buffer. */
void requests_handle(const struct console_startup *startup,
                     const struct mn_message *message);

#endif
