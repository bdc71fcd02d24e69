/**
 * main.c - the kernel's boot, from the boot protocol's end to Init's first instruction.
 */
#include "abi/cap.h"
#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/fpu.h"
#include "arch/x86_64/kernel_lock.h"
#include "arch/x86_64/smp.h"
#include "arch/x86_64/syscall_entry.h"
#include "arch/x86_64/timer.h"
#include "arch/x86_64/upcalls.h"
#include "boot/early_memory.h"
#include "boot/kernel_map.h"
#include "boot/machine.h"
#include "boot/start.h"
#include "boot/start_init.h"
#include "cap/account_cap.h"
#include "core/assert.h"
#include "core/bits.h"
#include "core/bytes.h"
#include "debug/console.h"
#include "device/interrupt.h"
#include "process/log_reader.h"
#include "sched/scheduler.h"

#define PAGES_FOR(bytes) (((bytes) + FRAME_BYTES - 1) >> FRAME_SHIFT)

/** What is given back after boot, noted before what holds the memory map goes itself. */
struct reclaim_list {
    uint64_t count;
    struct {
        uint64_t first; /**< frame number */
        uint64_t end;
    } ranges[(FRAME_BYTES - sizeof(uint64_t)) / 16];
};
_Static_assert(sizeof(struct reclaim_list) <= FRAME_BYTES, "one page");

static struct run_queue boot_run_queue __attribute__((aligned(CACHE_LINE)));

/** A structure for another CPU, with its run queue behind it; never given back. */
static struct cpu *allocate_cpu(uint32_t index)
{
    uint64_t pages = PAGES_FOR(sizeof(struct cpu) + sizeof(struct run_queue));
    struct cpu *cpu = early_memory_at(early_memory_allocate(pages));

    (void)index;
    memset(cpu, 0, pages << FRAME_SHIFT);
    scheduler_init_cpu(cpu, (struct run_queue *)(cpu + 1));
    return cpu;
}

/** What a CPU sets up for itself before it runs threads. */
static void prepare_cpu(struct cpu *cpu)
{
    cpu->cr3 = kernel_cr3;
    cpu->fast_key = cpu_features.xsave ? cpu->index + 1 : CPU_FAST_KEY_NONE;
    cpu->direct = cpu_count == 1 && cpu_features.xsave ? SYSCALLS_DIRECT : 0;
    fpu_init_cpu();
    syscall_entry_init_cpu();
}

static void run_other_cpu(struct cpu *cpu) __attribute__((noreturn));

static void run_other_cpu(struct cpu *cpu)
{
    prepare_cpu(cpu);
    kernel_lock();
    scheduler_run();
}

/** The frame allocator takes over what the memory map still says to be free. */
static void start_memory(const struct boot_info *info)
{
    const struct memory_map *map = &info->memory;
    uint64_t frames = memory_map_ram_end(map) >> FRAME_SHIFT;
    uint64_t bytes;
    void *bitmaps;

    bytes = frame_allocator_bitmap_bytes(frames);
    bitmaps = early_memory_at(early_memory_allocate(PAGES_FOR(bytes)));
    memset(bitmaps, 0, bytes);
    frame_allocator_init(&physical_memory, phys_to_virt(0), frames, bitmaps);
    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        if (region->kind == MEMORY_USABLE) {
            frame_allocator_add(&physical_memory, region->base >> FRAME_SHIFT,
                                (region->base + region->size) >> FRAME_SHIFT);
        }
    }
}

/** Notes what boot leaves behind, in a page that Init's account does not know of. */
static struct reclaim_list *note_reclaimable(const struct boot_info *info,
                                             uint64_t *out_frames)
{
    struct reclaim_list *list = account_take_page(&root_account.account);

    ASSERT(list != NULL);
    *out_frames = 0;
    for (uint32_t i = 0; i < info->memory.count; i++) {
        const struct memory_region *region = &info->memory.regions[i];

        if (region->kind == MEMORY_RECLAIMABLE &&
            list->count < sizeof(list->ranges) / sizeof(list->ranges[0])) {
            list->ranges[list->count].first = region->base >> FRAME_SHIFT;
            list->ranges[list->count].end =
                (region->base + region->size) >> FRAME_SHIFT;
            list->count++;
            *out_frames += region->size >> FRAME_SHIFT;
        }
    }
    return list;
}

/** Gives the memory that only boot needed to the frame allocator. */
static void reclaim(struct reclaim_list *list)
{
    boot_sections_release();
    for (uint64_t i = 0; i < list->count; i++) {
        frame_allocator_add(&physical_memory, list->ranges[i].first,
                            list->ranges[i].end);
    }
    account_give_page(&root_account.account, list);
}

/** The root account owns all that is free, or will be before Init runs, and the initrd. */
static struct reclaim_list *start_accounts(const struct boot_info *info)
{
    struct reclaim_list *list;
    uint64_t reclaimable;

    account_init(&root_account.account, &physical_memory, 1,
                 physical_memory.free_frames);
    account_cap_init(&root_account);
    list = note_reclaimable(info, &reclaimable);
    root_account.account.limit_frames += reclaimable + PAGES_FOR(info->initrd_size);
    return list;
}

void kernel_main(struct boot_info *info)
{
    struct reclaim_list *boot_memory;

    kernel_cr3 = kernel_map_root();
    scheduler_init_cpu(&cpu_boot, &boot_run_queue);
    prepare_cpu(&cpu_boot);
    interrupt_init();
    log_reader_init();

    machine_init(info);
    smp_start(info->cpus, info->cpu_count, info->trampoline_page, allocate_cpu);
    start_memory(info);
    boot_memory = start_accounts(info);
    start_init(info);

    timer_calibrate();
    timer_init_cpu();
    reclaim(boot_memory);
    ASSERT(root_account.account.limit_frames - root_account.account.used_frames ==
           physical_memory.free_frames);
    if (cpu_count > 1 || !cpu_features.xsave) {
        /* Direct calls take no lock. */
        cpu_boot.direct = 0;
        kernel_lock_enable();
        kernel_lock();
        smp_release(run_other_cpu);
    }
    console_release();
    scheduler_run();
}
