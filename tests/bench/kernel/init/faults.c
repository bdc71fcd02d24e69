/**
 * faults.c - what a fault costs that a handler in another process answers.
 *
 * A round is: the handler's reply, the other process's next fault, its message at the
 * handler; for the pager the page that it maps in between as well.
 */
#include "abi/cap.h"
#include "bench/kernel/init/bench.h"
#include "bench/kernel/slots.h"
#include "mnos/call.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

/** Starts a partner whose faults go to BENCH_SLOT_THERE. */
static struct mnos_process start(enum partner_work work)
{
    struct mnos_process partner = make_partner();
    struct mnos_process_error error;

    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, BENCH_SLOT_THERE) == MN_OK &&
                sys_set_fault_handler(partner.slot, BENCH_SLOT_THERE) == MN_OK &&
                mnos_process_start(&partner, work, &error),
            "a partner that faults");
    return partner;
}

/** Answers the fault before, if any, and waits for the next one: where it is. */
static uint64_t next_fault(void)
{
    struct mnos_call message = {.info = MN_MESSAGE_INFO(MN_FAULT_RESUME)};

    require(sys_reply_recv(BENCH_SLOT_THERE, &message) == MN_OK, "a fault");
    return message.words[MN_FAULT_ADDRESS];
}

static void end(struct mnos_process *partner)
{
    mnos_process_abandon(partner);
    (void)sys_drop_cap(BENCH_SLOT_THERE);
}

uint64_t exception_round_trip(void)
{
    struct mnos_process partner = start(PARTNER_TRAPS);
    uint64_t start_tsc = 0;
    uint64_t taken;

    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start_tsc = read_tsc();
        }
        (void)next_fault();
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    return taken / (uint64_t)bench_rounds;
}

uint64_t page_fault_round_trip(void)
{
    struct mnos_process partner = start(PARTNER_TOUCHES);
    uint64_t start_tsc = 0;
    uint64_t taken;

    require(sys_alloc_memory(MN_INIT_SLOT_MEMORY, BENCH_SLOT_BACK, 0) == MN_OK,
            "a page");
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start_tsc = read_tsc();
        }
        require(sys_map_memory(partner.slot, BENCH_SLOT_BACK, next_fault(), 0) == MN_OK,
                "a page mapped for a fault");
    }
    taken = read_tsc() - start_tsc;
    end(&partner);
    (void)sys_drop_cap(BENCH_SLOT_BACK);
    return taken / (uint64_t)bench_rounds;
}
