/**
 * multiboot2.c - see multiboot2.h.
 *
 * The sizes of tags are the loader's word: each reader checks that its fields are there.
 */
#include "core/multiboot2.h"

#include "core/bytes.h"

enum {
    TAG_END = 0,
    TAG_COMMAND_LINE = 1,
    TAG_MODULE = 3,
    TAG_MEMORY_MAP = 6,
    TAG_FRAMEBUFFER = 8,
    TAG_RSDP_1 = 14,
    TAG_RSDP_2 = 15,

    TAG_HEADER_SIZE = 8,
    TAG_ALIGNMENT = 8,
    MODULE_SIZE = 16,
    MEMORY_MAP_HEADER_SIZE = 16,
    MEMORY_MAP_ENTRY_SIZE = 24, /* or more (3.6.8) */
    FRAMEBUFFER_RGB = 1
};

/* The framebuffer's tag (3.6.12); its type says what the last fields mean. */
struct multiboot2_framebuffer {
    uint32_t tag[2];
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
    uint16_t padding;
};
_Static_assert(sizeof(struct multiboot2_framebuffer) == 40, "3.6.12, padded");
enum { FRAMEBUFFER_SIZE = 38 };

static enum boot_status read_memory_map(const uint8_t *tag, uint32_t size,
                                        struct boot_info *info)
{
    enum boot_status status = BOOT_OK;
    uint64_t offset = MEMORY_MAP_HEADER_SIZE;
    uint32_t entry_size;

    if (size < MEMORY_MAP_HEADER_SIZE) {
        return BOOT_BAD_MEMORY_MAP;
    }
    entry_size = bytes_load_le32(tag + 8);
    if (entry_size < MEMORY_MAP_ENTRY_SIZE) {
        return BOOT_BAD_MEMORY_MAP;
    }
    for (; offset + entry_size <= size && status == BOOT_OK; offset += entry_size) {
        status = boot_info_add_e820(info, bytes_load_le64(tag + offset),
                                    bytes_load_le64(tag + offset + 8),
                                    bytes_load_le32(tag + offset + 16));
    }
    return status;
}

static void read_module(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    uint32_t start;
    uint32_t end;

    if (info->initrd_size != 0 || size < MODULE_SIZE) {
        return;
    }
    start = bytes_load_le32(tag + 8);
    end = bytes_load_le32(tag + 12);
    if (start < end) {
        info->initrd_base = start;
        info->initrd_size = end - start;
    }
}

static void read_framebuffer(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    struct multiboot2_framebuffer from;

    if (size < FRAMEBUFFER_SIZE) {
        return;
    }
    memcpy(&from, tag, FRAMEBUFFER_SIZE);
    if (from.type != FRAMEBUFFER_RGB || from.bits_per_pixel != 32) {
        return;
    }
    info->framebuffer = (struct mn_framebuffer){
        .address = from.address,
        .width = from.width,
        .height = from.height,
        .pitch = from.pitch,
        .red_shift = from.red_shift,
        .green_shift = from.green_shift,
        .blue_shift = from.blue_shift,
        .bits_per_pixel = from.bits_per_pixel,
    };
}

static void read_rsdp(const uint8_t *tag, uint32_t size, struct boot_info *info)
{
    size -= TAG_HEADER_SIZE;
    memcpy(info->rsdp_copy, tag + TAG_HEADER_SIZE,
           size < BOOT_RSDP_SIZE ? size : BOOT_RSDP_SIZE);
    info->has_rsdp_copy = true;
}

/* One tag of @p size bytes, its header included. */
static enum boot_status read_tag(const uint8_t *tag, uint32_t size,
                                 struct boot_info *info)
{
    switch (bytes_load_le32(tag)) {
    case TAG_COMMAND_LINE:
        boot_info_set_command_line(info, (const char *)tag + TAG_HEADER_SIZE,
                                   size - TAG_HEADER_SIZE);
        break;
    case TAG_MODULE:
        read_module(tag, size, info);
        break;
    case TAG_MEMORY_MAP:
        return read_memory_map(tag, size, info);
    case TAG_FRAMEBUFFER:
        read_framebuffer(tag, size, info);
        break;
    case TAG_RSDP_1:
        if (!info->has_rsdp_copy) {
            read_rsdp(tag, size, info);
        }
        break;
    case TAG_RSDP_2:
        read_rsdp(tag, size, info);
        break;
    default:
        break;
    }
    return BOOT_OK;
}

enum boot_status multiboot2_read(const uint8_t *bytes, uint64_t size,
                                 struct boot_info *info)
{
    enum boot_status status = BOOT_OK;
    uint64_t offset = TAG_HEADER_SIZE;

    if (size < TAG_HEADER_SIZE) {
        return BOOT_BAD_MAGIC;
    }
    if (bytes_load_le32(bytes) < size) {
        size = bytes_load_le32(bytes);
    }
    while (offset + TAG_HEADER_SIZE <= size) {
        uint32_t tag_size = bytes_load_le32(bytes + offset + 4);
        enum boot_status tag_status;

        if (bytes_load_le32(bytes + offset) == TAG_END || tag_size < TAG_HEADER_SIZE ||
            tag_size > size - offset) {
            break;
        }
        tag_status = read_tag(bytes + offset, tag_size, info);
        status = status == BOOT_OK ? tag_status : status;
        offset +=
            ((uint64_t)tag_size + TAG_ALIGNMENT - 1) / TAG_ALIGNMENT * TAG_ALIGNMENT;
    }
    return status;
}
