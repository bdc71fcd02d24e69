/**
 * process_loader.h - a child's life: made, equipped, filled, started; or taken back whole.
 *
 *   mnos_process_create()     SPAWN_PROCESS
 *   sys_delegate()            what it may use; its slot is child.slot
 *   mnos_process_load()       its ELF's PT_LOAD segments, W^X, .bss zeroed
 *   mnos_process_map_stack()  RW, a guard page under it
 *   mnos_process_start()      SPAWN_THREAD at its entry
 *   mnos_process_abandon()    after a failure of any of these: all of it is given back
 *
 * Each returns false with @p out_error saying which step failed and why; what it took for
 * itself on the way it has given back, what it put into the child goes with the child.
 */
#ifndef MNOS_PROCESS_LOADER_H
#define MNOS_PROCESS_LOADER_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** What the loader works with; all of it the caller's, lent. */
struct mnos_loader {
    uint64_t account;       /**< slot of the PmmAllocator that pays [WRITE] */
    uint64_t self;          /**< slot of the caller's own Process [WRITE] */
    uint64_t scratch_slot;  /**< Empty before and after each call */
    uint64_t scratch_vaddr; /**< a page of the caller's that is unmapped, likewise */
};

/** A child. Fields are read only for the caller. */
struct mnos_process {
    uint64_t slot; /**< of its Process capability, ALL rights */
    uint64_t pid;
    uint64_t entry;     /**< set by mnos_process_load() */
    uint64_t stack_top; /**< set by mnos_process_map_stack() */
};

/** Why a step failed; both texts are static. */
struct mnos_process_error {
    const char *step;
    const char *cause;
};

/** Makes an empty process, paid by the loader's account. */
MN_MUST_CHECK bool mnos_process_create(const struct mnos_loader *loader,
                                       struct mnos_process *out_process,
                                       struct mnos_process_error *out_error);

/** Maps the segments of the untrusted ELF image of @p size bytes at @p image. */
MN_MUST_CHECK bool mnos_process_load(const struct mnos_loader *loader,
                                     struct mnos_process *process, const void *image,
                                     size_t size, struct mnos_process_error *out_error);

/** The same, its writable segments alone: the others are mapped already (program_image.h). */
MN_MUST_CHECK bool mnos_process_load_writable(const struct mnos_loader *loader,
                                              struct mnos_process *process,
                                              const void *image, size_t size,
                                              struct mnos_process_error *out_error);

/** Maps @p pages pages of stack below the page address @p top. The page under them is
 *  the guard: the caller maps nothing there. */
MN_MUST_CHECK bool mnos_process_map_stack(const struct mnos_loader *loader,
                                          struct mnos_process *process, uint64_t top,
                                          uint64_t pages,
                                          struct mnos_process_error *out_error);

/** Starts the first thread, with @p argument in RDI. */
MN_MUST_CHECK bool mnos_process_start(struct mnos_process *process, uint64_t argument,
                                      struct mnos_process_error *out_error);

/** Ends the child, waits until all that it had is given back, and drops its
 *  capability. */
void mnos_process_abandon(struct mnos_process *process);

#endif
