/**
 * io.c - PORT_OUT and PORT_IN.
 */
#include "mnos/io.h"
#include "mnos/syscall.h"

enum { WIDTH_BYTE = 1, WIDTH_DWORD = 4 };

static mn_status port_in(uint64_t slot, uint16_t port, uint64_t width,
                         uint64_t *out_value)
{
    struct syscall_registers registers = {.rdi = slot, .rsi = port, .r10 = width};
    mn_status status = syscall_results(MN_SYS_PORT_IN, &registers);

    *out_value = registers.rdi;
    return status;
}

mn_status sys_port_out(uint64_t slot, uint16_t port, uint8_t value)
{
    return syscall4(MN_SYS_PORT_OUT, slot, port, value, WIDTH_BYTE);
}

mn_status sys_port_in(uint64_t slot, uint16_t port, uint8_t *out_value)
{
    uint64_t value;
    mn_status status = port_in(slot, port, WIDTH_BYTE, &value);

    if (status == MN_OK) {
        *out_value = (uint8_t)value;
    }
    return status;
}

mn_status sys_port_out_32(uint64_t slot, uint16_t port, uint32_t value)
{
    return syscall4(MN_SYS_PORT_OUT, slot, port, value, WIDTH_DWORD);
}

mn_status sys_port_in_32(uint64_t slot, uint16_t port, uint32_t *out_value)
{
    uint64_t value;
    mn_status status = port_in(slot, port, WIDTH_DWORD, &value);

    if (status == MN_OK) {
        *out_value = (uint32_t)value;
    }
    return status;
}
