/**
 * account_cap.c - see account_cap.h.
 */
#include "cap/account_cap.h"

#include "core/assert.h"
#include "core/slab.h"

struct account_object root_account;
struct frame_allocator physical_memory;
struct list_node account_list = {&account_list, &account_list};
uint64_t derivation_changes;

void account_cap_init(struct account_object *object)
{
    object->anchor.word = CAP_NODE_ANCHOR;
    list_init(&object->abandoned);
    list_insert_before(&account_list, &object->all);
    derivation_init_root(&object->anchor);
}

struct account_object *account_cap_create(struct account *parent, uint64_t limit_frames)
{
    static uint64_t last_id = 1;
    struct account_object *object = slab_take(parent, SLAB_192);

    if (object == NULL) {
        return NULL;
    }
    if (!account_charge(parent, limit_frames)) {
        slab_give(object);
        return NULL;
    }
    account_init(&object->account, parent->frames, ++last_id, limit_frames);
    object->anchor.word = CAP_NODE_ANCHOR;
    object->depth = account_cap_of(parent)->depth + 1;
    list_init(&object->abandoned);
    list_insert_before(&account_list, &object->all);
    derivation_add_child(&account_cap_of(parent)->anchor, &object->anchor);
    return object;
}

static void destroy(struct account_object *object)
{
    struct account *parent = slab_account(object);

    list_remove(&object->abandoned);
    list_remove(&object->all);
    derivation_remove(&object->anchor);
    account_uncharge(parent, object->account.limit_frames);
    slab_give(object);
}

void account_idle(struct account *account)
{
    static struct account_object
        *idle; /* one at a time: giving it back may free its parent */
    static bool is_ending;
    struct account_object *object = account_cap_of(account);

    if (object->references > 0 || account->used_frames > 0 || object == &root_account) {
        return;
    }
    ASSERT(object->anchor.first == NULL);
    idle = object;
    while (!is_ending && idle != NULL) {
        object = idle;
        idle = NULL;
        is_ending = true;
        destroy(object);
        is_ending = false;
    }
}
