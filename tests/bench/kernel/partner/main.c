/**
 * main.c - the other process of the benchmark: sends back what it receives, until it
 * can't; or yields.
 */
#include "bench/kernel/slots.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

int main(uint64_t work);

int main(uint64_t work)
{
    struct mn_message message;

    if (work == PARTNER_YIELDS) {
        for (;;) {
            sys_yield();
        }
    }
    while (sys_recv(PARTNER_SLOT_REQUESTS, &message) == MN_OK &&
           sys_send(PARTNER_SLOT_ANSWERS, message.label, message.data0,
                    message.data1) == MN_OK) {
    }
    return 0;
}
