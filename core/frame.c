/**
 * frame.c - see frame.h.
 */
#include "core/frame.h"

#include "core/account_object.h"
#include "core/assert.h"
#include "core/slab.h"

struct frame *frame_create(struct account *account, unsigned order)
{
    struct frame *frame = slab_take(account, SLAB_64);

    if (frame == NULL) {
        return NULL;
    }
    if (!account_take(account, order, &frame->address)) {
        slab_give(frame);
        return NULL;
    }
    frame->pages = 1ull << order;
    return frame;
}

static struct frame *make(struct account *account, uint64_t address, uint64_t pages)
{
    struct frame *frame = slab_take(account, SLAB_64);

    if (frame != NULL) {
        frame->address = address;
        frame->pages = pages;
    }
    return frame;
}

struct frame *frame_adopt(struct account *account, uint64_t address, uint64_t pages)
{
    struct frame *frame = NULL;

    if (account_charge(account, pages)) {
        frame = make(account, address, pages);
        if (frame == NULL) {
            account_uncharge(account, pages);
        }
    }
    return frame;
}

struct frame *frame_of_device(struct account *account, uint64_t address, uint64_t pages)
{
    struct frame *frame = make(account, address, pages);

    if (frame != NULL) {
        frame->is_device = true;
    }
    return frame;
}

void frame_retain(struct frame *frame)
{
    frame->references++;
}

static void give_back(struct frame *frame)
{
    struct account *account = slab_account(frame);
    uint64_t first = frame->address >> FRAME_SHIFT;

    frame_allocator_add(account->frames, first, first + frame->pages);
    account_uncharge(account, frame->pages);
    slab_give(frame);
}

void frame_end_retired(struct frame *frame)
{
    derivation_remove(&frame->retired);
    give_back(frame);
}

void frame_release(struct frame *frame)
{
    ASSERT(frame->references > 0);
    frame->references--;
    if (frame->references > 0) {
        return;
    }
    ASSERT(frame->mappings == 0);
    if (frame->is_device) {
        slab_give(frame);
    } else if (frame->address_told) {
        frame->retired = (struct cap_node){.word = CAP_NODE_RETIRED};
        /* Last: CLOSE_ACCOUNT keeps the first. */
        derivation_add_last_child(&account_cap_of(slab_account(frame))->anchor,
                                  &frame->retired);
    } else {
        give_back(frame);
    }
}

static void retain(struct slot *slot)
{
    frame_retain(slot->object);
}

static void release(struct slot *slot)
{
    frame_release(slot->object);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct frame *frame = slot->object;

    info->a = frame->pages << FRAME_SHIFT;
    info->b = frame->mappings;
}

const struct object_ops frame_ops = {retain, release, describe, NULL, NULL};
