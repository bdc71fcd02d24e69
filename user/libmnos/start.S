/*
 * start.S - where a program and each of its further threads begin in ring 3.
 *
 * _start: RDI holds SPAWN_THREAD's argument, RSP the top of the stack, everything else is
 * zero. main(argument) is called by the System V ABI; what it returns is EXIT's code.
 *
 * mnos_thread_entry: RDI points to a struct mnos_thread_start (thread.c) at the top of
 * the new stack: function at 0, argument at 8.
 */
    .text

    .globl _start
    .type _start, @function
_start:
    xorl    %ebp, %ebp
    andq    $-16, %rsp
    callq   main
    movslq  %eax, %rdi
    xorl    %eax, %eax          /* MN_SYS_EXIT */
    syscall
    ud2
    .size _start, . - _start

    .globl mnos_thread_entry
    .type mnos_thread_entry, @function
mnos_thread_entry:
    xorl    %ebp, %ebp
    andq    $-16, %rsp
    movq    0(%rdi), %rax
    movq    8(%rdi), %rdi
    callq   *%rax
    xorl    %edi, %edi
    xorl    %eax, %eax          /* MN_SYS_EXIT */
    syscall
    ud2
    .size mnos_thread_entry, . - mnos_thread_entry

    .section .note.GNU-stack, "", @progbits
