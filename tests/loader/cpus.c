/**
 * cpus.c - starts the other CPUs and parks them: the "MP Feature".
 */
#include "arch/x86_64/instructions.h"
#include "core/acpi.h"
#include "core/bytes.h"
#include "debug/log.h"
#include "loader.h"

enum {
    STACK_BYTES = 65536,
    ARRIVAL_READS = 10000000,
    LAPIC_ICR_LOW = 0x300 / 4,
    LAPIC_ICR_HIGH = 0x310 / 4,
    ICR_INIT = 0x4500,
    ICR_STARTUP = 0x4600
};

#define LAPIC_BASE 0xfee00000ull

extern const uint8_t ap_start[];
extern const uint8_t ap_end[];
extern const uint8_t ap_cr3[];

/* For start.S: where the first info is in the direct map, and how many have arrived. */
struct limine_mp_info *mp_infos;
uint32_t mp_parked;

static struct acpi_info acpi;

void acpi_log(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_printf_v(format, arguments);
    va_end(arguments);
}

static const void *map_identity(uint64_t physical, uint64_t size)
{
    (void)size;
    return (const void *)physical;
}

static void send(uint32_t lapic_id, uint32_t command)
{
    volatile uint32_t *lapic = (volatile uint32_t *)LAPIC_BASE;

    lapic[LAPIC_ICR_HIGH] = lapic_id << 24;
    lapic[LAPIC_ICR_LOW] = command;
}

static void start_cpu(uint32_t lapic_id)
{
    uint32_t before = __atomic_load_n(&mp_parked, __ATOMIC_ACQUIRE);

    send(lapic_id, ICR_INIT);
    send(lapic_id, ICR_STARTUP | (uint32_t)(MEMORY_AP_PAGE >> 12));
    for (uint32_t i = 0; i < ARRIVAL_READS; i++) {
        if (__atomic_load_n(&mp_parked, __ATOMIC_ACQUIRE) != before) {
            return;
        }
        x86_inb(0x80);
    }
    loader_fail("CPU %u does not start", lapic_id);
}

struct limine_mp_response *cpus_park(const struct loader_input *input, uint64_t cr3)
{
    struct limine_mp_response *response = memory_arena(sizeof *response);
    struct limine_mp_info *infos;
    uint64_t *pointers;

    acpi_read(input->rsdp, map_identity, &acpi);
    infos = memory_arena(acpi.cpu_count * sizeof *infos);
    pointers = memory_arena(acpi.cpu_count * sizeof *pointers);
    *response = (struct limine_mp_response){
        .bsp_lapic_id = x86_cpuid(1, 0).ebx >> 24,
        .cpu_count = acpi.cpu_count,
        .cpus = LOADER_HHDM + (uint64_t)pointers,
    };
    for (uint32_t i = 0; i < acpi.cpu_count; i++) {
        infos[i].processor_id = i;
        infos[i].lapic_id = acpi.cpu_lapic_ids[i];
        infos[i].extra_argument =
            LOADER_HHDM + (uint64_t)memory_arena(STACK_BYTES) + STACK_BYTES;
        pointers[i] = LOADER_HHDM + (uint64_t)&infos[i];
    }
    mp_infos = (struct limine_mp_info *)(LOADER_HHDM + (uint64_t)infos);
    memcpy((void *)MEMORY_AP_PAGE, ap_start, (size_t)(ap_end - ap_start));
    memcpy((uint8_t *)MEMORY_AP_PAGE + (ap_cr3 - ap_start), &cr3, sizeof(uint32_t));
    for (uint32_t i = 0; i < acpi.cpu_count; i++) {
        if (acpi.cpu_lapic_ids[i] != response->bsp_lapic_id) {
            start_cpu(acpi.cpu_lapic_ids[i]);
        }
    }
    return response;
}
