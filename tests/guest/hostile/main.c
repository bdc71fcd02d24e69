/**
 * main.c - the child program of the guest tests; see common/scenario.h.
 */
#include "guest/common/attacks.h"
#include "guest/hostile/hostile.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/irq.h"
#include "mnos/machine.h"
#include "mnos/process.h"

int main(uint64_t argument);

static uint64_t scenario_exit(uint64_t parameter)
{
    return parameter;
}

static uint64_t scenario_attack(uint64_t parameter)
{
    const struct attack *attack = attack_at(parameter);

    if (attack == NULL) {
        return SCENARIO_BAD;
    }
    attack->run();
    return SCENARIO_SURVIVED;
}

uint64_t scenario_spin(uint64_t parameter)
{
    for (;;) {
        shared()->counter[parameter]++;
    }
}

static uint64_t scenario_wait_process(uint64_t parameter)
{
    uint64_t code = parameter;
    mn_status status = sys_wait_process(CHILD_SLOT_EXTRA, &code);

    return status == MN_OK ? code : status;
}

static uint64_t scenario_wait_irq(uint64_t parameter)
{
    (void)parameter;
    return sys_wait_irq(CHILD_SLOT_EXTRA);
}

static uint64_t scenario_read_log(uint64_t parameter)
{
    struct mnos_log_piece piece = {0};
    char text[64];
    mn_status status = sys_read_log(CHILD_SLOT_EXTRA, text, sizeof(text), parameter,
                                    MN_READ_LOG_WAIT, &piece);

    return status == MN_OK ? piece.size : status;
}

static uint64_t scenario_apic_id(uint64_t parameter)
{
    uint32_t eax = 1;
    uint32_t ebx;
    uint32_t ecx = 0;
    uint32_t edx;

    (void)parameter;
    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return ebx >> 24;
}

static uint64_t scenario_count_slots(uint64_t parameter)
{
    struct mn_cap_info info;
    uint64_t count = 0;

    (void)parameter;
    for (uint64_t i = 0; sys_cap_info(i, &info) == MN_OK; i++) {
        count += info.type != MN_CAP_EMPTY;
    }
    return count;
}

static uint64_t scenario_kill_self(uint64_t parameter)
{
    return sys_kill_process(CHILD_SLOT_SELF, parameter);
}

static uint64_t scenario_close_account(uint64_t parameter)
{
    shared()->go = 1;
    (void)parameter;
    return sys_close_account(CHILD_SLOT_ACCOUNT);
}

static scenario_function *const scenarios[SCENARIOS] = {
    [SCENARIO_EXIT] = scenario_exit,
    [SCENARIO_ATTACK] = scenario_attack,
    [SCENARIO_SPIN] = scenario_spin,
    [SCENARIO_SEND] = scenario_send,
    [SCENARIO_RECEIVE] = scenario_receive,
    [SCENARIO_ECHO] = scenario_echo,
    [SCENARIO_RECEIVE_ONE] = scenario_receive_one,
    [SCENARIO_WAIT_PROCESS] = scenario_wait_process,
    [SCENARIO_WAIT_IRQ] = scenario_wait_irq,
    [SCENARIO_READ_LOG] = scenario_read_log,
    [SCENARIO_YIELD_ORDER] = scenario_yield_order,
    [SCENARIO_KEEP_VECTORS] = scenario_keep_vectors,
    [SCENARIO_KEEP_REGISTERS] = scenario_keep_registers,
    [SCENARIO_CHECK_START] = scenario_check_start,
    [SCENARIO_PLANT] = scenario_plant,
    [SCENARIO_SEARCH] = scenario_search,
    [SCENARIO_HOG_MEMORY] = scenario_hog_memory,
    [SCENARIO_HOG_BLOCKS] = scenario_hog_blocks,
    [SCENARIO_HOG_THREADS] = scenario_hog_threads,
    [SCENARIO_ALL_STATES] = scenario_all_states,
    [SCENARIO_THREAD_EXITS] = scenario_thread_exits,
    [SCENARIO_APIC_ID] = scenario_apic_id,
    [SCENARIO_COUNT_SLOTS] = scenario_count_slots,
    [SCENARIO_FUZZ] = scenario_fuzz,
    [SCENARIO_KILL_SELF] = scenario_kill_self,
    [SCENARIO_ALLOCATE] = scenario_allocate,
    [SCENARIO_CALL] = scenario_call,
    [SCENARIO_SERVE] = scenario_serve,
    [SCENARIO_CALL_FOR_EVER] = scenario_call_for_ever,
    [SCENARIO_WAIT_SIGNAL] = scenario_wait_signal,
    [SCENARIO_SIGNAL] = scenario_signal,
    [SCENARIO_POKE] = scenario_poke,
    [SCENARIO_FAULT_OFTEN] = scenario_fault_often,
    [SCENARIO_TRAP] = scenario_trap,
    [SCENARIO_RELAY] = scenario_relay,
    [SCENARIO_TAKE_AND_SPIN] = scenario_take_and_spin,
    [SCENARIO_STORM_CLIENT] = scenario_storm_client,
    [SCENARIO_STORM_SERVER] = scenario_storm_server,
    [SCENARIO_DRIVE_DMA] = scenario_drive_dma,
    [SCENARIO_HIGH_SLOTS] = scenario_high_slots,
    [SCENARIO_ORPHANS] = scenario_orphans,
    [SCENARIO_CLOSE_ACCOUNT] = scenario_close_account,
    [SCENARIO_CALL_UNTIL] = scenario_call_until,
    [SCENARIO_COUNT_CALLS] = scenario_count_calls,
    [SCENARIO_WORK] = scenario_work,
    [SCENARIO_PASS_ON] = scenario_pass_on,
    [SCENARIO_SUBDIVIDE] = scenario_subdivide,
    [SCENARIO_FORK_BOMB] = scenario_fork_bomb,
    [SCENARIO_HOG_SLOTS] = scenario_hog_slots,
    [SCENARIO_FLOOD] = scenario_flood,
    [SCENARIO_DONOR] = scenario_donor,
    [SCENARIO_DONEE] = scenario_donee,
    [SCENARIO_ALL_WORK] = scenario_all_work,

};

int main(uint64_t argument)
{
    uint64_t scenario = argument & 0xff;

    sys_exit(scenario < SCENARIOS ? scenarios[scenario](argument >> 8)
                                  : (uint64_t)SCENARIO_BAD);
}
