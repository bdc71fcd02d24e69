/**
 * account_cap.c - see account_cap.h.
 */
#include "cap/account_cap.h"

#include "core/assert.h"
#include "core/slab.h"

struct account_object root_account;
struct frame_allocator physical_memory;

void account_cap_init(struct account_object *object)
{
    object->anchor.word = CAP_NODE_ANCHOR;
    derivation_init_root(&object->anchor);
}

struct account_object *account_cap_create(struct account *parent, uint64_t limit_frames)
{
    static uint64_t last_id = 1;
    struct account_object *object = slab_take(parent, SLAB_144);

    if (object == NULL) {
        return NULL;
    }
    if (!account_charge(parent, limit_frames)) {
        slab_give(object);
        return NULL;
    }
    account_init(&object->account, parent->frames, ++last_id, limit_frames);
    object->anchor.word = CAP_NODE_ANCHOR;
    derivation_add_child(&account_cap_of(parent)->anchor, &object->anchor);
    return object;
}

void account_cap_destroy(struct account_object *object)
{
    struct account *parent = slab_account(object);

    ASSERT(object->account.used_frames == 0 && object->anchor.first == NULL);
    derivation_remove(&object->anchor);
    account_uncharge(parent, object->account.limit_frames);
    slab_give(object);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct account_object *object = slot->object;

    info->a = object->account.limit_frames;
    info->b = object->account.used_frames;
    info->c = object->account.id;
}

const struct object_ops account_ops = {NULL, NULL, describe, NULL, NULL};
