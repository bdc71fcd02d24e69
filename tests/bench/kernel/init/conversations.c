/**
 * conversations.c - what it costs to call a server in another process, and to signal it.
 */
#include "abi/cap.h"
#include "bench/kernel/init/bench.h"
#include "bench/kernel/slots.h"
#include "mnos/call.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"

/** Gives a partner what is in two slots, starts it, and lets it run until it waits. */
static struct mnos_process start(enum partner_work work)
{
    struct mnos_process partner = make_partner();
    struct mnos_process_error error;

    require(sys_delegate(partner.slot, BENCH_SLOT_THERE, PARTNER_SLOT_REQUESTS, 0) ==
                    MN_OK &&
                sys_delegate(partner.slot, BENCH_SLOT_BACK, PARTNER_SLOT_ANSWERS, 0) ==
                    MN_OK &&
                mnos_process_start(&partner, work, &error),
            "a partner to speak to");
    sys_yield();
    return partner;
}

static void end(struct mnos_process *partner)
{
    mnos_process_abandon(partner);
    (void)sys_drop_cap(BENCH_SLOT_THERE);
    (void)sys_drop_cap(BENCH_SLOT_BACK);
}

static void make_endpoints(void)
{
    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, BENCH_SLOT_THERE) == MN_OK &&
                sys_create_endpoint(MN_INIT_SLOT_MEMORY, BENCH_SLOT_BACK) == MN_OK,
            "two endpoints");
}

uint64_t call_reply_round_trip(void)
{
    struct mnos_process partner;
    uint64_t start_tsc = 0;
    uint64_t taken;

    make_endpoints();
    partner = start(PARTNER_SERVES);
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        struct mnos_call message = {.words = {1, 2, 3}};

        if (i == 0) {
            start_tsc = read_tsc();
        }
        require(sys_call(BENCH_SLOT_THERE, &message) == MN_OK && message.words[2] == 3,
                "a call");
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    return taken / (uint64_t)bench_rounds;
}

uint64_t call_reply_round_trip_0(void)
{
    struct mnos_process partner;
    uint64_t start_tsc = 0;
    uint64_t taken;

    make_endpoints();
    partner = start(PARTNER_SERVES);
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        struct mnos_call message = {0};

        if (i == 0) {
            start_tsc = read_tsc();
        }
        require(sys_call(BENCH_SLOT_THERE, &message) == MN_OK, "a call");
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    return taken / (uint64_t)bench_rounds;
}

/** The last word goes up by 1 on each side, so that all of the buffer is seen to travel. */
uint64_t call_reply_round_trip_64_words(void)
{
    static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
    uint64_t *last = &buffer.words[MN_MESSAGE_MORE_WORDS - 1];
    struct mnos_process partner;
    uint64_t start_tsc = 0;
    uint64_t taken;

    make_endpoints();
    require(sys_set_buffer(&buffer) == MN_OK, "a buffer");
    partner = start(PARTNER_SERVES_LONG);
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        struct mnos_call_registers message = {
            .slot = BENCH_SLOT_THERE, .info = MN_MESSAGE_MORE(MN_MESSAGE_MORE_WORDS)};

        if (i == 0) {
            start_tsc = read_tsc();
        }
        *last = (uint64_t)i;
        require(mnos_call_registers(MN_SYS_CALL, &message) == MN_OK &&
                    *last == (uint64_t)i + 1,
                "a long call");
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    require(sys_set_buffer(NULL) == MN_OK, "no buffer");
    return taken / (uint64_t)bench_rounds;
}

static void make_notifications(void)
{
    require(sys_create_notification(MN_INIT_SLOT_MEMORY, BENCH_SLOT_THERE) == MN_OK &&
                sys_create_notification(MN_INIT_SLOT_MEMORY, BENCH_SLOT_BACK) == MN_OK,
            "two notifications");
}

uint64_t signal_no_waiter(void)
{
    uint64_t start_tsc = 0;
    uint64_t taken;

    make_notifications();
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start_tsc = read_tsc();
        }
        (void)!sys_signal(BENCH_SLOT_THERE, 1);
    }
    taken = read_tsc() - start_tsc;
    (void)sys_drop_cap(BENCH_SLOT_THERE);
    (void)sys_drop_cap(BENCH_SLOT_BACK);
    return taken / (uint64_t)bench_rounds;
}

uint64_t signal_wait_round_trip(void)
{
    struct mnos_process partner;
    uint64_t start_tsc = 0;
    uint64_t taken;

    make_notifications();
    partner = start(PARTNER_SIGNALS);
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        uint64_t bits = 0;

        if (i == 0) {
            start_tsc = read_tsc();
        }
        require(sys_signal(BENCH_SLOT_THERE, 1) == MN_OK &&
                    sys_wait_signal(BENCH_SLOT_BACK, 0, &bits) == MN_OK && bits == 1,
                "a signal and one back");
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    return taken / (uint64_t)bench_rounds;
}
