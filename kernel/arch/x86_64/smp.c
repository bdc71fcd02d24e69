/**
 * smp.c - see smp.h.
 *
 * A CPU that starts finds its structure in `starting`, says that it is there by
 * `answered`, and waits for `run_function`. One CPU is started at a time.
 */
#include "arch/x86_64/smp.h"

#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/gdt.h"
#include "arch/x86_64/idt.h"
#include "arch/x86_64/instructions.h"
#include "arch/x86_64/lapic.h"
#include "arch/x86_64/timer.h"
#include "arch/x86_64/timer_reference.h"
#include "arch/x86_64/trampoline.h"
#include "core/bytes.h"
#include "core/paging.h"
#include "debug/log.h"

enum {
    PAGE_SHIFT = 12,
    EFER_LME = 1 << 8,
    EFER_NXE = 1 << 11,
    FIRST_STARTUP_NS = 200000, /* before a second STARTUP (SDM volume 3, 8.4.4.1) */
    ANSWER_NS = 1000000000,    /* long, for a CPU that is a thread of a busy host */
    CR4_PGE = 1 << 7,
    XAPIC_ID_BROADCAST = 0xff,
    POLLS_MAX = 100000000
};

#define PAGE_BYTES 4096ul

uint64_t smp_cr3;
struct cpu *smp_starting;

static bool answered;
static uint64_t shown_tsc;  /* what the TSC of a CPU that starts showed */
static struct cpu *ask_tsc; /* who is to write it */
static void (*run_function)(struct cpu *cpu) __attribute__((noreturn));

/* Forgets every translation, global ones too (SDM volume 3, 4.10.4.1). */
static void flush_tlb(void)
{
    uint64_t cr4 = x86_read_cr4();

    x86_write_cr3(x86_read_cr3());
    if (cpu_features.pge) {
        x86_write_cr4(cr4 & ~(uint64_t)CR4_PGE);
        x86_write_cr4(cr4);
    }
}

/* The first C function of another CPU, on its own stack and the kernel's CR3. */
void smp_cpu_main(struct cpu *cpu)
{
    void (*run)(struct cpu * cpu) __attribute__((noreturn));

    cpu_features_enable();
    gdt_init(cpu);
    idt_load();
    lapic_init_cpu();
    cpu->lapic_id = lapic_id();
    __atomic_store_n(&answered, true, __ATOMIC_RELEASE);
    while ((run = __atomic_load_n(&run_function, __ATOMIC_ACQUIRE)) == NULL) {
        if (__atomic_load_n(&ask_tsc, __ATOMIC_ACQUIRE) == cpu) {
            shown_tsc = x86_rdtsc();
            __atomic_store_n(&ask_tsc, NULL, __ATOMIC_RELEASE);
        }
        x86_pause();
    }
    flush_tlb();
    timer_init_cpu();
    run(cpu);
}

/* Waits for at most @p timeout_ns, by the reference clock: the TSC's rate is not known
   yet. The clock may come round meanwhile, so its steps are added up. */
static bool wait_for_answer(uint64_t timeout_ns)
{
    uint64_t last = timer_reference_read();
    uint64_t elapsed_ns = 0;

    while (elapsed_ns < timeout_ns && !__atomic_load_n(&answered, __ATOMIC_ACQUIRE)) {
        uint64_t now = timer_reference_read();

        elapsed_ns += reference_clock_ns(&timer_reference, last, now);
        last = now;
    }
    return __atomic_load_n(&answered, __ATOMIC_ACQUIRE);
}

/* INIT, STARTUP, and a second STARTUP if that was not enough. CPUs with 64-bit mode
   don't need the 10 ms after INIT that the SDM allows older ones. */
static bool start_by_ipi(uint32_t lapic_id, uint64_t trampoline)
{
    uint8_t page = (uint8_t)(trampoline >> PAGE_SHIFT);

    lapic_send_init(lapic_id);
    lapic_send_startup(lapic_id, page);
    if (wait_for_answer(FIRST_STARTUP_NS)) {
        return true;
    }
    lapic_send_startup(lapic_id, page);
    return wait_for_answer(ANSWER_NS);
}

/* The Limine boot protocol, "MP Feature": a parked CPU jumps to what is written there. */
static bool start_by_goto(uint64_t goto_address)
{
    __atomic_store_n((uint64_t *)phys_to_virt(goto_address), (uint64_t)trampoline_goto,
                     __ATOMIC_RELEASE);
    return wait_for_answer(ANSWER_NS);
}

