/**
 * fuzz_boot.c - the boot protocols' readers on any bytes as physical memory.
 *
 * The first byte chooses the protocol. Addresses that PVH tells are folded into the input.
 * The map that comes out is settled, and must then be sorted and without overlaps.
 */
#include "core/multiboot2.h"
#include "core/pvh.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *memory;
static size_t memory_size;

static const void *reach(uint64_t physical, uint64_t size)
{
    size_t at = (size_t)(physical % memory_size);

    return size <= memory_size - at ? memory + at : NULL;
}

static void check(const struct memory_map *map)
{
    uint64_t end = 0;

    for (uint32_t i = 0; i < map->count; i++) {
        const struct memory_region *region = &map->regions[i];

        if (region->base < end || region->size == 0) {
            abort();
        }
        end = region->base + region->size;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct boot_info info;
    static struct memory_map_work work;
    const struct boot_image image = {0x4000, 0x20000, 0x4000};
    enum boot_status status;
    uint8_t *copy;

    if (size < 2) {
        return 0;
    }
    /* A copy of just the size, so that the sanitizer sees a byte read behind it. */
    memory_size = size - 1;
    copy = malloc(memory_size);
    memcpy(copy, data + 1, memory_size);
    memory = copy;
    memset(&info, 0, sizeof info);
    status = (data[0] & 1) != 0 ? pvh_read(0, reach, &info)
                                : multiboot2_read(copy, memory_size, &info);
    boot_info_debug_exit(&info);
    if (status == BOOT_OK && boot_info_settle(&info, &image, &work) == BOOT_OK) {
        check(&info.memory);
    }
    free(copy);
    return 0;
}
