/**
 * syscall.h - the numbers of the system calls, made from syscall_numbers.def.
 */
#ifndef ABI_SYSCALL_H
#define ABI_SYSCALL_H

#ifndef __ASSEMBLER__
enum mn_syscall {
#define SYSCALL(number, name, handler, arguments) MN_SYS_##name = (number),
#include "abi/syscall_numbers.def"
#undef SYSCALL
};
#endif

/** How many calls there are: numbers from here on answer MN_ERROR_NO_SUCH_CALL. */
#define MN_SYSCALL_COUNT 52

/** END_MACHINE's statuses: an orderly end, and the end after a failed phase. */
#define MN_END_OK     0
#define MN_END_FAILED 1

/** READ_LOG: wait until there is at least one byte instead of returning 0. */
#define MN_READ_LOG_WAIT 1u

/** WAIT_SIGNAL: answer MN_ERROR_WOULD_BLOCK instead of waiting. */
#define MN_WAIT_SIGNAL_POLL 1u
/** WAIT_SIGNAL: RDX is a time of the kernel's clock in ns; MN_ERROR_TIMED_OUT from then on. */
#define MN_WAIT_SIGNAL_DEADLINE 2u

/** CLOCK_INFO's flags: the rate is measured once more, soon; the TSC's rate may change with
 *  the CPU's power states; the TSCs of some CPUs show different times. */
#define MN_CLOCK_PROVISIONAL   1u
#define MN_CLOCK_NOT_INVARIANT 2u
#define MN_CLOCK_CPUS_DIFFER   4u

/** FRAME_ADDRESS: no device has the address any more. */
#define MN_FRAME_ADDRESS_FORGET 1u

/** SPAWN_THREAD's CPU argument: the CPU of the caller. */
#define MN_CPU_OF_CALLER 0u

#endif
