/**
 * program_image.h - a program that many processes run: what nobody writes is there once.
 *
 * The segments without write permission are copied into frames once and mapped into each process, as the code and the constants of
 * wasm_host are into every program's. Writable segments are each process's own. In the life of process_loader.h
 * mnos_program_image_load() takes the place of mnos_process_load().
 */
#ifndef MNOS_PROGRAM_IMAGE_H
#define MNOS_PROGRAM_IMAGE_H

#include "mnos/process_loader.h"

enum { MNOS_PROGRAM_BLOCKS_MAX = 24 };

/** Fields are private to program_image.c. */
struct mnos_program_image {
    const void *elf; /**< borrowed */
    size_t size;
    uint32_t block_count;
    struct mnos_program_block {
        uint64_t slot; /**< of the MemoryFrame capability */
        uint64_t vaddr;
        uint64_t pages;
        uint64_t flags; /**< MN_MAP_* */
    } blocks[MNOS_PROGRAM_BLOCKS_MAX];
};

/** Where the frames' capabilities and, for a moment, the frames themselves go. */
struct mnos_program_room {
    uint64_t first_slot; /**< Empty slots from here on are used */
    uint64_t window; /**< page address in the caller, 2 MiB unmapped, likewise after */
};

/** Copies the read-only segments of the untrusted ELF image of @p size bytes at @p elf, which stays, paid by the loader's
 *  account. On failure nothing is left. */
MN_MUST_CHECK bool mnos_program_image_create(const struct mnos_loader *loader,
                                             const struct mnos_program_room *room,
                                             const void *elf, size_t size,
                                             struct mnos_program_image *out_image,
                                             struct mnos_process_error *out_error);

/** Maps the program into @p process; its writable segments are paid by the loader's account. */
MN_MUST_CHECK bool mnos_program_image_load(const struct mnos_loader *loader,
                                           struct mnos_process *process,
                                           const struct mnos_program_image *image,
                                           struct mnos_process_error *out_error);

/** Drops the frames: they go when the last process that has them mapped does. */
void mnos_program_image_release(struct mnos_program_image *image);

#endif
