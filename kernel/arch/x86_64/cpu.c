/**
 * cpu.c - see cpu.h.
 */
#include "arch/x86_64/cpu.h"

struct cpu cpu_boot = {.self = &cpu_boot,
                       .stack_top = (uint64_t)(cpu_boot.stack + CPU_STACK_SIZE)};
struct cpu *cpu_table[CPU_MAX] = {&cpu_boot};
uint32_t cpu_count = 1;
