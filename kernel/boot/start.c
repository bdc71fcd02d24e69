/**
 * start.c - see start.h.
 */
#include "boot/start.h"

#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/gdt.h"
#include "arch/x86_64/idt.h"
#include "arch/x86_64/machine_end.h"
#include "arch/x86_64/trampoline.h"
#include "boot/early_memory.h"
#include "boot/kernel_map.h"
#include "core/bytes.h"
#include "debug/console.h"
#include "debug/log.h"
#include "debug/panic.h"

#define PAGE_BYTES 4096ul

static struct boot_info boot_info;

static const char *const names[] = {"", "PVH", "Multiboot2", "Limine"};

/* boot.S */
extern uint64_t boot_entry_tsc;
_Noreturn void boot_call_on_stack(struct boot_info *info, uint64_t stack_top,
                                  void (*function)(struct boot_info *info));

struct boot_info *boot_begin(enum mn_boot_protocol protocol)
{
    static const struct panic_machine machine = {
        .end = machine_end,
    };

    boot_info.protocol = protocol;
    console_reclaim();
    panic_set_machine(&machine);
    return &boot_info;
}

/* What the kernel can't do without; every x86-64 CPU since 2004 has it. */
static void check_cpu(void)
{
    if (!cpu_features.nx || !cpu_features.fxsr || !cpu_features.syscall) {
        panic("boot: the CPU lacks NX, FXSAVE or SYSCALL");
    }
}

static void require(const struct boot_info *info, enum boot_status status)
{
    if (status != BOOT_OK) {
        panic("boot: %s: %s", names[info->protocol], boot_status_text(status));
    }
}

static void settle(struct boot_info *info)
{
    static struct memory_map_work work;
    const struct boot_image image = {
        .boot_size = (uint64_t)(image_boot_end - image_start),
        .size = (uint64_t)(image_end - image_start),
        .trampoline_size = TRAMPOLINE_PAGES * PAGE_BYTES,
    };

    require(info, boot_info_settle(info, &image, &work));
}

/* Init maps whole pages: what lies behind the initrd in its last one must be nobody's. */
static void clear_initrd_tail(const struct boot_info *info)
{
    uint64_t tail = info->initrd_size % PAGE_BYTES;

    if (tail != 0) {
        memset((uint8_t *)early_memory_at(info->initrd_base + info->initrd_size), 0,
               PAGE_BYTES - tail);
    }
}

void boot_start(struct boot_info *info, enum boot_status status)
{
    machine_end_init(&(struct acpi_end){0}, boot_info_debug_exit(info));
    require(info, status);
    info->entry_tsc = boot_entry_tsc;
    cpu_features_detect();
    check_cpu();
    cpu_features_enable();
    gdt_init(&cpu_boot);
    idt_init();
    idt_load();
    settle(info);
    log_printf("kernel: booted by %s, %llu KiB of RAM\n", names[info->protocol],
               (unsigned long long)(info->memory_bytes / 1024));
    early_memory_init(info);
    clear_initrd_tail(info);
    kernel_map_build(info);
    boot_call_on_stack(info, (uint64_t)(cpu_boot.stack + CPU_STACK_SIZE), kernel_main);
}
