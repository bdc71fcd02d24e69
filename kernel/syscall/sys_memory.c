/**
 * sys_memory.c - ALLOC_MEMORY, MAP_MEMORY, UNMAP_MEMORY, PROTECT_MEMORY.
 */
#include "abi/user_memory_map.h"
#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/tlb.h"
#include "cap/account_cap.h"
#include "core/bytes.h"
#include "core/frame.h"
#include "core/slab.h"
#include "core/user_range.h"
#include "device/device_memory.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** How many pages one step zeroes, and how many mappings one step ends. */
enum { STEP_ZERO_PAGES = 16, STEP_UNMAPS = 16 };

/** Zeroes some more of the caller's new block; comes back when all of it is zero. */
static struct frame *zero_block(struct thread *thread)
{
    struct frame *frame = thread->zeroing;
    uint64_t rest = frame->pages - thread->zeroed_pages;
    uint64_t now = rest < STEP_ZERO_PAGES ? rest : STEP_ZERO_PAGES;
    uint64_t at = frame->address + (thread->zeroed_pages << FRAME_SHIFT);

    memset(phys_to_virt(at), 0, now << FRAME_SHIFT);
    thread->zeroed_pages += now;
    if (thread->zeroed_pages < frame->pages) {
        thread_restart_syscall();
    }
    thread->zeroing = NULL;
    return frame;
}

/** Takes a block for the caller, which refers to it until it is zero. */
static mn_status begin_block(struct thread *thread, struct account *account,
                             uint64_t order)
{
    struct frame *frame =
        order > MN_ORDER_MAX ? NULL : frame_create(account, (unsigned)order);

    if (frame == NULL) {
        return MN_ERROR_NO_MEMORY;
    }
    frame_retain(frame);
    thread->zeroing = frame;
    thread->zeroed_pages = 0;
    return MN_OK;
}

/** Gives up the block that the caller's last ALLOC_MEMORY was zeroing, unless this one goes on
 *  with it: the instruction there may have been changed meanwhile. */
static void drop_other_block(struct thread *thread, const struct account *account,
                             uint64_t order)
{
    struct frame *block = thread->zeroing;

    if (block != NULL && (account == NULL || slab_account(block) != account ||
                          order > MN_ORDER_MAX || block->pages != 1ull << order)) {
        frame_release(block);
        thread->zeroing = NULL;
    }
}

uint64_t syscall_alloc_memory(struct trap_frame *frame)
{
    struct thread *thread = thread_current();
    struct account *account;
    struct slot *target;
    struct frame *block;
    mn_status status = lookup_account(frame->rdi, &account);

    if (status == MN_OK) {
        status = cnode_lookup_empty(&lookup_self()->cnode, frame->rsi, &target);
    }
    /* While a block was zeroed, another thread may have taken the slot or the account. */
    drop_other_block(thread, status == MN_OK ? account : NULL, frame->rdx);
    if (status == MN_OK && thread->zeroing == NULL) {
        status = begin_block(thread, account, frame->rdx);
    }
    if (status != MN_OK) {
        return status;
    }
    block = zero_block(thread);
    capability_install(target, &account_cap_of(account)->anchor,
                       SLOT_WORD(MN_CAP_MEMORY_FRAME, MN_RIGHTS_ALL), block, 0);
    return MN_OK;
}

_Static_assert(MN_MAP_WRITABLE << 1 == MN_RIGHT_WRITE &&
                   MN_MAP_EXECUTABLE << 1 == MN_RIGHT_EXEC,
               "MAP_MEMORY");

#define MAP_FLAGS \
    (MN_MAP_WRITABLE | MN_MAP_EXECUTABLE | MN_MAP_UNCACHED | MN_MAP_WRITE_COMBINING)

/** What flags want of the frame's capability: the two that matter stand like the two rights,
 *  a bit lower. */
static uint32_t rights_for(uint64_t flags)
{
    return MN_RIGHT_READ | (uint32_t)(flags & (MN_MAP_WRITABLE | MN_MAP_EXECUTABLE))
                               << 1;
}

