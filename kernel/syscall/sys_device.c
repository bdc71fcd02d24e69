/**
 * sys_device.c - PORT_OUT, PORT_IN, WAIT_IRQ.
 */
#include "device/interrupt.h"
#include "device/io_port.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** Checks an access of a width to a port by a capability with a right. */
static mn_status check_port(uint64_t index, uint32_t right, uint64_t port,
                            uint32_t bytes)
{
    struct slot *slot;
    mn_status status = lookup(index, MN_CAP_IO_PORT, right, &slot);

    if (status != MN_OK) {
        return status;
    }
    if (bytes == 0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    return io_port_contains(slot, port, bytes) ? MN_OK : MN_ERROR_RIGHTS;
}

uint64_t syscall_port_out(struct trap_frame *frame)
{
    uint32_t bytes = io_port_bytes(frame->r10);
    mn_status status = check_port(frame->rdi, MN_RIGHT_WRITE, frame->rsi, bytes);

    if (status == MN_OK) {
        io_port_out((uint16_t)frame->rsi, frame->rdx, bytes);
    }
    return status;
}

uint64_t syscall_port_in(struct trap_frame *frame)
{
    uint32_t bytes = io_port_bytes(frame->r10);
    mn_status status = check_port(frame->rdi, MN_RIGHT_READ, frame->rsi, bytes);

    if (status == MN_OK) {
        frame->rdi = io_port_in((uint16_t)frame->rsi, bytes);
    }
    return status;
}

uint64_t syscall_wait_irq(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_INTERRUPT, MN_RIGHT_READ, &slot);

    return status == MN_OK ? interrupt_wait(slot, thread_current()) : status;
}
