/**
 * image.h - bytes of the initrd in frames that can be mapped into other processes,
 * read-only: a module, once for all the processes that run it.
 */
#ifndef INIT_IMAGE_H
#define INIT_IMAGE_H

#include "abi/status.h"
#include "core/attributes.h"
#include <stdint.h>

enum { IMAGE_BLOCKS_MAX = 24 };

/** Frames with a copy of some bytes. */
struct image {
    uint64_t bytes;
    uint64_t pages; /**< in all blocks together */
    uint32_t block_count;
    uint32_t users;
    struct {
        uint64_t slot; /**< of the MemoryFrame capability */
        uint32_t order;
    } blocks[IMAGE_BLOCKS_MAX];
};

/** Copies @p size bytes at @p bytes, more than 0, paid by Init. MN_ERROR_NO_MEMORY. */
MN_MUST_CHECK mn_status image_create(const void *bytes, uint64_t size,
                                     struct image *out_image);

/** Maps it read-only at @p vaddr into the process in @p process_slot. */
MN_MUST_CHECK mn_status image_map(const struct image *image, uint64_t process_slot,
                                  uint64_t vaddr);

/** Gives the frames back; where they are mapped they stay until those processes end. */
void image_release(struct image *image);

#endif
