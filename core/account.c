/**
 * account.c - see account.h.
 */
#include "core/account.h"

#include "core/assert.h"
#include "core/bytes.h"

void account_init(struct account *account, struct frame_allocator *frames, uint64_t id,
                  uint64_t limit_frames)
{
    account->frames = frames;
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
    if (!frame_allocator_take(account->frames, order, out_address)) {
        account_uncharge(account, 1ull << order);
        return false;
    }
    return true;
}

void account_give(struct account *account, uint64_t address, unsigned order)
{
    frame_allocator_give(account->frames, address, order);
    account_uncharge(account, 1ull << order);
}

void *account_take_block(struct account *account, unsigned order)
{
    uint64_t address;

    if (!account_take(account, order, &address)) {
        return NULL;
    }
    return memset(account->frames->direct_map + address, 0, FRAME_BYTES << order);
}

void account_give_block(struct account *account, void *block, unsigned order)
{
    uint64_t address = (uint64_t)((uint8_t *)block - account->frames->direct_map);

    account_give(account, address, order);
}

void *account_take_page(struct account *account)
{
    return account_take_block(account, 0);
}

void account_give_page(struct account *account, void *page)
{
    account_give_block(account, page, 0);
}
