/**
 * multiboot2.c - reads what a Multiboot2 loader tells (specification 2.0, section 3.4 and
 * 3.6).
 *
 * Everything lies below 4 GiB, where the early page tables of boot.S reach.
 */
#include "arch/x86_64/boot_sections.h"
#include "arch/x86_64/direct_map.h"
#include "boot/boot_info.h"
#include "core/bytes.h"
#include "debug/panic.h"

enum {
    LOADER_MAGIC = 0x36d76289,
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_MODULE = 3,
    TAG_MEMORY_MAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_RSDP_1 = 14,
    TAG_RSDP_2 = 15,

    TAG_HEADER_SIZE = 8,
    TAG_ALIGNMENT = 8,
    MEMORY_MAP_HEADER_SIZE = 16,
    RSDP_SIZE = 36, /* of ACPI 2 and later */
    FRAMEBUFFER_RGB = 1
};

struct multiboot2_tag {
    uint32_t type;
    uint32_t size; /* this header included */
};

struct multiboot2_memory_entry {
    uint64_t address;
    uint64_t size;
    uint32_t type; /* as E820's */
    uint32_t reserved;
};
_Static_assert(sizeof(struct multiboot2_memory_entry) == 24, "3.6.8");

struct multiboot2_framebuffer {
    struct multiboot2_tag tag;
    uint64_t address;
    uint32_t pitch;
    uint32_t width;
    uint32_t height;
    uint8_t bits_per_pixel;
    uint8_t type;
    uint16_t reserved;
    uint8_t red_shift;
    uint8_t red_size;
    uint8_t green_shift;
    uint8_t green_size;
    uint8_t blue_shift;
    uint8_t blue_size;
};
_Static_assert(__builtin_offsetof(struct multiboot2_framebuffer, red_shift) == 32,
               "3.6.12");

static enum memory_kind kind_of(uint32_t type)
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

static void read_memory_map(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    uint32_t entry_size = bytes_load_le32(tag + 8);

    if (entry_size < sizeof(struct multiboot2_memory_entry)) {
        panic("boot: Multiboot2: memory map entries of %u bytes", entry_size);
    }
    for (uint32_t offset = MEMORY_MAP_HEADER_SIZE; offset + entry_size <= size;
         offset += entry_size) {
        uint64_t base = bytes_load_le64(tag + offset);
        uint64_t length = bytes_load_le64(tag + offset + 8);
        uint32_t type = bytes_load_le32(tag + offset + 16);

        if (!memory_map_add(&info->memory, base, length, kind_of(type))) {
            panic("boot: the firmware's memory map has more than %u regions",
                  (unsigned)MEMORY_MAP_MAX);
        }
    }
}

static void read_framebuffer(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    const struct multiboot2_framebuffer *from = (const void *)tag;

    if (size < sizeof *from || from->type != FRAMEBUFFER_RGB ||
        from->bits_per_pixel != 32) {
        return;
    }
    info->framebuffer = (struct mn_framebuffer){
        .address = from->address,
        .width = from->width,
        .height = from->height,
        .pitch = from->pitch,
        .red_shift = from->red_shift,
        .green_shift = from->green_shift,
        .blue_shift = from->blue_shift,
        .bits_per_pixel = from->bits_per_pixel,
    };
}

/* The loader's copy of the RSDP lies in memory that is free: it is copied out of there. */
static void read_rsdp(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    static uint8_t rsdp[RSDP_SIZE];

    size -= TAG_HEADER_SIZE;
    memcpy(rsdp, tag + TAG_HEADER_SIZE, size < RSDP_SIZE ? size : RSDP_SIZE);
    info->rsdp = info->kernel_base + (uint64_t)(rsdp - image_start);
}

/* One tag of @p size bytes, its header included. */
static void read_tag(const uint8_t *tag, uint32_t type, uint32_t size,
                     struct boot_info *info)
{
    switch (type) {
    case TAG_COMMAND_LINE:
        boot_info_set_command_line(info, (const char *)tag + TAG_HEADER_SIZE);
        break;
    case TAG_MODULE:
        if (info->initrd_size == 0) {
            info->initrd_base = bytes_load_le32(tag + 8);
            info->initrd_size = bytes_load_le32(tag + 12) - info->initrd_base;
        }
        break;
    case TAG_MEMORY_MAP:
        read_memory_map(tag, size, info);
        break;
    case TAG_FRAMEBUFFER:
        read_framebuffer(tag, size, info);
        break;
    case TAG_RSDP_1:
        if (info->rsdp == 0) {
            read_rsdp(tag, size, info);
        }
        break;
    case TAG_RSDP_2:
        read_rsdp(tag, size, info);
        break;
    default:
        break;
    }
}

_Noreturn void multiboot2_start(uint64_t information, uint64_t magic);

void multiboot2_start(uint64_t information, uint64_t magic)
{
    struct boot_info *info = &boot_info;
    const uint8_t *bytes = phys_to_virt(information);
    uint32_t offset = TAG_HEADER_SIZE;
    uint32_t total;

    boot_begin(info, MN_BOOT_MULTIBOOT2);
    if (magic != LOADER_MAGIC) {
        panic("boot: Multiboot2: the loader's magic number is 0x%llx",
              (unsigned long long)magic);
    }
    info->early_map_base = HHDM_BASE;
    info->kernel_base = (uint64_t)image_start - KERNEL_BASE;
    total = bytes_load_le32(bytes);
    while (total >= TAG_HEADER_SIZE && offset <= total - TAG_HEADER_SIZE) {
        uint32_t type = bytes_load_le32(bytes + offset);
        uint32_t size = bytes_load_le32(bytes + offset + 4);

        if (type == TAG_END || size < TAG_HEADER_SIZE || size > total - offset) {
            break;
        }
        read_tag(bytes + offset, type, size, info);
        offset += (size + TAG_ALIGNMENT - 1) / TAG_ALIGNMENT * TAG_ALIGNMENT;
    }
    boot_start(info);
}
