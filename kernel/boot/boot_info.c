/**
 * boot_info.c - see boot_info.h: what all boot protocols have in common.
 */
#include "boot/boot_info.h"

#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/cpu_features.h"
#include "arch/x86_64/gdt.h"
#include "arch/x86_64/idt.h"
#include "arch/x86_64/machine_end.h"
#include "arch/x86_64/registers.h"
#include "arch/x86_64/trampoline.h"
#include "boot/early_memory.h"
#include "boot/kernel_map.h"
#include "core/bytes.h"
#include "debug/console.h"
#include "debug/log.h"
#include "debug/panic.h"

enum { LOW_MEMORY_END = 0x100000 };

#define PAGE_BYTES 4096ul

struct boot_info boot_info;

/* boot.S */
_Noreturn void boot_call_on_stack(struct boot_info *info, uint64_t stack_top,
                                  void (*function)(struct boot_info *info));

void boot_begin(struct boot_info *info, enum mn_boot_protocol protocol)
{
    static const struct panic_machine machine = {
        .print_registers = registers_print,
        .end = machine_end,
    };

    info->protocol = protocol;
    console_init();
    panic_set_machine(&machine);
}

void boot_info_set_command_line(struct boot_info *info, const char *text)
{
    size_t length = 0;

    while (text != NULL && text[length] != 0 &&
           length < sizeof info->command_line - 1) {
        info->command_line[length] = text[length];
        length++;
    }
    info->command_line[length] = 0;
    machine_end_init(
        &(struct machine_end_ways){.debug_exit_port = boot_info_debug_exit(info)});
}

static int digit_value(char digit)
{
    if (digit >= '0' && digit <= '9') {
        return digit - '0';
    }
    if (digit >= 'a' && digit <= 'f') {
        return digit - 'a' + 10;
    }
    if (digit >= 'A' && digit <= 'F') {
        return digit - 'A' + 10;
    }
    return 16;
}

/* Reads a number that ends with its word; false: it is none, or does not fit. */
static bool parse_number(const char *text, uint64_t *out_value)
{
    uint64_t base = 10;
    uint64_t value = 0;

    if (text[0] == '0' && (text[1] == 'x' || text[1] == 'X')) {
        base = 16;
        text += 2;
    }
    if (*text == 0 || *text == ' ') {
        return false;
    }
    for (; *text != 0 && *text != ' '; text++) {
        uint64_t digit = (uint64_t)digit_value(*text);

        if (digit >= base || __builtin_mul_overflow(value, base, &value) ||
            __builtin_add_overflow(value, digit, &value)) {
            return false;
        }
    }
    *out_value = value;
    return true;
}

bool boot_info_option(const struct boot_info *info, const char *name,
                      uint64_t *out_value)
{
    const char *word = info->command_line;
    size_t length = strlen(name);

    while (*word != 0) {
        size_t end = 0;

        while (word[end] != 0 && word[end] != ' ') {
            end++;
        }
        if (end > length && word[length] == '=' && memcmp(word, name, length) == 0) {
            return parse_number(word + length + 1, out_value);
        }
        word += end;
        while (*word == ' ') {
            word++;
        }
    }
    return false;
}

uint16_t boot_info_debug_exit(const struct boot_info *info)
{
    uint64_t port = 0;

    if (!boot_info_option(info, "debug_exit", &port) || port > UINT16_MAX) {
        return 0;
    }
    return (uint16_t)port;
}

static void normalize(struct memory_map *map)
{
    if (!memory_map_normalize(map)) {
        panic("boot: the firmware's memory map has more than %u regions",
              (unsigned)MEMORY_MAP_MAX);
    }
}

static void add(struct boot_info *info, uint64_t base, uint64_t size,
                enum memory_kind kind)
{
    if (!memory_map_add(&info->memory, base, size, kind)) {
        panic("boot: the firmware's memory map has more than %u regions",
              (unsigned)MEMORY_MAP_MAX);
    }
}

/* Init maps whole pages: what lies behind the initrd in its last one must be nobody's. */
static void check_initrd(const struct boot_info *info)
{
    uint64_t tail = info->initrd_size % PAGE_BYTES;

    if (info->initrd_base % PAGE_BYTES != 0) {
        panic("boot: the initrd at 0x%llx is not page-aligned",
              (unsigned long long)info->initrd_base);
    }
    if (tail != 0) {
        memset((uint8_t *)early_memory_at(info->initrd_base + info->initrd_size), 0,
               PAGE_BYTES - tail);
    }
}

/* Takes the highest free pages below 1 MiB for the other CPUs' first instructions. */
static void take_trampoline_page(struct boot_info *info)
{
    for (uint32_t i = info->memory.count; i-- > 0;) {
        const struct memory_region *region = &info->memory.regions[i];

        if (region->kind == MEMORY_USABLE && region->base < LOW_MEMORY_END &&
            region->base + region->size <= LOW_MEMORY_END &&
            region->size >= TRAMPOLINE_PAGES * PAGE_BYTES) {
            info->trampoline_page =
                region->base + region->size - TRAMPOLINE_PAGES * PAGE_BYTES;
            add(info, info->trampoline_page, TRAMPOLINE_PAGES * PAGE_BYTES,
                MEMORY_RECLAIMABLE);
            return;
        }
    }
}

/* Makes the memory map say what the kernel and the initrd lie in. */
static void settle_memory(struct boot_info *info)
{
    uint64_t boot_size = (uint64_t)(image_boot_end - image_start);
    uint64_t image_size = (uint64_t)(image_end - image_start);
    uint64_t initrd_pages = (info->initrd_size + PAGE_BYTES - 1) / PAGE_BYTES;

    normalize(&info->memory);
    info->memory_bytes = memory_map_bytes(&info->memory, MEMORY_USABLE) +
                         memory_map_bytes(&info->memory, MEMORY_RECLAIMABLE);
    add(info, info->kernel_base, boot_size, MEMORY_RECLAIMABLE);
    add(info, info->kernel_base + boot_size, image_size - boot_size, MEMORY_KERNEL);
    add(info, info->initrd_base, initrd_pages * PAGE_BYTES, MEMORY_INITRD);
    normalize(&info->memory);
    take_trampoline_page(info);
    normalize(&info->memory);
}

/** boot.S */
extern uint64_t boot_entry_tsc;

/* What the kernel can't do without; every x86-64 CPU since 2004 has it. */
static void check_cpu(void)
{
    if (!cpu_features.nx || !cpu_features.fxsr || !cpu_features.syscall) {
        panic("boot: the CPU lacks NX, FXSAVE or SYSCALL");
    }
}

void boot_start(struct boot_info *info)
{
    static const char *const names[] = {"", "PVH", "Multiboot2", "Limine"};

    info->entry_tsc = boot_entry_tsc;
    cpu_features_detect();
    check_cpu();
    cpu_features_enable();
    gdt_init(&cpu_boot);
    idt_init();
    idt_load();
    settle_memory(info);
    log_printf("kernel: booted by %s, %llu KiB of RAM\n", names[info->protocol],
               (unsigned long long)(info->memory_bytes / 1024));
    early_memory_init(info);
    check_initrd(info);
    kernel_map_build(info);
    boot_call_on_stack(info, (uint64_t)(cpu_boot.stack + CPU_STACK_SIZE), kernel_main);
}
