/**
 * elf64.c - see elf64.h.
 *
 * Fields are read one by one at their offsets (gABI figures 4-3 and 5-1), because the
 * image has no alignment that could be relied on.
 */
#include "core/elf64.h"
#include "core/bits.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include <stdbool.h>

/** Offsets in the file header, and its size. */
enum {
    EI_CLASS = 4,
    EI_DATA = 5,
    EI_VERSION = 6,
    E_TYPE = 16,
    E_MACHINE = 18,
    E_VERSION = 20,
    E_ENTRY = 24,
    E_PHOFF = 32,
    E_EHSIZE = 52,
    E_PHENTSIZE = 54,
    E_PHNUM = 56,
    EHDR_SIZE = 64
};

/** Offsets in a program header, and its size. */
enum {
    P_TYPE = 0,
    P_FLAGS = 4,
    P_OFFSET = 8,
    P_VADDR = 16,
    P_FILESZ = 32,
    P_MEMSZ = 40,
    P_ALIGN = 48,
    PHDR_SIZE = 56
};

enum {
    ELFCLASS64 = 2,
    ELFDATA2LSB = 1,
    EV_CURRENT = 1,
    ET_EXEC = 2,
    EM_X86_64 = 62,
    PT_LOAD = 1,
    PT_INTERP = 3
};

static enum elf64_status check_header(const uint8_t *image, size_t size)
{
    static const uint8_t magic[4] = {0x7F, 'E', 'L', 'F'};

    if (size < sizeof(magic)) {
        return ELF64_TRUNCATED;
    }
    if (memcmp(image, magic, sizeof(magic)) != 0) {
        return ELF64_NOT_ELF;
    }
    if (size < EHDR_SIZE) {
        return ELF64_TRUNCATED;
    }
    if (image[EI_CLASS] != ELFCLASS64 || image[EI_DATA] != ELFDATA2LSB ||
        image[EI_VERSION] != EV_CURRENT ||
        bytes_load_le16(image + E_MACHINE) != EM_X86_64 ||
        bytes_load_le32(image + E_VERSION) != EV_CURRENT) {
        return ELF64_NOT_X86_64;
    }
    if (bytes_load_le16(image + E_TYPE) != ET_EXEC) {
        return ELF64_NOT_STATIC;
    }
    if (bytes_load_le16(image + E_EHSIZE) != EHDR_SIZE ||
        bytes_load_le16(image + E_PHENTSIZE) != PHDR_SIZE) {
        return ELF64_BAD_HEADER;
    }
    return ELF64_OK;
}

/** gABI, "Program Header": congruent modulo the page size, and modulo p_align. */
static bool is_congruent(uint64_t vaddr, uint64_t offset, uint64_t align)
{
    if (align > 1 && !bits_is_power_of_two(align)) {
        return false;
    }
    if (align < MN_PAGE_SIZE) {
        align = MN_PAGE_SIZE;
    }
    return bits_is_aligned(vaddr - offset, align);
}

/** Checks one PT_LOAD for itself. */
static enum elf64_status check_segment(const struct elf64_segment *segment,
                                       uint64_t align, size_t image_size)
{
    if (segment->filesz > segment->memsz) {
        return ELF64_BAD_HEADER;
    }
    if (!range_fits(segment->offset, segment->filesz, image_size)) {
        return ELF64_TRUNCATED;
    }
    if (segment->vaddr < MN_USER_BASE ||
        !range_fits(segment->vaddr, segment->memsz, MN_USER_LIMIT)) {
        return ELF64_BAD_ADDRESS;
    }
    if (!is_congruent(segment->vaddr, segment->offset, align)) {
        return ELF64_BAD_ALIGNMENT;
    }
    if ((segment->flags & ELF64_WRITE) != 0 && (segment->flags & ELF64_EXECUTE) != 0) {
        return ELF64_WRITE_AND_EXECUTE;
    }
    return ELF64_OK;
}

static bool overlaps(const struct elf64_plan *plan, const struct elf64_segment *segment)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct elf64_segment *other = &plan->segments[i];

        if (elf64_first_page(segment) < elf64_end_page(other) &&
            elf64_first_page(other) < elf64_end_page(segment)) {
            return true;
        }
    }
    return false;
}

