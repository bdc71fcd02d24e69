/**
 * fuzz_elf64.c - core/elf64 on any bytes: what a plan promises holds, checked here once
 * more in 128 bits and by reading every byte that the plan says to copy.
 */
#include "core/elf64.h"
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef unsigned __int128 wide;

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_segment(const struct elf64_segment *segment, size_t size)
{
    wide end = (wide)segment->vaddr + segment->memsz;

    require(segment->memsz > 0 && segment->filesz <= segment->memsz);
    require(segment->vaddr >= 0x10000 && end <= 0x7FFFFFFFF000);
    require((wide)segment->offset + segment->filesz <= size);
    require((segment->flags & ~7u) == 0 && (segment->flags & 3) != 3);
    require((segment->vaddr - segment->offset) % 4096 == 0);
    require(elf64_first_page(segment) <= segment->vaddr);
    require(elf64_first_page(segment) % 4096 == 0);
    require(elf64_end_page(segment) >= end && elf64_end_page(segment) % 4096 == 0);
}

static void check_plan(const uint8_t *image, size_t size, const struct elf64_plan *plan)
{
    bool entry = false;
    volatile uint8_t seen = 0;

    require(plan->count >= 1 && plan->count <= ELF64_SEGMENTS_MAX);
    for (size_t i = 0; i < plan->count; i++) {
        const struct elf64_segment *one = &plan->segments[i];

        check_segment(one, size);
        for (size_t j = 0; j < i; j++) {
            const struct elf64_segment *other = &plan->segments[j];
            require(one->vaddr / 4096 > (other->vaddr + other->memsz - 1) / 4096 ||
                    other->vaddr / 4096 > (one->vaddr + one->memsz - 1) / 4096);
        }
        for (uint64_t at = 0; at < one->filesz; at++) {
            seen ^= image[one->offset + at];
        }
        entry =
            entry || ((one->flags & ELF64_EXECUTE) != 0 && plan->entry >= one->vaddr &&
                      plan->entry < (wide)one->vaddr + one->memsz);
    }
    require(entry);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size > 0 ? size : 1);
    struct elf64_plan plan;

    require(copy != NULL);
    if (size > 0) {
        memcpy(copy, data, size);
    }
    if (elf64_parse(copy, size, &plan) == ELF64_OK) {
        check_plan(copy, size, &plan);
    }
    free(copy);
    return 0;
}
