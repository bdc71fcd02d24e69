/**
 * account.c - see account.h.
 */
#include "mem/account.h"

#include "arch/x86_64/direct_map.h"
#include "core/assert.h"
#include "core/bytes.h"

struct frame_allocator physical_memory;

void account_init(struct account *account, uint64_t id, uint64_t limit_frames)
{
    account->id = id;
    account->limit_frames = limit_frames;
    account->used_frames = 0;
    for (unsigned i = 0; i < SLAB_CLASSES; i++) {
        list_init(&account->slabs[i]);
    }
}

bool account_charge(struct account *account, uint64_t frames)
{
    if (frames > account->limit_frames - account->used_frames) {
        return false;
    }
    account->used_frames += frames;
    return true;
}

void account_uncharge(struct account *account, uint64_t frames)
{
    ASSERT(frames <= account->used_frames);
    account->used_frames -= frames;
}

bool account_take(struct account *account, unsigned order, uint64_t *out_address)
{
    if (!account_charge(account, 1ull << order)) {
        return false;
    }
    if (!frame_allocator_take(&physical_memory, order, out_address)) {
        account_uncharge(account, 1ull << order);
        return false;
    }
    return true;
}

void account_give(struct account *account, uint64_t address, unsigned order)
{
    frame_allocator_give(&physical_memory, address, order);
    account_uncharge(account, 1ull << order);
}

void *account_take_page(struct account *account)
{
    uint64_t address;
    void *page;

    if (!account_take(account, 0, &address)) {
        return NULL;
    }
    page = phys_to_virt(address);
    memset(page, 0, FRAME_BYTES);
    return page;
}

void account_give_page(struct account *account, void *page)
{
    account_give(account, virt_to_phys(page), 0);
}
