/**
 * sys_device.c - PORT_OUT, PORT_IN, WAIT_IRQ, BIND_INTERRUPT, ACK_INTERRUPT, FRAME_ADDRESS.
 */
#include "abi/syscall.h"
#include "arch/x86_64/instructions.h"
#include "core/frame.h"
#include "core/io_port.h"
#include "device/interrupt.h"
#include "sched/scheduler.h"
#include "syscall/lookup.h"
#include "syscall/syscalls.h"

/** Checks an access of a width to a port by a capability with a right. */
static mn_status check_port(uint64_t index, uint32_t right, uint64_t port,
                            uint32_t bytes, struct slot **out_slot)
{
    struct slot *slot;
    mn_status status = lookup(index, MN_CAP_IO_PORT, right | CNODE_USES_UP, &slot);

    if (status != MN_OK) {
        return status;
    }
    if (bytes == 0) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    *out_slot = slot;
    return io_port_contains(slot, port, bytes) ? MN_OK : MN_ERROR_RIGHTS;
}

static void port_out(uint16_t port, uint64_t value, uint32_t bytes)
{
    if (bytes == 1) {
        x86_outb(port, (uint8_t)value);
    } else if (bytes == 2) {
        x86_outw(port, (uint16_t)value);
    } else {
        x86_outl(port, (uint32_t)value);
    }
}

static uint64_t port_in(uint16_t port, uint32_t bytes)
{
    if (bytes == 1) {
        return x86_inb(port);
    }
    return bytes == 2 ? x86_inw(port) : x86_inl(port);
}

uint64_t syscall_port_out(struct trap_frame *frame)
{
    uint32_t bytes = io_port_bytes(frame->r10);
    struct slot *slot;
    mn_status status = check_port(frame->rdi, MN_RIGHT_WRITE, frame->rsi, bytes, &slot);

    if (status == MN_OK) {
        port_out((uint16_t)frame->rsi, frame->rdx, bytes);
        capability_used(slot);
    }
    return status;
}

uint64_t syscall_port_in(struct trap_frame *frame)
{
    uint32_t bytes = io_port_bytes(frame->r10);
    struct slot *slot;
    mn_status status = check_port(frame->rdi, MN_RIGHT_READ, frame->rsi, bytes, &slot);

    if (status == MN_OK) {
        frame->rdi = port_in((uint16_t)frame->rsi, bytes);
        capability_used(slot);
    }
    return status;
}

uint64_t syscall_wait_irq(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_INTERRUPT, MN_RIGHT_READ, &slot);

    return status == MN_OK ? interrupt_wait(slot, thread_current()) : status;
}

uint64_t syscall_bind_interrupt(struct trap_frame *frame)
{
    struct slot *slot;
    struct slot *notification;
    mn_status status = lookup(frame->rdi, MN_CAP_INTERRUPT, MN_RIGHT_READ, &slot);

    if (status == MN_OK) {
        status = lookup(frame->rsi, MN_CAP_NOTIFICATION, MN_RIGHT_WRITE, &notification);
    }
    if (status == MN_OK) {
        status = interrupt_bind(slot, notification, &frame->rdi, &frame->rsi);
    }
    return scheduler_return(status);
}

uint64_t syscall_ack_interrupt(struct trap_frame *frame)
{
    struct slot *slot;
    mn_status status = lookup(frame->rdi, MN_CAP_INTERRUPT, MN_RIGHT_READ, &slot);

    return status == MN_OK ? interrupt_acknowledge(slot) : status;
}

uint64_t syscall_frame_address(struct trap_frame *frame)
{
    bool forget = frame->rdx == MN_FRAME_ADDRESS_FORGET;
    uint32_t rights = forget ? MN_RIGHT_REVOKE : MN_RIGHT_READ | MN_RIGHT_WRITE;
    struct slot *slot;
    struct frame *block;
    mn_status status = lookup(frame->rdi, MN_CAP_DMA, MN_RIGHT_READ, &slot);

    if (status == MN_OK) {
        status = lookup(frame->rsi, MN_CAP_MEMORY_FRAME, rights, &slot);
    }
    if (status != MN_OK) {
        return status;
    }
    if (frame->rdx > MN_FRAME_ADDRESS_FORGET) {
        return MN_ERROR_INVALID_ARGUMENT;
    }
    block = slot->object;
    block->address_told = !forget;
    frame->rdi = block->address;
    return MN_OK;
}
