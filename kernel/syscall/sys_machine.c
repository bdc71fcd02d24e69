/**
 * sys_machine.c - READ_LOG, END_MACHINE.
 */
#include "abi/syscall.h"
#include "arch/x86_64/machine_end.h"
#include "arch/x86_64/user_copy.h"
#include "debug/log.h"
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
