/**
 * fuzz_acpi.c - the ACPI tables from any bytes.
 *
 * The input is physical memory, the RSDP at its start. What is mapped is a copy of just
 * that size, so that the sanitizer sees a byte read behind it, with its checksum put
 * right.
 */
#include "core/acpi.h"
#include "debug/log.h"
#include <stdlib.h>
#include <string.h>

enum { MAPS_MAX = 4096, TABLE_HEADER_SIZE = 36, RSDP = 1 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *memory;
static size_t memory_size;
static void *maps[MAPS_MAX];
static unsigned map_count;

void acpi_log(const char *format, ...)
{
    (void)format;
}

/* Addresses are folded into the input, or nothing would ever be found. */
static const void *map_memory(uint64_t physical, uint64_t size)
{
    size_t at = physical == RSDP ? 0 : (size_t)(physical % memory_size);
    uint32_t checksum_at = physical == RSDP ? 8 : 9;
    uint8_t sum = 0;
    uint8_t *copy;

    if (map_count == MAPS_MAX || size > memory_size - at) {
        return NULL;
    }
    copy = malloc(size);
    memcpy(copy, memory + at, size);
    if (physical == RSDP) {
        memcpy(copy, "RSD PTR ", 8);
    }
    for (uint64_t i = 0; i < size; i++) {
        sum = (uint8_t)(sum + copy[i]);
    }
    copy[checksum_at] = (uint8_t)(copy[checksum_at] - sum);
    maps[map_count++] = copy;
    return copy;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct acpi_info info;

    if (size < TABLE_HEADER_SIZE) {
        return 0;
    }
    memory = data;
    memory_size = size;
    map_count = 0;
    acpi_read(RSDP, map_memory, &info);
    if (info.cpu_count > ACPI_CPU_MAX || info.ioapic_count > ACPI_IOAPIC_MAX ||
        info.override_count > ACPI_OVERRIDE_MAX) {
        abort();
    }
    while (map_count > 0) {
        free(maps[--map_count]);
    }
    return 0;
}