/** Adds the PT_LOAD at @p header to the plan, if it takes any memory. */
static enum elf64_status add_segment(struct elf64_plan *plan, const uint8_t *header,
                                     size_t image_size)
{
    struct elf64_segment segment = {
        .vaddr = bytes_load_le64(header + P_VADDR),
        .memsz = bytes_load_le64(header + P_MEMSZ),
        .offset = bytes_load_le64(header + P_OFFSET),
        .filesz = bytes_load_le64(header + P_FILESZ),
        .flags = bytes_load_le32(header + P_FLAGS) &
                 (ELF64_EXECUTE | ELF64_WRITE | ELF64_READ),
    };
    enum elf64_status status;

    if (segment.memsz == 0 && segment.filesz == 0) {
        return ELF64_OK;
    }
    status = check_segment(&segment, bytes_load_le64(header + P_ALIGN), image_size);
    if (status != ELF64_OK) {
        return status;
    }
    if (overlaps(plan, &segment)) {
        return ELF64_OVERLAP;
    }
    if (plan->count == ELF64_SEGMENTS_MAX) {
        return ELF64_TOO_MANY_SEGMENTS;
    }
    plan->segments[plan->count] = segment;
    plan->count++;
    return ELF64_OK;
}

static enum elf64_status read_segments(const uint8_t *image, size_t size,
                                       struct elf64_plan *plan)
{
    uint64_t table = bytes_load_le64(image + E_PHOFF);
    uint64_t count = bytes_load_le16(image + E_PHNUM);

    if (!range_fits(table, count * PHDR_SIZE, size)) {
        return ELF64_TRUNCATED;
    }
    for (uint64_t i = 0; i < count; i++) {
        const uint8_t *header = image + table + i * PHDR_SIZE;
        uint32_t type = bytes_load_le32(header + P_TYPE);
        enum elf64_status status = ELF64_OK;

        if (type == PT_INTERP) {
            status = ELF64_NOT_STATIC;
        } else if (type == PT_LOAD) {
            status = add_segment(plan, header, size);
        }
        if (status != ELF64_OK) {
            return status;
        }
    }
    return plan->count == 0 ? ELF64_NO_SEGMENT : ELF64_OK;
}

static bool entry_is_executable(const struct elf64_plan *plan)
{
    for (size_t i = 0; i < plan->count; i++) {
        const struct elf64_segment *segment = &plan->segments[i];

        if ((segment->flags & ELF64_EXECUTE) != 0 && plan->entry >= segment->vaddr &&
            plan->entry - segment->vaddr < segment->memsz) {
            return true;
        }
    }
    return false;
}

enum elf64_status elf64_parse(const void *image, size_t size,
                              struct elf64_plan *out_plan)
{
    const uint8_t *bytes = image;
    struct elf64_plan plan = {0};
    enum elf64_status status = check_header(bytes, size);

    if (status != ELF64_OK) {
        return status;
    }
    plan.entry = bytes_load_le64(bytes + E_ENTRY);
    status = read_segments(bytes, size, &plan);
    if (status != ELF64_OK) {
        return status;
    }
    if (!entry_is_executable(&plan)) {
        return ELF64_BAD_ENTRY;
    }
    *out_plan = plan;
    return ELF64_OK;
}

const char *elf64_status_text(enum elf64_status status)
{
    static const char *const texts[] = {
        [ELF64_OK] = "the ELF file is sound",
        [ELF64_TRUNCATED] = "the ELF file is truncated",
        [ELF64_NOT_ELF] = "this is no ELF file",
        [ELF64_NOT_X86_64] = "the ELF file is not for x86-64",
        [ELF64_NOT_STATIC] =
            "the ELF file is not a static executable (link with -static "
            "-no-pie)",
        [ELF64_BAD_HEADER] = "a header of the ELF file is malformed",
        [ELF64_NO_SEGMENT] = "the ELF file has nothing to load",
        [ELF64_TOO_MANY_SEGMENTS] = "the ELF file has more than 16 segments to load",
        [ELF64_BAD_ADDRESS] = "a segment of the ELF file lies outside of user memory",
        [ELF64_BAD_ALIGNMENT] = "a segment's address and file offset in the ELF file "
                                "differ modulo the page size",
        [ELF64_OVERLAP] = "two segments of the ELF file share a page",
        [ELF64_WRITE_AND_EXECUTE] = "a segment of the ELF file is writable and "
                                    "executable",
        [ELF64_BAD_ENTRY] = "the entry of the ELF file lies in no executable segment",
    };

    if ((unsigned)status >= sizeof(texts) / sizeof(texts[0])) {
        return "unknown ELF status";
    }
    return texts[status];
}
