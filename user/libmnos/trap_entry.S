/*
 * trap_entry.S - where the kernel lets a thread go on that has raised an exception.
 *
 * RDI points to its struct mn_trap_frame, right above which lies the struct trap_start of
 * trap.c: function at 0, size of the XSAVE area (0: FXSAVE) at 8, call number at 16. The kernel has kept the
 * general registers and left the others as they were: they are saved here, so that the
 * handler may be any C function, and loaded again before TRAP_RETURN.
 */
#define FRAME_SPACE   192 /* from the frame to the stack's top; its 184 bytes are 16-aligned */
#define XSAVE_HEADER  512 /* Intel SDM vol. 1, 13.4.2 */
#define FXSAVE_SIZE   512

    .text

    .globl mnos_trap_entry
    .type mnos_trap_entry, @function
mnos_trap_entry:
    movq    %rdi, %rbx
    leaq    FRAME_SPACE(%rdi), %r12
    movq    8(%r12), %r13
    movl    $FXSAVE_SIZE, %eax
    testq   %r13, %r13
    cmovnzq %r13, %rax
    subq    %rax, %rsp
    andq    $-64, %rsp
    testq   %r13, %r13
    jz      1f
    /* XSAVE writes only some of the header; XRSTOR wants the rest to be 0. */
    xorl    %eax, %eax
    .irp word, 0, 8, 16, 24, 32, 40, 48, 56
    movq    %rax, XSAVE_HEADER+\word(%rsp)
    .endr
    movl    $-1, %eax
    movl    $-1, %edx
    xsave64 (%rsp)
    jmp     2f
1:  fxsave64 (%rsp)
2:  movq    %rsp, %r14
    /* What a C function expects: the control words of a new thread, an empty x87 stack. */
    fninit
    pushq   $0x1f80
    ldmxcsr (%rsp)
    addq    $8, %rsp
    movq    %rbx, %rdi
    callq   *(%r12)
    movq    %r14, %rsp
    testq   %r13, %r13
    jz      3f
    movl    $-1, %eax
    movl    $-1, %edx
    xrstor64 (%rsp)
    jmp     4f
3:  fxrstor64 (%rsp)
4:  movq    %rbx, %rdi
    movq    16(%r12), %rax
    syscall
    ud2                         /* the handler made a frame that the kernel refuses */
    .size mnos_trap_entry, . - mnos_trap_entry

    .section .note.GNU-stack, "", @progbits
