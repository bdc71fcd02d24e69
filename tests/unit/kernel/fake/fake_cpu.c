/**
 * fake_cpu.c - see fake_cpu.h.
 */
#include "fake_cpu.h"

#include "arch/x86_64/entry.h"
#include "arch/x86_64/fpu.h"
#include "arch/x86_64/kernel_lock.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/segments.h"
#include "arch/x86_64/timer.h"
#include "model/choices.h"
#include "sched/thread.h"
#include <asm/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct cpu *cpu_table[CPU_MAX];
uint32_t cpu_count = 1;
struct fake_cpu fake_cpu;

void fake_cpu_open(void)
{
    memset(&fake_cpu, 0, sizeof(fake_cpu));
    fake_cpu.cpu.self = &fake_cpu.cpu;
    fake_cpu.cpu.armed_ns = UINT64_MAX;
    fake_cpu.cpu.meter.end_ns = UINT64_MAX;
    fake_cpu.now_ns = 1;
    cpu_table[0] = &fake_cpu.cpu;
    require(syscall(SYS_arch_prctl, ARCH_SET_GS, &fake_cpu.cpu) == 0);
}

void thread_enter_frame(struct trap_frame *frame)
{
    require(frame == &fake_cpu.cpu.current->frame);
    longjmp(fake_cpu.ring_3, 1);
}

void cpu_idle(void)
{
    require(false); /* only on a stack of its own */
}

void cpu_call_on_stack(uint64_t stack_top, void (*function)(void))
{
    (void)stack_top;
    require(function == cpu_idle);
    require(fake_cpu.cpu.current == NULL);
    longjmp(fake_cpu.ring_3, 1);
}

void cpu_interrupt_window(void)
{
    require(!(fake_cpu.lock_held));
}

void kernel_lock(void)
{
    require(!(fake_cpu.lock_held));
    fake_cpu.lock_held = true;
}

void kernel_unlock_to_ring_3(void)
{
    kernel_unlock();
}

void kernel_quiesce_now(struct cpu *cpu)
{
    (void)cpu;
    require(false); /* there is no other CPU */
}

void kernel_quiesce_all(void)
{
}

void kernel_unlock(void)
{
    require(fake_cpu.lock_held);
    fake_cpu.lock_held = false;
}

/** Where the one vector register lies in the area. */
enum { XMM0 = 160 };

void fpu_save(struct fpu_area *area)
{
    memcpy(area->bytes + XMM0, &fake_cpu.vector_register,
           sizeof(fake_cpu.vector_register));
}

void fpu_load(const struct fpu_area *area)
{
    memcpy(&fake_cpu.vector_register, area->bytes + XMM0,
           sizeof(fake_cpu.vector_register));
}

void fpu_reset(struct fpu_area *area)
{
    memset(area, 0, sizeof(*area));
}

void address_space_load(uint64_t cr3)
{
    fake_cpu.loaded_space = (const struct address_space *)cr3;
}

void address_space_unload(void)
{
    fake_cpu.loaded_space = NULL;
}

void *address_space_find_writable(uint64_t cr3, uint64_t virtual)
{
    return fake_cpu.find_writable == NULL ? NULL : fake_cpu.find_writable(cr3, virtual);
}

uint64_t timer_now_ns(void)
{
    return fake_cpu.now_ns;
}

void timer_arm(uint64_t deadline_ns)
{
    fake_cpu.timer_deadline = deadline_ns;
}

void lapic_send_ipi(uint32_t lapic_id, uint8_t vector)
{
    (void)lapic_id;
    (void)vector;
    require(false); /* there is no other CPU */
}

void segments_reset(struct cpu *cpu)
{
    (void)cpu;
}

void segments_load_bases(uint64_t fs_base, uint64_t gs_base)
{
    (void)fs_base;
    (void)gs_base;
}
