/**
 * process_loader.c - a child's life; see process_loader.h.
 *
 * Pages go one by one through one scratch slot and one scratch page, so that a failure
 * leaves at most that one to be given back. A page is filled while it is writable here,
 * and mapped into the child only once it is mapped here no more: so an executable page
 * is never writable anywhere.
 */
#include "mnos/process_loader.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "core/elf64.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"

/** One segment on its way into the child. */
struct segment_load {
    const struct mnos_loader *loader;
    uint64_t process;
    const uint8_t *image;
    const struct elf64_segment *segment;
};

static bool fail(struct mnos_process_error *out_error, const char *step,
                 const char *cause)
{
    *out_error = (struct mnos_process_error){.step = step, .cause = cause};
    return false;
}

bool mnos_process_create(const struct mnos_loader *loader,
                         struct mnos_process *out_process,
                         struct mnos_process_error *out_error)
{
    mn_status slot = sys_spawn_process(loader->account);
    struct mn_cap_info info;

    if (mn_is_error(slot)) {
        return fail(out_error, "making the process", mnos_status_text(slot));
    }
    mn_status status = sys_cap_info(slot, &info);
    if (status != MN_OK) {
        (void)sys_drop_cap(slot);
        return fail(out_error, "looking at the process", mnos_status_text(status));
    }
    *out_process = (struct mnos_process){.slot = slot, .pid = info.a};
    return true;
}

/** Copies what the image has for the page at @p vaddr into the frame in the scratch
 *  slot, through the scratch page. The frame is zeroed already. */
static mn_status fill_page(const struct segment_load *load, uint64_t vaddr)
{
    const struct elf64_segment *segment = load->segment;
    const struct mnos_loader *loader = load->loader;
    uint64_t file_end = segment->vaddr + segment->filesz;
    uint64_t from = vaddr > segment->vaddr ? vaddr : segment->vaddr;
    uint64_t to = vaddr + MN_PAGE_SIZE < file_end ? vaddr + MN_PAGE_SIZE : file_end;

    if (from >= to) {
        return MN_OK;
    }
    mn_status status = sys_map_memory(loader->self, loader->scratch_slot,
                                      loader->scratch_vaddr, MN_MAP_WRITABLE);
    if (status != MN_OK) {
        return status;
    }
    memcpy((void *)(loader->scratch_vaddr + (from - vaddr)),
           load->image + segment->offset + (from - segment->vaddr), to - from);
    return sys_unmap_memory(loader->self, loader->scratch_vaddr, 1);
}

/** One page of the segment; the mapping keeps the frame when its slot is emptied. */
static mn_status load_page(const struct segment_load *load, uint64_t vaddr,
                           uint64_t flags)
{
    const struct mnos_loader *loader = load->loader;
    mn_status status = sys_alloc_memory(loader->account, loader->scratch_slot, 0);

    if (status != MN_OK) {
        return status;
    }
    status = fill_page(load, vaddr);
    if (status == MN_OK) {
        status = sys_map_memory(load->process, loader->scratch_slot, vaddr, flags);
    }
    (void)sys_drop_cap(loader->scratch_slot);
    return status;
}

static mn_status load_segment(const struct segment_load *load)
{
    const struct elf64_segment *segment = load->segment;
    uint64_t flags = (segment->flags & ELF64_WRITE ? MN_MAP_WRITABLE : 0) |
                     (segment->flags & ELF64_EXECUTE ? MN_MAP_EXECUTABLE : 0);
    uint64_t end = elf64_end_page(segment);

    for (uint64_t vaddr = elf64_first_page(segment); vaddr < end;
         vaddr += MN_PAGE_SIZE) {
        mn_status status = load_page(load, vaddr, flags);
        if (status != MN_OK) {
            return status;
        }
    }
    return MN_OK;
}

/** Maps those of the program's segments that have all of @p flags. */
static bool load(const struct mnos_loader *loader, struct mnos_process *process,
                 const void *image, size_t size, uint32_t flags,
                 struct mnos_process_error *out_error)
{
    struct elf64_plan plan;
    enum elf64_status parsed = elf64_parse(image, size, &plan);

    if (parsed != ELF64_OK) {
        return fail(out_error, "reading its ELF file", elf64_status_text(parsed));
    }
    for (size_t i = 0; i < plan.count; i++) {
        const struct segment_load segment_load = {.loader = loader,
                                                  .process = process->slot,
                                                  .image = image,
                                                  .segment = &plan.segments[i]};
        mn_status status = (plan.segments[i].flags & flags) == flags
                               ? load_segment(&segment_load)
                               : MN_OK;
        if (status != MN_OK) {
            return fail(out_error, "mapping its segments", mnos_status_text(status));
        }
    }
    process->entry = plan.entry;
    return true;
}

bool mnos_process_load(const struct mnos_loader *loader, struct mnos_process *process,
                       const void *image, size_t size,
                       struct mnos_process_error *out_error)
{
    return load(loader, process, image, size, 0, out_error);
}

bool mnos_process_load_writable(const struct mnos_loader *loader,
                                struct mnos_process *process, const void *image,
                                size_t size, struct mnos_process_error *out_error)
{
    return load(loader, process, image, size, ELF64_WRITE, out_error);
}

bool mnos_process_map_stack(const struct mnos_loader *loader,
                            struct mnos_process *process, uint64_t top, uint64_t pages,
                            struct mnos_process_error *out_error)
{
    const struct mnos_memory_source source = {.account = loader->account,
                                              .process = process->slot,
                                              .scratch_slot = loader->scratch_slot};
    mn_status status =
        mnos_memory_map(&source, top - pages * MN_PAGE_SIZE, pages, MN_MAP_WRITABLE);

    if (status != MN_OK) {
        return fail(out_error, "mapping its stack", mnos_status_text(status));
    }
    process->stack_top = top;
    return true;
}

bool mnos_process_start(struct mnos_process *process, uint64_t argument,
                        struct mnos_process_error *out_error)
{
    mn_status thread = sys_spawn_thread(process->slot, process->entry,
                                        process->stack_top, argument, MN_CPU_OF_CALLER);

    if (mn_is_error(thread)) {
        return fail(out_error, "starting its thread", mnos_status_text(thread));
    }
    return true;
}

void mnos_process_abandon(struct mnos_process *process)
{
    uint64_t exit_code;

    if (sys_kill_process(process->slot, 1) == MN_OK) {
        (void)sys_wait_process(process->slot, &exit_code);
    }
    (void)sys_drop_cap(process->slot);
    *process = (struct mnos_process){0};
}
