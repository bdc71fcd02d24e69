/**
 * clock.c - CLOCK_INFO, SET_TIMER, CREATE_BUDGET, SET_BUDGET, and the clock by RDTSC.
 */
#include "mnos/clock.h"
#include "mnos/syscall.h"
#include <stdbool.h>

/** Final parameters, once `known` is set; every thread would write the same. */
static struct mnos_clock_info final_info;
static bool known;

void sys_clock_info(struct mnos_clock_info *out_info)
{
    struct syscall_registers registers = {0};

    (void)syscall_extended(MN_SYS_CLOCK_INFO, &registers);
    *out_info = (struct mnos_clock_info){registers.rdi, registers.rsi, registers.rdx,
                                         registers.r10};
}

static uint64_t read_tsc(void)
{
    uint32_t low;
    uint32_t high;

    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

uint64_t mnos_clock_ns(void)
{
    struct mnos_clock_info info;
    uint64_t ticks;

    if (__atomic_load_n(&known, __ATOMIC_ACQUIRE)) {
        info = final_info;
    } else {
        sys_clock_info(&info);
        if ((info.flags & MN_CLOCK_PROVISIONAL) == 0) {
            final_info = info;
            __atomic_store_n(&known, true, __ATOMIC_RELEASE);
        }
    }
    ticks = read_tsc() - info.base_tsc;
    /* The TSC of another CPU may be a few ticks behind. */
    ticks = (int64_t)ticks > 0 ? ticks : 0;
    return (uint64_t)((unsigned __int128)ticks * info.multiplier >> info.shift);
}

mn_status sys_set_timer(uint64_t slot, uint64_t deadline_ns)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = deadline_ns};

    return syscall_extended(MN_SYS_SET_TIMER, &registers);
}

mn_status sys_create_budget(uint64_t account, uint64_t target, uint64_t budget_ns,
                            uint64_t period_ns)
{
    struct syscall_registers registers = {
        .rdi = account, .rsi = target, .rdx = budget_ns, .r10 = period_ns};

    return syscall_extended(MN_SYS_CREATE_BUDGET, &registers);
}

mn_status sys_set_budget(uint64_t process, uint64_t slot)
{
    struct syscall_registers registers = {.rdi = process, .rsi = slot};

    return syscall_extended(MN_SYS_SET_BUDGET, &registers);
}
