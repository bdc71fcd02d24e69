/**
 * capability.c - see capability.h.
 */
#include "core/capability.h"

#include "core/assert.h"
#include "core/bytes.h"

void capability_install(struct slot *slot, struct cap_node *parent, uint32_t word,
                        void *object, uint64_t value)
{
    ASSERT(slot_is_empty(slot) && word != 0);
    slot->object = object;
    slot->value = value;
    if (parent == NULL) {
        derivation_init_root(&slot->node);
    } else {
        derivation_add_child(parent, &slot->node);
    }
    slot_publish(slot, word);
}

/** The rights that a one-shot capability can have: those that a call uses up. */
static uint32_t one_shot_rights(enum mn_cap_type type)
{
    switch (type) {
    case MN_CAP_ENDPOINT:
    case MN_CAP_NOTIFICATION:
        return MN_RIGHT_WRITE;
    case MN_CAP_IO_PORT:
    case MN_CAP_DEVICE_MEMORY:
        return MN_RIGHT_READ | MN_RIGHT_WRITE;
    case MN_CAP_MEMORY_FRAME:
        return MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_EXEC;
    default:
        return 0;
    }
}

mn_status capability_copy(struct slot *source, struct slot *target,
                          const struct capability_copy *how)
{
    const struct object_ops *ops = object_ops[slot_type(source)];
    uint32_t rights = slot_rights(source);
    uint32_t flags = 0;
    struct slot made = {.object = source->object, .value = source->value};

    if ((rights & MN_RIGHT_GRANT) == 0) {
        return MN_ERROR_RIGHTS;
    }
    if ((how->rights & MN_RIGHTS_ALL) != MN_RIGHTS_SAME) {
        rights &= how->rights;
    }
    if ((how->rights & MN_MINT_ONE_SHOT) != 0) {
        flags = SLOT_ONE_SHOT;
        rights &= one_shot_rights(slot_type(source));
        if (rights == 0) {
            return MN_ERROR_INVALID_ARGUMENT;
        }
    }
    if (how->a != 0 || how->b != 0) {
        mn_status status = MN_ERROR_INVALID_ARGUMENT;

        if (ops->narrow != NULL) {
            status = ops->narrow(source, how->a, how->b, how->account, &made);
        }
        if (status != MN_OK) {
            return status;
        }
    }
    capability_install(target, &source->node,
                       SLOT_WORD(slot_type(source), rights) | flags, made.object,
                       made.value);
    if (ops->retain != NULL) {
        ops->retain(target);
    }
    return MN_OK;
}

void capability_move(struct slot *source, struct slot *target)
{
    const struct object_ops *ops = object_ops[slot_type(source)];

    ASSERT(!slot_is_empty(source) && slot_is_empty(target));
    target->object = source->object;
    target->value = source->value;
    target->reserved = source->reserved;
    derivation_replace(&source->node, &target->node);
    slot_publish(target, source->node.word);
    if (ops->retain != NULL) {
        ops->retain(target);
    }
    if (ops->release != NULL) {
        ops->release(source);
    }
    memset(source, 0, sizeof(*source));
}

bool capability_shrink(struct slot *slot)
{
    const struct object_ops *ops = object_ops[slot_type(slot)];

    return ops->shrink != NULL && ops->shrink(slot);
}

void capability_drop(struct slot *slot)
{
    const struct object_ops *ops = object_ops[slot_type(slot)];

    ASSERT(!slot_is_empty(slot));
    derivation_remove(&slot->node);
    if (ops->release != NULL) {
        ops->release(slot);
    }
    memset(slot, 0, sizeof(*slot));
}
