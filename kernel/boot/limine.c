/**
 * limine.c - reads what a Limine loader tells (The Limine Boot Protocol, base revision 3).
 *
 * The loader finds the requests by their numbers between two markers, and writes into
 * each where its answer lies. Pointers are addresses in the loader's direct map. Of
 * older base revisions all that is used here is the same, so they are accepted too.
 */
#include "arch/x86_64/boot_sections.h"
#include "boot/boot_info.h"
#include "debug/panic.h"

#define COMMON_MAGIC     0xc7b1dd30df4c8b88, 0x0a82e883a194f07b
#define IN_SECTION(name) __attribute__((used, section(name), aligned(8)))

/** What each request begins with; the protocol's "Features". */
struct limine_request {
    uint64_t id[4];
    uint64_t revision;
    const void *response;
    uint64_t argument; /* of those requests that have one */
};
_Static_assert(sizeof(struct limine_request) == 56, "Features");

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

IN_SECTION(".limine_requests_start")
static uint64_t requests_start[4] = {0xf6b8f4b39de7d1ae, 0xfab91a6940fcb9cf,
                                     0x785c6ed015d3e316, 0x181e920a7852b9d9};

IN_SECTION(".limine_requests_end")
static uint64_t requests_end[2] = {0xadc0e0531bb10d03, 0x9572709f31764c62};

IN_SECTION(".limine_requests")
static volatile uint64_t base_revision[3] = {0xf9562b2d5c95a6c8, 0x6a7b384944536bdc, 3};

IN_SECTION(".limine_requests")
static volatile struct limine_request hhdm_request = {
    .id = {COMMON_MAGIC, 0x48dcf1cb8ad2b852, 0x63984e959a98244b}};

IN_SECTION(".limine_requests")
static volatile struct limine_request memory_request = {
    .id = {COMMON_MAGIC, 0x67cf3d9d378a806f, 0xe304acdfc50c3c62}};

IN_SECTION(".limine_requests")
static volatile struct limine_request module_request = {
    .id = {COMMON_MAGIC, 0x3e7e279702be32af, 0xca1c4f3bd1280cee}};

IN_SECTION(".limine_requests")
static volatile struct limine_request file_request = {
    .id = {COMMON_MAGIC, 0xad97e90e83f1ed67, 0x31eb5d1c5ff23b69}};

IN_SECTION(".limine_requests")
static volatile struct limine_request address_request = {
    .id = {COMMON_MAGIC, 0x71ba76863cc55f63, 0xb2644a48c516a487}};

IN_SECTION(".limine_requests")
static volatile struct limine_request rsdp_request = {
    .id = {COMMON_MAGIC, 0xc5e77b6b397e7b43, 0x27637845accdcf3c}};

IN_SECTION(".limine_requests")
static volatile struct limine_request framebuffer_request = {
    .id = {COMMON_MAGIC, 0x9d5827dcd881dd75, 0xa3148604f6fab11b}};

IN_SECTION(".limine_requests")
static volatile struct limine_request mp_request = {
    .id = {COMMON_MAGIC, 0x95a67b819a1b857e, 0xa0b61b723b6a73e0}};

/* The answer to @p request; a panic where the loader has none. */
static const void *require(const volatile struct limine_request *request,
                           const char *name)
{
    if (request->response == NULL) {
        panic("boot: Limine: the loader does not answer the %s request", name);
    }
    return request->response;
}

/* Physical address of something in the loader's direct map, or of what already is one. */
static uint64_t to_physical(const struct boot_info *info, uint64_t address)
{
    return address >= info->early_map_base ? address - info->early_map_base : address;
}

static enum memory_kind kind_of(uint64_t type)
{
    switch (type) {
    case LIMINE_USABLE:
    case LIMINE_KERNEL_AND_MODULES: /* what of it is used, boot_start() marks */
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

static void read_memory_map(struct boot_info *info)
{
    const struct limine_memory_response *response =
        require(&memory_request, "memory map");

    for (uint64_t i = 0; i < response->count; i++) {
        const struct limine_memory_entry *entry = response->entries[i];

        if (!memory_map_add(&info->memory, entry->base, entry->size,
                            kind_of(entry->type))) {
            panic("boot: the firmware's memory map has more than %u regions",
                  (unsigned)MEMORY_MAP_MAX);
        }
    }
}

static void read_files(struct boot_info *info)
{
    const struct limine_module_response *modules = module_request.response;
    const struct limine_file_response *kernel = file_request.response;

    if (modules != NULL && modules->count > 0) {
        info->initrd_base = to_physical(info, modules->modules[0]->address);
        info->initrd_size = modules->modules[0]->size;
    }
    if (kernel != NULL) {
        boot_info_set_command_line(info, kernel->file->command_line);
    }
}

static void read_framebuffer(struct boot_info *info)
{
    const struct limine_framebuffer_response *response = framebuffer_request.response;
    const struct limine_framebuffer *from;

    if (response == NULL || response->count == 0) {
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

static void read_cpus(struct boot_info *info)
{
    const struct limine_mp_response *response = mp_request.response;

    for (uint64_t i = 0; response != NULL && i < response->count; i++) {
        struct limine_cpu *cpu = response->cpus[i];

        if (cpu->lapic_id != response->boot_lapic_id &&
            info->cpu_target_count < CPU_MAX) {
            info->cpu_targets[info->cpu_target_count++] = (struct smp_target){
                .lapic_id = cpu->lapic_id,
                .goto_address = to_physical(info, (uint64_t)&cpu->goto_address),
            };
        }
    }
}

_Noreturn void limine_start(void);

void limine_start(void)
{
    struct boot_info *info = &boot_info;
    const struct limine_hhdm_response *hhdm;
    const struct limine_address_response *address;

    boot_begin(info, MN_BOOT_LIMINE);
    hhdm = require(&hhdm_request, "HHDM");
    address = require(&address_request, "executable address");
    info->early_map_base = hhdm->offset;
    info->kernel_base =
        address->physical_base + ((uint64_t)image_start - address->virtual_base);
    read_files(info);
    read_memory_map(info);
    read_framebuffer(info);
    read_cpus(info);
    if (rsdp_request.response != NULL) {
        const struct limine_rsdp_response *rsdp = rsdp_request.response;

        info->rsdp = to_physical(info, rsdp->address);
    }
    boot_start(info);
}
