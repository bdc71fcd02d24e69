/**
 * shared_program.c - see shared_program.h.
 *
 * Segments begin at page boundaries, as user.ld has them: so a segment's frames hold
 * nothing else.
 */
#include "init/shared_program.h"
#include "core/bytes.h"
#include "core/elf64.h"
#include "init/image.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"

/** The program, once it was read. */
static struct {
    bool is_read;
    struct elf64_plan plan;
    struct image images[ELF64_SEGMENTS_MAX]; /**< of the segments that are shared */
} program;

static bool fail(struct mnos_process_error *out_error, const char *step,
                 const char *cause)
{
    *out_error = (struct mnos_process_error){.step = step, .cause = cause};
    return false;
}

static bool is_shared(const struct elf64_segment *segment)
{
    return (segment->flags & ELF64_WRITE) == 0;
}

/** Reads the file and copies what is shared. */
static bool read_program(const struct tar_file *file,
                         struct mnos_process_error *out_error)
{
    enum elf64_status parsed = elf64_parse(file->data, file->size, &program.plan);

    if (parsed != ELF64_OK) {
        return fail(out_error, "reading its ELF file", elf64_status_text(parsed));
    }
    for (size_t i = 0; i < program.plan.count; i++) {
        const struct elf64_segment *segment = &program.plan.segments[i];
        mn_status status = MN_OK;

        if (segment->vaddr % MN_PAGE_SIZE != 0 ||
            (is_shared(segment) && segment->filesz != segment->memsz)) {
            return fail(out_error, "reading its ELF file", "a segment can't be shared");
        }
        if (is_shared(segment) && program.images[i].bytes == 0) {
            status = image_create(file->data + segment->offset, segment->filesz,
                                  &program.images[i]);
        }
        if (status != MN_OK) {
            return fail(out_error, "copying its code", mnos_status_text(status));
        }
    }
    program.is_read = true;
    return true;
}

/** The instance's own copy of a segment that is writable. */
static mn_status map_own(const struct instance *instance, const struct tar_file *file,
                         const struct elf64_segment *segment)
{
    uint64_t pages = (elf64_end_page(segment) - segment->vaddr) / MN_PAGE_SIZE;
    const struct mnos_memory_source source = {.account = instance->account_slot,
                                              .process = instance->process.slot,
                                              .scratch_slot = INIT_SLOT_SCRATCH};
    uint64_t filled = (segment->filesz + MN_PAGE_SIZE - 1) / MN_PAGE_SIZE;
    mn_status status = MN_OK;

    for (uint64_t i = 0; status == MN_OK && i < filled; i++) {
        uint64_t rest = segment->filesz - i * MN_PAGE_SIZE;

        status = sys_alloc_memory(instance->account_slot, INIT_SLOT_SCRATCH, 0);
        if (status == MN_OK) {
            status = sys_map_memory(MN_INIT_SLOT_SELF, INIT_SLOT_SCRATCH,
                                    INIT_SCRATCH_PAGE, MN_MAP_WRITABLE);
        }
        if (status == MN_OK) {
            memcpy((void *)INIT_SCRATCH_PAGE,
                   file->data + segment->offset + i * MN_PAGE_SIZE,
                   rest < MN_PAGE_SIZE ? rest : MN_PAGE_SIZE);
            (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_SCRATCH_PAGE, 1);
            status = sys_map_memory(instance->process.slot, INIT_SLOT_SCRATCH,
                                    segment->vaddr + i * MN_PAGE_SIZE, MN_MAP_WRITABLE);
        }
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    if (status == MN_OK && filled < pages) {
        status = mnos_memory_map(&source, segment->vaddr + filled * MN_PAGE_SIZE,
                                 pages - filled, MN_MAP_WRITABLE);
    }
    return status;
}

bool shared_program_load(const struct instance *instance, const struct tar_file *file,
                         uint64_t *out_entry, struct mnos_process_error *out_error)
{
    if (!program.is_read && !read_program(file, out_error)) {
        return false;
    }
    for (size_t i = 0; i < program.plan.count; i++) {
        const struct elf64_segment *segment = &program.plan.segments[i];
        uint64_t flags = (segment->flags & ELF64_EXECUTE) != 0 ? MN_MAP_EXECUTABLE : 0;
        mn_status status = is_shared(segment)
                               ? image_map(&program.images[i], instance->process.slot,
                                           segment->vaddr, flags)
                               : map_own(instance, file, segment);

        if (status != MN_OK) {
            return fail(out_error, "mapping its segments", mnos_status_text(status));
        }
    }
    *out_entry = program.plan.entry;
    return true;
}
