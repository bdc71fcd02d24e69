/**
 * program_image.c - see program_image.h.
 *
 * Segments are cut into blocks of powers of two, so that a program takes a few slots and a few calls a process. A block
 * is written through a mapping that is gone before any process maps it executable.
 */
#include "mnos/program_image.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "core/elf64.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"

enum { ORDER_MAX = 9 };

static bool fail(struct mnos_process_error *out_error, const char *cause)
{
    *out_error = (struct mnos_process_error){.step = "sharing its read-only segments",
                                             .cause = cause};
    return false;
}

static unsigned largest_order(uint64_t pages)
{
    unsigned order = 0;

    while (order < ORDER_MAX && (2ull << order) <= pages) {
        order++;
    }
    return order;
}

/** Copies what the file has for the block, mapped at @p window. */
static void fill(const uint8_t *elf, const struct elf64_segment *segment,
                 const struct mnos_program_block *block, uint64_t window)
{
    uint64_t block_end = block->vaddr + block->pages * MN_PAGE_SIZE;
    uint64_t file_end = segment->vaddr + segment->filesz;
    uint64_t from = block->vaddr > segment->vaddr ? block->vaddr : segment->vaddr;
    uint64_t to = block_end < file_end ? block_end : file_end;

    if (from < to) {
        memcpy((void *)(window + (from - block->vaddr)),
               elf + segment->offset + (from - segment->vaddr), to - from);
    }
}

static mn_status make_block(const struct mnos_loader *loader,
                            const struct mnos_program_room *room, const uint8_t *elf,
                            const struct elf64_segment *segment,
                            struct mnos_program_block *block, unsigned order)
{
    mn_status status = sys_alloc_memory(loader->account, block->slot, order);

    if (status != MN_OK) {
        return status;
    }
    status = sys_map_memory(loader->self, block->slot, room->window, MN_MAP_WRITABLE);
    if (status == MN_OK) {
        fill(elf, segment, block, room->window);
        status = sys_unmap_memory(loader->self, room->window, block->pages);
    }
    if (status != MN_OK) {
        (void)sys_drop_cap(block->slot);
    }
    return status;
}

/** The next block of a segment, from @p vaddr on. NULL, or why not. */
static const char *add_block(const struct mnos_loader *loader,
                             const struct mnos_program_room *room,
                             const struct elf64_segment *segment, uint64_t vaddr,
                             struct mnos_program_image *image)
{
    uint64_t pages = (elf64_end_page(segment) - vaddr) / MN_PAGE_SIZE;
    unsigned order = largest_order(pages);
    struct mnos_program_block *block = &image->blocks[image->block_count];

    if (image->block_count == MNOS_PROGRAM_BLOCKS_MAX) {
        return "it has too many pages";
    }
    *block = (struct mnos_program_block){
        .slot = mnos_cap_find_empty(room->first_slot),
        .vaddr = vaddr,
        .pages = 1ull << order,
        .flags = (segment->flags & ELF64_EXECUTE) != 0 ? MN_MAP_EXECUTABLE : 0};
    if (block->slot == MNOS_NO_SLOT) {
        return "no slot is left";
    }
    mn_status status = make_block(loader, room, image->elf, segment, block, order);
    if (status != MN_OK) {
        return mnos_status_text(status);
    }
    image->block_count++;
    return NULL;
}

static const char *add_segment(const struct mnos_loader *loader,
                               const struct mnos_program_room *room,
                               const struct elf64_segment *segment,
                               struct mnos_program_image *image)
{
    uint64_t vaddr = elf64_first_page(segment);
    const char *problem = NULL;

    while (vaddr < elf64_end_page(segment) && problem == NULL) {
        problem = add_block(loader, room, segment, vaddr, image);
        if (problem == NULL) {
            vaddr += image->blocks[image->block_count - 1].pages * MN_PAGE_SIZE;
        }
    }
    return problem;
}

bool mnos_program_image_create(const struct mnos_loader *loader,
                               const struct mnos_program_room *room, const void *elf,
                               size_t size, struct mnos_program_image *out_image,
                               struct mnos_process_error *out_error)
{
    struct mnos_program_image image = {.elf = elf, .size = size};
    struct elf64_plan plan = {.count = 0};
    enum elf64_status parsed = elf64_parse(elf, size, &plan);
    const char *problem = parsed == ELF64_OK ? NULL : elf64_status_text(parsed);

    for (size_t i = 0; i < plan.count && problem == NULL; i++) {
        if ((plan.segments[i].flags & ELF64_WRITE) == 0) {
            problem = add_segment(loader, room, &plan.segments[i], &image);
        }
    }
    if (problem != NULL) {
        mnos_program_image_release(&image);
        return fail(out_error, problem);
    }
    *out_image = image;
    return true;
}

bool mnos_program_image_load(const struct mnos_loader *loader,
                             struct mnos_process *process,
                             const struct mnos_program_image *image,
                             struct mnos_process_error *out_error)
{
    for (uint32_t i = 0; i < image->block_count; i++) {
        const struct mnos_program_block *block = &image->blocks[i];
        mn_status status =
            sys_map_memory(process->slot, block->slot, block->vaddr, block->flags);

        if (status != MN_OK) {
            return fail(out_error, mnos_status_text(status));
        }
    }
    return mnos_process_load_writable(loader, process, image->elf, image->size,
                                      out_error);
}

void mnos_program_image_release(struct mnos_program_image *image)
{
    for (uint32_t i = 0; i < image->block_count; i++) {
        (void)sys_drop_cap(image->blocks[i].slot);
    }
    image->block_count = 0;
}
