/**
 * loader.h - a small boot loader that speaks the Limine boot protocol, for tests.
 *
 * QEMU starts it by PVH with one archive as its initrd, which holds kernel.elf and
 * initrd.tar. It loads the kernel into the highest free memory, maps it with the access that
 * its program headers ask for, gives it a direct map at LOADER_HHDM of what the protocol
 * lists and nothing else, answers its requests, parks the other CPUs, and enters it.
 *
 * The command line goes to the kernel; its word loader.no=FEATURE leaves that request
 * without an answer.
 */
#ifndef LOADER_LOADER_H
#define LOADER_LOADER_H

#include "core/attributes.h"
#include "core/memory_map.h"
#include "limine_protocol.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Not where the kernel has its own direct map, so that it can't mix them up. */
#define LOADER_HHDM 0xffff900000000000ull

enum { PAGE_BYTES = 4096 };

/** What QEMU told. */
struct loader_input {
    struct memory_map memory; /**< as the firmware gave it, not normalized */
    const uint8_t *archive;
    uint64_t archive_size;
    const char *command_line;
    uint64_t rsdp;
};

/** A kernel image in memory. */
struct loader_image {
    uint64_t physical_base;
    uint64_t virtual_base;
    uint64_t size; /**< bytes, whole pages */
    uint64_t entry;
    const uint8_t *elf;
};

/** Says why and ends QEMU with a status other than 0. */
MN_PRINTF(1, 2)
_Noreturn void loader_fail(const char *format, ...);

/* input.c */

/** Reads PVH's start info at @p address. */
void input_read(uint64_t address, struct loader_input *out_input);

/** Is @p word a word of the command line? */
bool input_has_word(const struct loader_input *input, const char *word);

/* memory.c */

/** Memory of the loader's own, zeroed, page-aligned; below 4 GiB; reclaimable. */
void *memory_arena(uint64_t size);

/** Takes whole pages from the top of the highest free region. */
uint64_t memory_take_top(const struct loader_input *input, uint64_t size);

/** The memory map for the kernel: what was taken is MEMORY_KERNEL, the loader itself
 *  MEMORY_RECLAIMABLE. */
void memory_final_map(const struct loader_input *input, struct memory_map *out_map);

/** Where the other CPUs begin, below 1 MiB. */
#define MEMORY_AP_PAGE 0x8000ull

/* image.c */

/** Loads the ELF of @p size bytes; refuses what Limine refuses. */
void image_load(const struct loader_input *input, const uint8_t *elf, uint64_t size,
                struct loader_image *out_image);

/** The request in the loaded image for @p feature; NULL: there is none. */
struct limine_request *image_request(const struct loader_image *image,
                                     enum limine_feature feature);

/** Where in memory the loaded image has its base revision tag; NULL: nowhere. */
uint64_t *image_base_revision(const struct loader_image *image);

/* tables.c */

/** Makes the page tables that the kernel is entered with; returns their CR3. */
uint64_t tables_make(const struct loader_image *image, const struct memory_map *map);

/* cpus.c */

/** Parks the other CPUs on the page tables @p cr3 and makes the MP response. */
struct limine_mp_response *cpus_park(const struct loader_input *input, uint64_t cr3);

#endif
