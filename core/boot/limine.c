/**
 * limine.c - see limine.h.
 */
#include "core/limine.h"

struct limine_hhdm_response {
    uint64_t revision;
    uint64_t offset;
};

struct limine_memory_entry {
    uint64_t base;
    uint64_t size;
    uint64_t type;
};

struct limine_memory_response {
    uint64_t revision;
    uint64_t count;
    const struct limine_memory_entry *const *entries;
};

struct limine_file {
    uint64_t revision;
    uint64_t address;
    uint64_t size;
    const char *path;
    const char *command_line;
};

struct limine_module_response {
    uint64_t revision;
    uint64_t count;
    const struct limine_file *const *modules;
};

struct limine_file_response {
    uint64_t revision;
    const struct limine_file *file;
};

struct limine_address_response {
    uint64_t revision;
    uint64_t physical_base;
    uint64_t virtual_base;
};

struct limine_rsdp_response {
    uint64_t revision;
    uint64_t address;
};

struct limine_framebuffer {
    uint64_t address;
    uint64_t width;
    uint64_t height;
    uint64_t pitch;
    uint16_t bits_per_pixel;
    uint8_t memory_model; /* 1: RGB */
    uint8_t red_size;
    uint8_t red_shift;
    uint8_t green_size;
    uint8_t green_shift;
    uint8_t blue_size;
    uint8_t blue_shift;
};
_Static_assert(__builtin_offsetof(struct limine_framebuffer, blue_shift) == 40,
               "Framebuffer Feature");

struct limine_framebuffer_response {
    uint64_t revision;
    uint64_t count;
    const struct limine_framebuffer *const *framebuffers;
};

struct limine_cpu {
    uint32_t processor_id;
    uint32_t lapic_id;
    uint64_t reserved;
    uint64_t goto_address;
    uint64_t extra_argument;
};
_Static_assert(__builtin_offsetof(struct limine_cpu, goto_address) == 16, "MP Feature");

struct limine_mp_response {
    uint64_t revision;
    uint32_t flags;
    uint32_t boot_lapic_id;
    uint64_t count;
    struct limine_cpu *const *cpus;
};

enum limine_memory_type {
    LIMINE_USABLE = 0,
    LIMINE_ACPI_RECLAIMABLE = 2,
    LIMINE_ACPI_NVS = 3,
    LIMINE_LOADER_RECLAIMABLE = 5,
    LIMINE_KERNEL_AND_MODULES = 6,
    LIMINE_FRAMEBUFFER = 7
};

/* Physical address of something in the loader's direct map, or of what already is one. */
static uint64_t to_physical(const struct boot_info *info, uint64_t address)
{
    return address >= info->early_map_base ? address - info->early_map_base : address;
}

static enum memory_kind kind_of(uint64_t type)
{
    switch (type) {
    case LIMINE_USABLE:
    case LIMINE_KERNEL_AND_MODULES: /* what of it is used, boot_info_settle() marks */
        return MEMORY_USABLE;
    case LIMINE_LOADER_RECLAIMABLE:
        return MEMORY_RECLAIMABLE;
    case LIMINE_ACPI_RECLAIMABLE:
    case LIMINE_ACPI_NVS:
        return MEMORY_ACPI;
    case LIMINE_FRAMEBUFFER:
        return MEMORY_FRAMEBUFFER;
    default:
        return MEMORY_RESERVED;
    }
}

static enum boot_status read_memory_map(const struct limine_memory_response *response,
                                        struct boot_info *info)
{
    for (uint64_t i = 0; i < response->count; i++) {
        const struct limine_memory_entry *entry = response->entries[i];

        if (!memory_map_add(&info->memory, entry->base, entry->size,
                            kind_of(entry->type))) {
            return BOOT_MAP_FULL;
        }
    }
    return BOOT_OK;
}

static void read_framebuffer(const struct limine_framebuffer_response *response,
                             struct boot_info *info)
{
    const struct limine_framebuffer *from;

    if (response->count == 0) {
        return;
    }
    from = response->framebuffers[0];
    if (from->bits_per_pixel != 32 || from->memory_model != 1) {
        return;
    }
    info->framebuffer = (struct mn_framebuffer){
        .address = to_physical(info, from->address),
        .width = (uint32_t)from->width,
        .height = (uint32_t)from->height,
        .pitch = (uint32_t)from->pitch,
        .red_shift = from->red_shift,
        .green_shift = from->green_shift,
        .blue_shift = from->blue_shift,
        .bits_per_pixel = 32,
    };
}

static void read_cpus(const struct limine_mp_response *response, struct boot_info *info)
{
    for (uint64_t i = 0; i < response->count; i++) {
        const struct limine_cpu *cpu = response->cpus[i];

        if (cpu->lapic_id != response->boot_lapic_id &&
            info->cpu_count < BOOT_CPU_MAX) {
            info->cpus[info->cpu_count++] = (struct boot_cpu){
                .lapic_id = cpu->lapic_id,
                .goto_address = to_physical(info, (uint64_t)&cpu->goto_address),
            };
        }
    }
}

/* What the kernel can do without. */
static void read_optional(const struct limine_answers *answers, struct boot_info *info)
{
    const struct limine_module_response *modules = answers->modules;
    const struct limine_rsdp_response *rsdp = answers->rsdp;

    if (modules != NULL && modules->count > 0) {
        info->initrd_base = to_physical(info, modules->modules[0]->address);
        info->initrd_size = modules->modules[0]->size;
    }
    if (rsdp != NULL) {
        info->rsdp = to_physical(info, rsdp->address);
    }
    if (answers->framebuffers != NULL) {
        read_framebuffer(answers->framebuffers, info);
    }
    if (answers->mp != NULL) {
        read_cpus(answers->mp, info);
    }
}

enum boot_status limine_read(const struct limine_answers *answers, uint64_t image_start,
                             struct boot_info *info)
{
    const struct limine_file_response *kernel = answers->file;
    const struct limine_hhdm_response *hhdm = answers->hhdm;
    const struct limine_address_response *address = answers->address;

    if (hhdm == NULL) {
        return BOOT_NO_HHDM;
    }
    if (kernel != NULL && kernel->file->command_line != NULL) {
        boot_info_set_command_line(info, kernel->file->command_line, SIZE_MAX);
    }
    if (address == NULL) {
        return BOOT_NO_ADDRESS;
    }
    if (answers->memory_map == NULL) {
        return BOOT_NO_MEMORY_MAP;
    }
    info->early_map_base = hhdm->offset;
    info->kernel_base = address->physical_base + (image_start - address->virtual_base);
    read_optional(answers, info);
    return read_memory_map(answers->memory_map, info);
}
