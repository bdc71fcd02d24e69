/**
 * main.c - the other process of the benchmark; its argument says what it does
 * (enum partner_work), until it can't.
 */
#include "abi/user_memory_map.h"
#include "bench/kernel/slots.h"
#include "mnos/call.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
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

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

static void serve_long(void)
{
    struct mnos_call_registers message = {.info = 0};

    if (sys_set_buffer(&buffer) != MN_OK) {
        return;
    }
    do {
        message.slot = PARTNER_SLOT_REQUESTS;
        buffer.words[MN_MESSAGE_MORE_WORDS - 1]++;
    } while (mnos_call_registers(MN_SYS_REPLY_RECV, &message) == MN_OK);
}

static void signal_back(void)
{
    uint64_t bits;

    while (sys_wait_signal(PARTNER_SLOT_REQUESTS, 0, &bits) == MN_OK &&
           sys_signal(PARTNER_SLOT_ANSWERS, bits) == MN_OK) {
    }
}

static void trap(void)
{
    for (;;) {
        __asm__ volatile("int3");
    }
}

static void touch(void)
{
    const volatile uint64_t *page = (const volatile uint64_t *)(1ul << 30);

    for (;;) {
        (void)*page;
        page += MN_PAGE_SIZE / sizeof(*page);
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
    static void (*const works[])(void) = {
        [PARTNER_ECHOES] = echo,        [PARTNER_YIELDS] = yield,
        [PARTNER_SERVES] = serve,       [PARTNER_SERVES_LONG] = serve_long,
        [PARTNER_TRAPS] = trap,         [PARTNER_TOUCHES] = touch,
        [PARTNER_SIGNALS] = signal_back};

    works[work]();
    return 0;
}
