/*
 * fast_path.S - CALL and REPLY_RECV from caller to waiting server and back, without the scheduler.
 *
 * A subset of the plain path (ipc/endpoint.c), to which everything goes that is not the common
 * case: both threads and the endpoint at home on this CPU, the endpoint in a low slot with the right
 * that is needed and without senders, no flags in the message info, the partner waiting in the call
 * that answers this one, nobody better to run. No lock: who has it makes this CPU quiescent before
 * touching what is used here (kernel_lock.h). All checks come first; from "commit" on nothing fails. The words of the message stay in
 * their registers (RDX R10 R8 R9 RBX R12 R13 R14), so of the thread that blocks only RIP, RSP,
 * RFLAGS, RBP and R15 are kept. Its vector state is reset, MXCSR and the x87 control word excepted:
 * both calls may clobber it, and the other thread must not see it.
 */
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/thread_offsets.h"
#include "core/trap_frame.h"

.text
/* RSP: the current thread's TCB; RAX: the slot of RDI, if it is what both calls want; R15: the
   endpoint, whose home this CPU is; R11: the fast key. */
.macro fast_begin want
	movq %rsp, %gs:CPU_USER_RSP
	movq %gs:CPU_CURRENT, %rsp
	frame_save %rsp, rbp, r15, rax
	movq %rcx, FRAME_RIP(%rsp)
	movq %r11, FRAME_RFLAGS(%rsp)
	testl $MESSAGE_INFO_PLAIN, %esi
	jnz fast_refuse
	cmpq $FAST_SLOTS, %rdi
	jae fast_refuse
	movl %edi, %eax
	andl $FAST_SLOTS - 1, %eax /* under speculation too */
	shll $SLOT_SHIFT, %eax
	addq THREAD_SLOTS(%rsp), %rax
	movl (%rax), %ebp
	andl $\want | CAP_WORD_COMPARED, %ebp
	cmpl $\want, %ebp
	jne fast_refuse
	movq SLOT_OBJECT(%rax), %r15
	movq %gs:CPU_FAST_KEY, %r11
	cmpq %r11, ENDPOINT_FAST_KEY(%r15)
	jne fast_refuse
.endm

/* Keeps of the current thread, whose TCB is in \tcb, what is not kept yet. RCX is lost. */
.macro fast_save tcb
	movq %gs:CPU_USER_RSP, %rcx
	movq %rcx, FRAME_RSP(\tcb)
	movq $FRAME_VECTOR_SYSCALL, FRAME_VECTOR(\tcb)
	/* Control word as it is, status 0, all registers of the stack empty. */
	movq $0, THREAD_FPU+FPU_CONTROL_WORD(\tcb)
	fnstcw THREAD_FPU+FPU_CONTROL_WORD(\tcb)
	stmxcsr THREAD_FPU+FPU_MXCSR(\tcb)
	movq $1, THREAD_FPU+FPU_XSTATE_BV(\tcb)
.endm

/* Makes the thread whose TCB is in RBP the current one. RAX and RCX are lost. */
.macro fast_switch
	movl $THREAD_STATE_RUNNING, THREAD_STATE(%rbp)
	movq $0, THREAD_FAST_KEY(%rbp)
	movq %rbp, %gs:CPU_CURRENT
	leaq FRAME_SIZE(%rbp), %rcx
	movq %rcx, %gs:CPU_TSS_RSP0
	movq THREAD_CR3(%rbp), %rcx
	cmpq %rcx, %gs:CPU_CR3
	je 9f
	movq %rcx, %gs:CPU_CR3
	movq %rcx, %cr3
9:	movl $-1, %eax /* whatever EDX is: XCR0 has no component above 31 */
	xrstor64 THREAD_FPU(%rbp)
.endm

