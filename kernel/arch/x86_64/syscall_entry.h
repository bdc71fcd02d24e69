/**
 * syscall_entry.h - points SYSCALL and SYSRET at the kernel (Intel SDM vol. 3, 5.8.8).
 */
#ifndef ARCH_X86_64_SYSCALL_ENTRY_H
#define ARCH_X86_64_SYSCALL_ENTRY_H

/** On each CPU. */
void syscall_entry_init_cpu(void);

#endif
