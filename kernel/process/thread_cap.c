/**
 * thread_cap.c - see thread_cap.h.
 */
#include "process/thread_cap.h"

#include "abi/thread.h"
#include "cap/account_cap.h"
#include "core/slab.h"
#include "process/process.h"

mn_status thread_cap_open(struct thread *thread, struct slot *target)
{
    struct account *account = thread->process->account;
    struct thread_handle *handle = thread->handle;

    if (handle == NULL) {
        handle = slab_take(account, SLAB_64);
        if (handle == NULL) {
            return MN_ERROR_NO_MEMORY;
        }
        handle->thread = thread;
        handle->id = thread->id;
        handle->pid = thread->process->pid;
        thread->handle = handle;
    }
    capability_install(target, &account_cap_of(account)->anchor,
                       SLOT_WORD(MN_CAP_THREAD, MN_RIGHTS_ALL), handle, 0);
    handle->references++;
    return MN_OK;
}

void thread_cap_forget(struct thread *thread)
{
    if (thread->handle != NULL) {
        thread->handle->thread = NULL;
        thread->handle = NULL;
    }
}

static void retain(struct slot *slot)
{
    struct thread_handle *handle = slot->object;

    handle->references++;
}

static void release(struct slot *slot)
{
    struct thread_handle *handle = slot->object;

    handle->references--;
    if (handle->references == 0) {
        if (handle->thread != NULL) {
            handle->thread->handle = NULL;
        }
        slab_give(handle);
    }
}

static uint64_t state_of(const struct thread *thread)
{
    return ((thread->holds & THREAD_FAULTED) != 0 ? MN_THREAD_IS_FAULTED : 0) |
           ((thread->holds & THREAD_SUSPENDED) != 0 ? MN_THREAD_IS_SUSPENDED : 0);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct thread_handle *handle = slot->object;
    const struct thread *thread = handle->thread;

    info->a = handle->id;
    info->b = MN_THREAD_IS_GONE;
    info->c = handle->pid;
    if (thread != NULL) {
        info->b = state_of(thread) | thread->priority << 8 | thread->ceiling << 16 |
                  (uint64_t)thread->cpu << 32;
    }
}

const struct object_ops thread_ops = {retain, release, describe, NULL, NULL};
