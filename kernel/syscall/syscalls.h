/**
 * syscalls.h - the handlers of the system calls, one a row of abi/syscall_numbers.def.
 *
 * What each does, its rights and its errors stand in docs/syscalls. A handler decodes and
 * checks everything first; after its commit point nothing fails.
 */
#ifndef SYSCALL_SYSCALLS_H
#define SYSCALL_SYSCALLS_H

#include "arch/x86_64/upcalls.h"

#define SYSCALL(number, name, handler, arguments) syscall_handler syscall_##handler;
#include "abi/syscall_numbers.def"
#undef SYSCALL

#endif
