/**
 * fault.h - handlers of other threads' faults: pagers, debuggers, supervisors.
 *
 * A handler serves its endpoint by REPLY_RECV: each message is a fault (abi/fault.h), each
 * reply says how the thread goes on.
 */
#ifndef MNOS_FAULT_H
#define MNOS_FAULT_H

#include "abi/fault.h"
#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/**
 * Faults of @p target, a Process or a Thread [EXEC], go to the endpoint in @p endpoint [WRITE,
 * GRANT] from now on, with its badge; 0: to none.
 *
 * A process's handler is that of all its threads that have none of their own.
 */
MN_MUST_CHECK mn_status sys_set_fault_handler(uint64_t target, uint64_t endpoint);

#endif
