/**
 * main.c - the other end of a round trip: sends back what it receives, until it can't.
 */
#include "bench/kernel/slots.h"
#include "mnos/ipc.h"

int main(void);

int main(void)
{
    struct mn_message message;

    while (sys_recv(PARTNER_SLOT_REQUESTS, &message) == MN_OK &&
           sys_send(PARTNER_SLOT_ANSWERS, message.label, message.data0,
                    message.data1) == MN_OK) {
    }
    return 0;
}
