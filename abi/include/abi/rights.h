/**
 * rights.h - what the holder of a capability may do with what it names.
 *
 * Rights only shrink: a copy holds a subset of its source's.
 */
#ifndef ABI_RIGHTS_H
#define ABI_RIGHTS_H

#include <stdint.h>

#define MN_RIGHT_READ   1u /**< receive, port in, wait, map readable, look at */
#define MN_RIGHT_WRITE  2u /**< send, port out, map writable, allocate from, map into */
#define MN_RIGHT_EXEC   4u /**< map executable, start threads in, end the machine */
#define MN_RIGHT_GRANT  8u /**< copy it, to oneself or into a child */
#define MN_RIGHT_REVOKE 16u /**< take back the copies; kill a process */
#define MN_RIGHTS_ALL   31u

/** DELEGATE and MINT_CAP: this rights mask means all that the source holds. */
#define MN_RIGHTS_SAME 0u

/** In their rights mask: the copy is one-shot. It is Empty after the first SEND, CALL, SIGNAL,
 *  MAP_MEMORY, PORT_IN or PORT_OUT by it that succeeds, and good for nothing else. */
#define MN_MINT_ONE_SHOT 0x100u

#endif
