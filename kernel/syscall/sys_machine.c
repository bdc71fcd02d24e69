/**
 * sys_machine.c - READ_LOG, END_MACHINE, INSPECT.
 */
#include "abi/syscall.h"
#include "arch/x86_64/machine_end.h"
#include "arch/x86_64/user_copy.h"
#include "debug/log.h"
#include "process/inspect.h"
#include "process/log_reader.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** How much of the log one READ_LOG hands out at the most. */
enum { LOG_CHUNK = 512 };

uint64_t syscall_read_log(struct trap_frame *frame)
{
    char chunk[LOG_CHUNK];
    size_t size = frame->rdx < LOG_CHUNK ? frame->rdx : LOG_CHUNK;
    uint64_t first;
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_MACHINE, MN_RIGHT_READ, &slot);

    if (status != MN_OK) {
        return status;
    }
    if (size == 0 || (frame->r8 & ~(uint64_t)MN_READ_LOG_WAIT) != 0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    size = log_read(frame->r10, chunk, size, &first);
    if (size == 0 && (frame->r8 & MN_READ_LOG_WAIT) != 0) {
        log_reader_wait();
    }
    if (!user_copy_out(frame->rsi, chunk, size)) {
        return MN_ERROR_BAD_ADDRESS;
    }
    frame->rdi = first;
    return size;
}

uint64_t syscall_end_machine(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_MACHINE, MN_RIGHT_EXEC, &slot);

    if (status != MN_OK) {
        return status;
    }
    if (frame->rsi != MN_END_OK && frame->rsi != MN_END_FAILED) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    machine_end((unsigned)frame->rsi);
}

/** How many things one INSPECT looks at. */
enum { STEP_INSPECTIONS = 512 };

uint64_t syscall_inspect(struct trap_frame *frame)
{
    struct inspect_place *reader = &thread_current()->inspect;
    struct inspect_place place;
    struct mn_inspected record;
    struct slot *slot;
    uint64_t count = 0;
    mn_status status = lookup(frame->rdi, MN_CAP_INSPECTOR, MN_RIGHT_READ, &slot);

    if (status != MN_OK) {
        return status;
    }
    if (frame->rsi == 0 || frame->rsi > MN_INSPECT_ALL || frame->r8 < sizeof(record)) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    status = inspect_begin(reader, frame->rdx);
    if (status != MN_OK) {
        return status;
    }
    place = *reader;
    for (unsigned i = 0; i < STEP_INSPECTIONS && place.cursor != 0 &&
                         count < frame->r8 / sizeof(record);
         i++) {
        if (!inspect_next(&place, frame->rsi, &record)) {
            continue;
        }
        if (!user_copy_out(frame->r10 + count * sizeof(record), &record,
                           sizeof(record))) {
            return MN_ERROR_BAD_ADDRESS;
        }
        count++;
    }
    place.cursor += place.cursor != 0;
    *reader = place;
    frame->rdi = count;
    frame->rsi = place.cursor;
    frame->rdx = place.generation;
    return MN_OK;
}
