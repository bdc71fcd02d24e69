/**
 * irq.c - WAIT_IRQ, BIND_INTERRUPT, ACK_INTERRUPT.
 */
#include "mnos/irq.h"
#include "mnos/syscall.h"

mn_status sys_wait_irq(uint64_t slot)
{
    return syscall4(MN_SYS_WAIT_IRQ, slot, 0, 0, 0);
}

mn_status sys_bind_interrupt(uint64_t slot, uint64_t notification,
                             struct mnos_interrupt_message *out_message)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = notification};
    mn_status status = syscall_extended(MN_SYS_BIND_INTERRUPT, &registers);

    if (status == MN_OK) {
        out_message->address = registers.rdi;
        out_message->data = (uint32_t)registers.rsi;
    }
    return status;
}

mn_status sys_ack_interrupt(uint64_t slot)
{
    struct syscall_registers registers = {.rdi = slot};

    return syscall_extended(MN_SYS_ACK_INTERRUPT, &registers);
}