__attribute__((noinline)) static uint64_t map_memory(const struct trap_frame *frame)
{
    uint32_t rights = rights_for(frame->r10) | CNODE_USES_UP;
    struct process *process;
    struct slot *source;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status != MN_OK) {
        return status;
    }
    if (frame->r10 > MAP_FLAGS) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    status = lookup(frame->rsi, MN_CAP_MEMORY_FRAME, rights, &source);
    if (status == MN_ERROR_TYPE) {
        status = lookup(frame->rsi, MN_CAP_DEVICE_MEMORY, rights, &source);
        if (status == MN_OK) {
            status =
                device_memory_map(source, &process->vspace, frame->rdx, frame->r10);
        }
    } else if (status == MN_OK) {
        status = frame->r10 >= MN_MAP_UNCACHED
                     ? MN_ERROR_INVALID_ARGUMENT
                     : vspace_map(&process->vspace, &(struct vspace_request){
                                                        .frame = source->object,
                                                        .parent = &source->node,
                                                        .virtual = frame->rdx,
                                                        .flags = (uint32_t)frame->r10});
    }
    if (status == MN_OK) {
        capability_used(source);
    }
    return status;
}

uint64_t syscall_map_memory(struct trap_frame *frame)
{
    uint64_t flags = frame->r10;
    const struct thread *self = thread_current();
    struct slot *target =
        lookup_quick(self, frame->rdi, MN_CAP_PROCESS, MN_RIGHT_WRITE);
    struct slot *source;
    struct process *process;

    if (target == NULL) {
        return map_memory(frame);
    }
    if (flags > MN_MAP_EXECUTABLE) {
        return map_memory(frame);
    }
    process = target->object;
    source = lookup_quick(self, frame->rsi, MN_CAP_MEMORY_FRAME, rights_for(flags));
    if (source == NULL || process->state != MN_PROCESS_RUNNING) {
        return map_memory(frame);
    }
    return vspace_map_page(&process->vspace, source, frame->rdx, flags);
}

uint64_t syscall_unmap_memory(struct trap_frame *frame)
{
    uint64_t start = frame->rsi;
    struct process *process;
    uint64_t end;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status == MN_OK) {
        status = user_range_check(start, frame->rdx, &end);
    }
    if (status != MN_OK) {
        return status;
    }
    for (unsigned i = 0; i < STEP_UNMAPS; i++) {
        struct mapping *mapping = vspace_find(&process->vspace, start);

        if (mapping == NULL || mapping_start(mapping) >= end) {
            return MN_OK;
        }
        if (mapping_start(mapping) < start || mapping_end(mapping) > end) {
            return MN_ERROR_MAPPING;
        }
        vspace_unmap(mapping);
    }
    thread_restart_syscall();
}

/** Changes some of the mappings from *@p at on; MN_OK with *@p at below @p end: not all. */
static mn_status protect_some(struct vspace *vspace, uint64_t *at, uint64_t end,
                              uint32_t flags)
{
    for (unsigned i = 0; i < STEP_UNMAPS && *at < end; i++) {
        struct mapping *mapping = vspace_find(vspace, *at);
        mn_status status;

        if (mapping == NULL || mapping_start(mapping) >= end) {
            *at = end;
            break;
        }
        if (mapping_start(mapping) < *at || mapping_end(mapping) > end) {
            return MN_ERROR_MAPPING;
        }
        status = vspace_protect(mapping, flags);
        if (status != MN_OK) {
            return status;
        }
        *at = mapping_end(mapping);
    }
    return MN_OK;
}

uint64_t syscall_protect_memory(struct trap_frame *frame)
{
    uint64_t at = frame->rsi;
    uint64_t end = at;
    struct process *process;
    mn_status status = lookup_process(frame->rdi, MN_RIGHT_WRITE, &process);

    if (status == MN_OK) {
        status = user_range_check(at, frame->rdx, &end);
    }
    if (status == MN_OK && frame->r10 > MN_MAP_EXECUTABLE) {
        status = MN_ERROR_INVALID_ARGUMENT;
    }
    if (status != MN_OK) {
        return status;
    }
    status = protect_some(&process->vspace, &at, end, (uint32_t)frame->r10);
    if (at > frame->rsi) {
        tlb_flush(process->vspace.space.cr3, frame->rsi,
                  (at - frame->rsi) >> FRAME_SHIFT);
    }
    if (status == MN_OK && at < end) {
        frame->rsi = at;
        frame->rdx = (end - at) >> FRAME_SHIFT;
        thread_restart_syscall();
    }
    return status;
}
