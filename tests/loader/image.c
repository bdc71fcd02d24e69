/**
 * image.c - loads a kernel's ELF as Limine does: physically anywhere, in one piece.
 */
#include "core/bits.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "loader.h"

enum {
    ELF_ENTRY = 24,
    ELF_PROGRAM_HEADERS = 32,
    ELF_PROGRAM_HEADER_SIZE = 54,
    ELF_PROGRAM_HEADER_COUNT = 56,
    ELF_HEADER_SIZE = 64,
    PT_LOAD = 1
};

struct program_header {
    uint32_t type;
    uint32_t flags;
    uint64_t offset;
    uint64_t vaddr;
    uint64_t paddr;
    uint64_t filesz;
    uint64_t memsz;
    uint64_t align;
};

static const struct program_header *header_at(const uint8_t *elf, uint32_t index)
{
    return (const void *)(elf + bytes_load_le64(elf + ELF_PROGRAM_HEADERS) +
                          (uint64_t)index * sizeof(struct program_header));
}

static uint32_t header_count(const uint8_t *elf)
{
    return bytes_load_le16(elf + ELF_PROGRAM_HEADER_COUNT);
}

static uint64_t first_page(const struct program_header *header)
{
    return bits_align_down(header->vaddr, PAGE_BYTES);
}

static uint64_t end_page(const struct program_header *header)
{
    return bits_align_up(header->vaddr + header->memsz, PAGE_BYTES);
}

/* Two segments of different access in one page: neither could have its own. */
static void check_pages(const uint8_t *elf, const struct program_header *header)
{
    for (uint32_t i = 0; i < header_count(elf); i++) {
        const struct program_header *other = header_at(elf, i);

        if (other != header && other->type == PT_LOAD &&
            other->flags != header->flags && first_page(other) < end_page(header) &&
            first_page(header) < end_page(other)) {
            loader_fail("PT_LOADs of different access share a page at 0x%llx",
                        (unsigned long long)header->vaddr);
        }
    }
}

static void check(const uint8_t *elf, uint64_t size)
{
    if (size < ELF_HEADER_SIZE || memcmp(elf, "\177ELF\2\1", 6) != 0 ||
        bytes_load_le16(elf + ELF_PROGRAM_HEADER_SIZE) !=
            sizeof(struct program_header) ||
        !range_fits(bytes_load_le64(elf + ELF_PROGRAM_HEADERS),
                    (uint64_t)header_count(elf) * sizeof(struct program_header),
                    size)) {
        loader_fail("kernel.elf is no 64-bit ELF");
    }
    for (uint32_t i = 0; i < header_count(elf); i++) {
        const struct program_header *header = header_at(elf, i);

        if (header->type != PT_LOAD) {
            continue;
        }
        if (header->vaddr < LIMINE_LOWEST_ADDRESS) {
            loader_fail("lower half PT_LOAD at 0x%llx",
                        (unsigned long long)header->vaddr);
        }
        if (!range_fits(header->offset, header->filesz, size) ||
            header->filesz > header->memsz) {
            loader_fail("a PT_LOAD lies outside of kernel.elf");
        }
        check_pages(elf, header);
    }
}

/* The image's first page and its end, over all PT_LOADs. */
static void measure(const uint8_t *elf, struct loader_image *out_image)
{
    uint64_t low = UINT64_MAX;
    uint64_t high = 0;

    for (uint32_t i = 0; i < header_count(elf); i++) {
        const struct program_header *header = header_at(elf, i);

        if (header->type == PT_LOAD) {
            low = header->vaddr < low ? header->vaddr : low;
            high = header->vaddr + header->memsz > high ? header->vaddr + header->memsz
                                                        : high;
        }
    }
    if (low >= high) {
        loader_fail("kernel.elf has no PT_LOAD");
    }
    out_image->virtual_base = bits_align_down(low, PAGE_BYTES);
    out_image->size = bits_align_up(high - out_image->virtual_base, PAGE_BYTES);
}

void image_load(const struct loader_input *input, const uint8_t *elf, uint64_t size,
                struct loader_image *out_image)
{
    check(elf, size);
    measure(elf, out_image);
    out_image->elf = elf;
    out_image->entry = bytes_load_le64(elf + ELF_ENTRY);
    out_image->physical_base = memory_take_top(input, out_image->size);
    memset((void *)out_image->physical_base, 0, out_image->size);
    for (uint32_t i = 0; i < header_count(elf); i++) {
        const struct program_header *header = header_at(elf, i);

        if (header->type == PT_LOAD) {
            memcpy((uint8_t *)out_image->physical_base +
                       (header->vaddr - out_image->virtual_base),
                   elf + header->offset, header->filesz);
        }
    }
}

/* The aligned words @p words, @p count of them, at or after @p from; NULL: not there. */
static uint64_t *find_words(const struct loader_image *image, uint64_t *from,
                            const uint64_t *words, uint32_t count)
{
    uint64_t *end = (uint64_t *)(image->physical_base + image->size);

    for (uint64_t *at = from; at + count <= end; at++) {
        if (memcmp(at, words, count * sizeof *words) == 0) {
            return at;
        }
    }
    return NULL;
}

static uint64_t *first_word(const struct loader_image *image)
{
    uint64_t *start = (uint64_t *)image->physical_base;
    uint64_t *marker = find_words(image, start, limine_start_marker, 4);

    return marker != NULL ? marker + 4 : start;
}

/* A find between the start and the end marker. */
static uint64_t *find_between(const struct loader_image *image, uint64_t *from,
                              const uint64_t *words, uint32_t count)
{
    uint64_t *found = find_words(image, from, words, count);
    uint64_t *end = find_words(image, from, limine_end_marker, 2);

    return found != NULL && (end == NULL || found < end) ? found : NULL;
}

struct limine_request *image_request(const struct loader_image *image,
                                     enum limine_feature feature)
{
    uint64_t id[4] = {limine_common_id[0], limine_common_id[1],
                      limine_feature_ids[feature][0], limine_feature_ids[feature][1]};
    uint64_t *found = find_between(image, first_word(image), id, 4);

    if (found != NULL && find_between(image, found + 1, id, 4) != NULL) {
        loader_fail("two requests for %s", limine_feature_names[feature]);
    }
    return (struct limine_request *)found;
}

uint64_t *image_base_revision(const struct loader_image *image)
{
    return find_between(image, first_word(image), limine_base_revision_id, 2);
}
