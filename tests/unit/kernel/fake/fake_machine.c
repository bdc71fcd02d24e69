/**
 * fake_machine.c - see fake_machine.h.
 */
#include "fake_machine.h"

#include "arch/x86_64/direct_map.h"
#include "arch/x86_64/tlb.h"
#include "model/choices.h"
#include <string.h>

uint8_t *fake_memory;
struct frame_allocator physical_memory;
uint64_t derivation_changes;
struct fake_tlb fake_tlb;

static void *bitmaps;

void account_idle(struct account *account)
{
    require(account->used_frames == 0);
}

void tlb_flush(uint64_t cr3, uint64_t virtual, uint64_t pages)
{
    fake_tlb = (struct fake_tlb){fake_tlb.flushes + 1, cr3, virtual, pages};
}

void fake_machine_open(uint64_t frames)
{
    fake_memory = aligned_alloc(FRAME_BYTES, frames << FRAME_SHIFT);
    bitmaps = calloc(1, frame_allocator_bitmap_bytes(frames));
    require(fake_memory != NULL && bitmaps != NULL);
    memset(fake_memory, 0xA5, frames << FRAME_SHIFT);
    memset(fake_memory, 0, FRAME_BYTES);
    memset(&fake_tlb, 0, sizeof(fake_tlb));
    frame_allocator_init(&physical_memory, fake_memory, frames, bitmaps);
    frame_allocator_add(&physical_memory, 1, frames);
}

void fake_machine_close(void)
{
    require(physical_memory.free_frames == physical_memory.frame_count - 1);
    free(fake_memory);
    free(bitmaps);
}