static bool start(const struct boot_cpu *target, uint64_t trampoline)
{
    if (target->goto_address != 0) {
        return start_by_goto(target->goto_address);
    }
    if (trampoline == 0 ||
        (!lapic_is_x2apic() && target->lapic_id >= XAPIC_ID_BROADCAST)) {
        return false;
    }
    return start_by_ipi(target->lapic_id, trampoline);
}

/* Does the TSC of @p cpu, which has answered, show what it is between two moments here? */
static void compare_tsc(struct cpu *cpu)
{
    uint64_t before = x86_rdtsc();
    unsigned polls = 0;

    __atomic_store_n(&ask_tsc, cpu, __ATOMIC_SEQ_CST);
    while (__atomic_load_n(&ask_tsc, __ATOMIC_ACQUIRE) != NULL && polls < POLLS_MAX) {
        polls++;
        x86_pause();
    }
    if (polls == POLLS_MAX || shown_tsc - before > x86_rdtsc() - before) {
        timer_tscs_differ = true;
        log_printf("smp: the TSCs of CPUs 0 and %u differ\n", (unsigned)cpu->index);
    }
}

static uint32_t offset_in_trampoline(const void *part)
{
    return (uint32_t)((const uint8_t *)part - trampoline_start);
}

/* Makes the trampoline's pages: code, and page tables that map the first 2 MiB at their
   physical addresses and, as every address space does, the kernel. */
static void prepare_trampoline(uint64_t trampoline)
{
    uint8_t *page = phys_to_virt(trampoline);
    uint64_t *tables = phys_to_virt(trampoline + PAGE_BYTES);
    const uint64_t *kernel_tables = phys_to_virt(smp_cr3);
    struct trampoline_words words = trampoline_words;

    memset(tables, 0, (TRAMPOLINE_PAGES - 1) * PAGE_BYTES);
    memcpy(tables, kernel_tables, PAGE_BYTES);
    tables[0] = (trampoline + 2 * PAGE_BYTES) | PTE_PRESENT | PTE_WRITABLE;
    tables[PAGING_ENTRIES] = (trampoline + 3 * PAGE_BYTES) | PTE_PRESENT | PTE_WRITABLE;
    tables[2ul * PAGING_ENTRIES] = PTE_PRESENT | PTE_WRITABLE | PTE_LARGE;

    words.gdt_base = (uint32_t)trampoline + offset_in_trampoline(trampoline_gdt);
    words.jump_offset =
        (uint32_t)trampoline + offset_in_trampoline(trampoline_long_mode);
    words.cr3 = (uint32_t)(trampoline + PAGE_BYTES);
    words.efer = EFER_LME | EFER_NXE;
    memcpy(page, trampoline_start, (size_t)(trampoline_end - trampoline_start));
    memcpy(page + offset_in_trampoline(&trampoline_words), &words, sizeof words);
}

void smp_start(const struct boot_cpu *targets, uint32_t count, uint64_t trampoline,
               struct cpu *(*allocate)(uint32_t index))
{
    cpu_table[0] = &cpu_boot;
    cpu_boot.lapic_id = lapic_id();
    cpu_count = 1;
    smp_cr3 = x86_read_cr3();
    if (count != 0 && trampoline != 0) {
        prepare_trampoline(trampoline);
    }
    for (uint32_t i = 0; i < count; i++) {
        struct cpu *cpu;

        if (cpu_count == CPU_MAX) {
            log_printf("smp: at most %u CPUs are started\n", (unsigned)CPU_MAX);
            return;
        }
        cpu = allocate(cpu_count);
        cpu->index = cpu_count;
        cpu->stack_top = (uint64_t)(cpu->stack + CPU_STACK_SIZE);
        cpu->lapic_id = targets[i].lapic_id;
        answered = false;
        __atomic_store_n(&smp_starting, cpu, __ATOMIC_SEQ_CST);
        if (!start(&targets[i], trampoline)) {
            /* Coming late, it finds no structure, or is taken for the next one. */
            __atomic_store_n(&smp_starting, NULL, __ATOMIC_SEQ_CST);
            log_printf("smp: the CPU with APIC ID %u does not answer\n",
                       targets[i].lapic_id);
            continue;
        }
        cpu_table[cpu_count++] = cpu;
        compare_tsc(cpu);
    }
}

void smp_release(void (*run)(struct cpu *cpu) __attribute__((noreturn)))
{
    __atomic_store_n(&run_function, run, __ATOMIC_RELEASE);
}

void smp_stop_others(void)
{
    for (uint32_t i = 0; i < cpu_count; i++) {
        if (cpu_table[i] != NULL && cpu_table[i]->lapic_id != lapic_id()) {
            lapic_send_nmi(cpu_table[i]->lapic_id);
        }
    }
}
