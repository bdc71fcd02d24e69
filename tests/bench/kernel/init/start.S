/*
 * start.S - the benchmark in Init's place: its first instruction reads the time stamp
 * counter. RDI points to the boot information page; main(boot_info, tsc) is called.
 */
    .text

    .globl _start
    .type _start, @function
_start:
    rdtsc
    shlq    $32, %rdx
    orq     %rdx, %rax
    movq    %rax, %rsi
    xorl    %ebp, %ebp
    andq    $-16, %rsp
    callq   main
    ud2
    .size _start, . - _start

/* A thread, or a whole program at any address, that ends at once: EXIT with RDI. */
    .globl exit_code
    .globl exit_code_end
exit_code:
    xorl    %eax, %eax
    syscall
    ud2
exit_code_end:

    .section .note.GNU-stack, "", @progbits
