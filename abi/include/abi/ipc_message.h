/**
 * ipc_message.h - what SEND carries and RECV hands out.
 */
#ifndef ABI_IPC_MESSAGE_H
#define ABI_IPC_MESSAGE_H

#include <stdint.h>

/**
 * A message. The sender chooses the first three words; the badge is that of the
 * capability that it sent by, which only the capability's maker could choose.
 */
struct mn_message {
    uint64_t label; /**< SEND RSI, RECV RDI */
    uint64_t data0; /**< SEND RDX, RECV RSI */
    uint64_t data1; /**< SEND R10, RECV RDX */
    uint64_t badge; /**< RECV R10; 0 for a capability that was never badged */
};
_Static_assert(sizeof(struct mn_message) == 32, "no holes");

#endif
