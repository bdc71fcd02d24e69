/**
 * main.c - the other process of the benchmark; its argument says what it does
 * (enum partner_work), until it can't.
 */
#include "bench/kernel/slots.h"
#include "mnos/call.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

int main(uint64_t work);

static void yield(void)
{
    for (;;) {
        sys_yield();
    }
}

static void serve(void)
{
    struct mnos_call message = {0};

    while (sys_reply_recv(PARTNER_SLOT_REQUESTS, &message) == MN_OK) {
    }
}

static void signal_back(void)
{
    uint64_t bits;

    while (sys_wait_signal(PARTNER_SLOT_REQUESTS, 0, &bits) == MN_OK &&
           sys_signal(PARTNER_SLOT_ANSWERS, bits) == MN_OK) {
    }
}

static void echo(void)
{
    struct mn_message message;

    while (sys_recv(PARTNER_SLOT_REQUESTS, &message) == MN_OK &&
           sys_send(PARTNER_SLOT_ANSWERS, message.label, message.data0,
                    message.data1) == MN_OK) {
    }
}

int main(uint64_t work)
{
    static void (*const works[])(void) = {[PARTNER_ECHOES] = echo,
                                          [PARTNER_YIELDS] = yield,
                                          [PARTNER_SERVES] = serve,
                                          [PARTNER_SIGNALS] = signal_back};

    works[work]();
    return 0;
}
