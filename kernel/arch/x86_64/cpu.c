/**
 * cpu.c - see cpu.h.
 */
#include "arch/x86_64/cpu.h"

#include "arch/x86_64/instructions.h"

struct cpu cpu_boot = {.self = &cpu_boot,
                       .stack_top = (uint64_t)(cpu_boot.stack + CPU_STACK_SIZE)};
struct cpu *cpu_table[CPU_MAX] = {&cpu_boot};
uint32_t cpu_count = 1;

void cpu_interrupt_window(void)
{
    x86_interrupt_window();
}

void cpu_idle(void)
{
    for (;;) {
        x86_sti_hlt();
        x86_cli();
    }
}
