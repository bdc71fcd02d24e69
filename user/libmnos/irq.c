/**
 * irq.c - WAIT_IRQ.
 */
#include "mnos/irq.h"
#include "mnos/syscall.h"

mn_status sys_wait_irq(uint64_t slot)
{
    return syscall4(MN_SYS_WAIT_IRQ, slot, 0, 0, 0);
}