/* From entry_syscall, GS the kernel's: RAX is FAST_CALL or above, the flags are so. */
.global entry_fast_path
entry_fast_path:
	jne not_call
	fast_begin CAP_WORD_ENDPOINT_SEND
	movq ENDPOINT_RECEIVERS(%r15), %rbp /* the server's queue node */
	cmpq %r11, THREAD_FAST_KEY-THREAD_QUEUE(%rbp)
	jne fast_refuse
	movl THREAD_PRIORITY(%rsp), %ecx
	cmpl %ecx, THREAD_PRIORITY-THREAD_QUEUE(%rbp)
	jb fast_refuse
	/* Commit. The server leaves the queue. */
	movq (%rbp), %rcx
	movq %rcx, (%r15)
	movq %r15, 8(%rcx)
	subq $THREAD_QUEUE, %rbp
	fast_save %rsp
	movl $THREAD_STATE_CALLED, THREAD_STATE(%rsp)
	movq %r11, THREAD_FAST_KEY(%rsp)
	movq %rbp, THREAD_CALLED_BY(%rsp)
	movq %rsp, THREAD_REPLIES_TO(%rbp)
	movq SLOT_VALUE(%rax), %rdi

/* Runs the thread whose TCB is in RBP; RDI, RSI and the words are its results. */
fast_enter:
	fast_switch
	movq FRAME_RIP(%rbp), %rcx
	movq FRAME_RFLAGS(%rbp), %r11
	movq FRAME_RSP(%rbp), %rsp
	frame_load %rbp, r15, rbp
	xorl %eax, %eax
	swapgs
	sysretq

not_call:
	cmpq $FAST_REPLY_RECV, %rax
	jne entry_syscall_plain
	fast_begin CAP_WORD_ENDPOINT_RECEIVE
	cmpq $0, THREAD_BOUND(%rsp) /* signals may be there */
	jne fast_refuse
	movq THREAD_REPLIES_TO(%rsp), %rbp
	testq %rbp, %rbp
	jz fast_refuse
	cmpq %r11, THREAD_FAST_KEY(%rbp)
	jne fast_refuse
	movl THREAD_PRIORITY(%rbp), %ecx
	movq %rax, THREAD_VIA(%rsp)
	movq %gs:CPU_RUN_QUEUE, %rax
	movq RUN_QUEUE_OCCUPIED(%rax), %rax
	shrq %cl, %rax
	shrq $1, %rax
	jnz fast_refuse
	/* Commit. The server joins the queue, behind the others. */
	leaq THREAD_QUEUE(%rsp), %rax
	movq ENDPOINT_RECEIVERS+8(%r15), %rcx
	movq %r15, (%rax)
	movq %rcx, 8(%rax)
	movq %rax, (%rcx)
	movq %rax, ENDPOINT_RECEIVERS+8(%r15)
	fast_save %rsp
	movl $THREAD_STATE_BLOCKED, THREAD_STATE(%rsp)
	movl $THREAD_IPC_REPLY_RECEIVES, THREAD_IPC(%rsp)
	movq %r11, THREAD_FAST_KEY(%rsp)
	movq $0, THREAD_REPLIES_TO(%rsp)
	movq $0, THREAD_CALLED_BY(%rbp)
	xorl %edi, %edi
	jmp fast_enter

/* From syscall_direct: the current thread, whose TCB is in RDX, does not go on. */
.global direct_switch
direct_switch:
	frame_save %rdx, rax, rbx, rbp, r12, r13, r14, r15
	fast_save %rdx
	movq %gs:CPU_SWITCH_TO, %rbp
	movq $0, %gs:CPU_SWITCH_TO
	cmpq $CPU_SWITCH_RUN, %rbp
	je 1f
	fast_switch
	movq %rbp, %rdi
	jmp thread_enter_frame
1:	callq on_direct_call_left

/* Not the common case: everything as it was, and the plain path. */
fast_refuse:
	frame_load %rsp, rax, rbp, r15
	movq FRAME_RIP(%rsp), %rcx
	movq FRAME_RFLAGS(%rsp), %r11
	movq %gs:CPU_USER_RSP, %rsp
	jmp entry_syscall_plain
