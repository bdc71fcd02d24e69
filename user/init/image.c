/**
 * image.c - see image.h.
 *
 * Blocks are taken from the largest that fits down, so a large module needs few.
 */
#include "init/image.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "init/instance.h"
#include "init/layout.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

/** Takes one block of at most @p pages pages, as large as the machine still has. */
static mn_status take_block(struct image *image, uint64_t pages)
{
    unsigned order = MN_ORDER_MAX;
    uint64_t slot = instance_find_slot();
    mn_status status = MN_ERROR_NO_MEMORY;

    if (image->block_count == IMAGE_BLOCKS_MAX || slot == 0) {
        return MN_ERROR_NO_MEMORY;
    }
    while (order > 0 && UINT64_C(1) << order > pages) {
        order--;
    }
    for (;;) {
        status = sys_alloc_memory(MN_INIT_SLOT_MEMORY, slot, order);
        if (status != MN_ERROR_NO_MEMORY || order == 0) {
            break;
        }
        order--;
    }
    if (status == MN_OK) {
        image->blocks[image->block_count].slot = slot;
        image->blocks[image->block_count].order = order;
        image->block_count++;
        image->pages += UINT64_C(1) << order;
    }
    return status;
}

mn_status image_map(const struct image *image, uint64_t process_slot, uint64_t vaddr)
{
    uint64_t at = vaddr;

    for (uint32_t i = 0; i < image->block_count; i++) {
        mn_status status = sys_map_memory(process_slot, image->blocks[i].slot, at, 0);

        if (status != MN_OK) {
            (void)sys_unmap_memory(process_slot, vaddr, (at - vaddr) / MN_PAGE_SIZE);
            return status;
        }
        at += MN_PAGE_SIZE << image->blocks[i].order;
    }
    return MN_OK;
}

/** Writes the bytes into the frames, mapped here for so long. */
static mn_status fill(const struct image *image, const void *bytes)
{
    uint64_t at = 0;

    for (uint32_t i = 0; i < image->block_count; i++) {
        uint64_t size = MN_PAGE_SIZE << image->blocks[i].order;
        uint64_t rest = image->bytes - at;
        mn_status status = sys_map_memory(MN_INIT_SLOT_SELF, image->blocks[i].slot,
                                          INIT_IMAGE_AREA, MN_MAP_WRITABLE);

        if (status != MN_OK) {
            return status;
        }
        memcpy((void *)INIT_IMAGE_AREA, (const uint8_t *)bytes + at,
               rest < size ? rest : size);
        (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_IMAGE_AREA, size / MN_PAGE_SIZE);
        at += size;
    }
    return MN_OK;
}

mn_status image_create(const void *bytes, uint64_t size, struct image *out_image)
{
    uint64_t pages = (size + MN_PAGE_SIZE - 1) / MN_PAGE_SIZE;
    mn_status status = MN_OK;

    *out_image = (struct image){.bytes = size};
    while (status == MN_OK && out_image->pages < pages) {
        status = take_block(out_image, pages - out_image->pages);
    }
    if (status == MN_OK) {
        status = fill(out_image, bytes);
    }
    if (status != MN_OK) {
        image_release(out_image);
    }
    return status;
}

void image_release(struct image *image)
{
    for (uint32_t i = 0; i < image->block_count; i++) {
        (void)sys_drop_cap(image->blocks[i].slot);
    }
    *image = (struct image){0};
}
