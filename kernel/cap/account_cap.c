/**
 * account_cap.c - see account_cap.h.
 */
#include "cap/account_cap.h"

struct account_object root_account;

void account_cap_init(struct account_object *object)
{
    object->anchor.word = CAP_NODE_ANCHOR;
    derivation_init_root(&object->anchor);
}

static void describe(const struct slot *slot, struct mn_cap_info *info)
{
    const struct account_object *object = slot->object;

    info->a = object->account.limit_frames;
    info->b = object->account.used_frames;
    info->c = object->account.id;
}

const struct object_ops account_ops = {NULL, NULL, describe, NULL};
