/**
 * boot_info.c - see boot_info.h: what all boot protocols have in common.
 */
#include "core/boot_info.h"

#include "core/bits.h"
#include "core/bytes.h"

enum { PAGE_BYTES = 4096, LOW_MEMORY_END = 0x100000 };

const char *boot_status_text(enum boot_status status)
{
    switch (status) {
    case BOOT_OK:
        return "";
    case BOOT_BAD_MAGIC:
        return "the loader's magic number is missing";
    case BOOT_NO_MEMORY_MAP:
        return "the loader gives no memory map";
    case BOOT_BAD_MEMORY_MAP:
        return "the memory map's entries are too small";
    case BOOT_MAP_FULL:
        return "the firmware's memory map has too many regions";
    case BOOT_OUT_OF_REACH:
        return "what is told lies above 4 GiB";
    case BOOT_NO_HHDM:
        return "the loader does not answer the HHDM request";
    case BOOT_NO_ADDRESS:
        return "the loader does not answer the executable address request";
    case BOOT_INITRD_UNALIGNED:
        return "the initrd is not page-aligned";
    }
    return "an unknown status";
}

static enum memory_kind kind_of_e820(uint32_t type)
{
    switch (type) {
    case 1:
        return MEMORY_USABLE;
    case 3:
    case 4:
        return MEMORY_ACPI;
    default:
        return MEMORY_RESERVED;
    }
}

enum boot_status boot_info_add_e820(struct boot_info *info, uint64_t base,
                                    uint64_t size, uint32_t type)
{
    bool added = memory_map_add(&info->memory, base, size, kind_of_e820(type));

    return added ? BOOT_OK : BOOT_MAP_FULL;
}

void boot_info_set_command_line(struct boot_info *info, const char *text, size_t size)
{
    size_t length = 0;

    while (length < size && text[length] != 0 &&
           length < sizeof info->command_line - 1) {
        info->command_line[length] = text[length];
        length++;
    }
    info->command_line[length] = 0;
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

/* Adds what is in use; false: the map is full. */
static bool add_users(struct boot_info *info, const struct boot_image *image)
{
    uint64_t initrd_size = bits_align_up(info->initrd_size, PAGE_BYTES);
    uint64_t kept = info->kernel_base + image->boot_size;
    struct memory_map *map = &info->memory;

    return memory_map_add(map, info->kernel_base, image->boot_size,
                          MEMORY_RECLAIMABLE) &&
           memory_map_add(map, kept, image->size - image->boot_size, MEMORY_KERNEL) &&
           memory_map_add(map, info->initrd_base, initrd_size, MEMORY_INITRD);
}

/* Takes free pages below 1 MiB for the other CPUs' first instructions; without any they
   stay asleep. */
static bool take_trampoline(struct boot_info *info, uint64_t size)
{
    info->trampoline_page = memory_map_highest(&info->memory, size, LOW_MEMORY_END);
    return info->trampoline_page == 0 ||
           memory_map_add(&info->memory, info->trampoline_page, size,
                          MEMORY_RECLAIMABLE);
}

enum boot_status boot_info_settle(struct boot_info *info,
                                  const struct boot_image *image,
                                  struct memory_map_work *work)
{
    struct memory_map *map = &info->memory;

    if (info->initrd_base % PAGE_BYTES != 0) {
        return BOOT_INITRD_UNALIGNED;
    }
    if (!memory_map_normalize(map, work)) {
        return BOOT_MAP_FULL;
    }
    info->memory_bytes = memory_map_bytes(map, MEMORY_USABLE) +
                         memory_map_bytes(map, MEMORY_RECLAIMABLE);
    if (!add_users(info, image) || !memory_map_normalize(map, work) ||
        !take_trampoline(info, image->trampoline_size) ||
        !memory_map_normalize(map, work)) {
        return BOOT_MAP_FULL;
    }
    return BOOT_OK;
}

void boot_info_add_cpus(struct boot_info *info, const struct acpi_info *acpi,
                        uint32_t own)
{
    if (info->cpu_count != 0) {
        return;
    }
    for (uint32_t i = 0; i < acpi->cpu_count && info->cpu_count < BOOT_CPU_MAX; i++) {
        if (acpi->cpu_lapic_ids[i] != own) {
            info->cpus[info->cpu_count++].lapic_id = acpi->cpu_lapic_ids[i];
        }
    }
}

void boot_info_tell(const struct boot_info *info, struct mn_boot_info *out_page)
{
    out_page->magic = MN_BOOT_INFO_MAGIC;
    out_page->initrd_size = info->initrd_size;
    out_page->memory_bytes = info->memory_bytes;
    out_page->framebuffer = info->framebuffer;
    out_page->boot_protocol = info->protocol;
    out_page->entry_tsc = info->entry_tsc;
    memcpy(out_page->command_line, info->command_line, sizeof(out_page->command_line));
}
