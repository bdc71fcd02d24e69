/**
 * memory.h - pages in an address space: UNMAP_MEMORY, and fresh pages in one call; what a
 * device calls a frame.
 */
#ifndef MNOS_MEMORY_H
#define MNOS_MEMORY_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

/** Takes @p pages pages from the page address @p vaddr on out of the process in
 *  @p process [WRITE]; frames that nothing else names go back to their account. */
MN_MUST_CHECK mn_status sys_unmap_memory(uint64_t process, uint64_t vaddr,
                                         uint64_t pages);

/** Gives the mappings in the range other MN_MAP_* @p flags, within what they were made
 *  from. */
MN_MUST_CHECK mn_status sys_protect_memory(uint64_t process, uint64_t vaddr,
                                           uint64_t pages, uint64_t flags);

/** Tells the physical address of the first byte of the block in @p frame [READ, WRITE], by
 *  the Dma in @p dma [READ], for a device to read and write. From then on the block,
 *  dropped by everybody, is not used again until its account is closed. */
MN_MUST_CHECK mn_status sys_frame_address(uint64_t dma, uint64_t frame,
                                          uint64_t *out_address);

/** No device has the address of the block in @p frame [REVOKE] any more: it may be used
 *  again when it is dropped. */
MN_MUST_CHECK mn_status mnos_frame_address_forget(uint64_t dma, uint64_t frame);

/** Where new pages come from: the slots of an account [WRITE] and of a process [WRITE],
 *  and an Empty slot that each call uses and leaves Empty. */
struct mnos_memory_source {
    uint64_t account;
    uint64_t process;
    uint64_t scratch_slot;
};

/**
 * Maps @p pages zeroed pages at @p vaddr, one by one, with MN_MAP_* @p flags.
 *
 * All or none: on an error the pages that were mapped are taken out again.
 * MN_ERROR_NO_MEMORY, MN_ERROR_MAPPING as from ALLOC_MEMORY and MAP_MEMORY.
 */
MN_MUST_CHECK mn_status mnos_memory_map(const struct mnos_memory_source *source,
                                        uint64_t vaddr, uint64_t pages, uint64_t flags);

#endif
