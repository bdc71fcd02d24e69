/**
 * badge_set.c - see badge_set.h.
 */
#include "core/badge_set.h"

#include "core/assert.h"

void badge_set_init(struct badge_set *set, uint64_t key)
{
    set->root = NULL;
    set->key = key;
    list_init(&set->gone);
}

/** Where the record of a badge hangs, or would: each bit of the mix chooses a side. The mix
 *  is one to one, so two badges differ in some bit, and no path has more than 65 records. */
static struct badge_record **find_link(struct badge_set *set, uint64_t badge)
{
    struct badge_record **link = &set->root;
    uint64_t path = badge ^ set->key;

    path = (path ^ path >> 32) * 0x9e3779b97f4a7c15ull;
    path = (path ^ path >> 29) * 0xbf58476d1ce4e5b9ull;
    path ^= path >> 32;
    while (*link != NULL && (*link)->badge != badge) {
        link = &(*link)->child[path & 1];
        path >>= 1;
    }
    return link;
}

struct badge_record *badge_set_find(struct badge_set *set, uint64_t badge)
{
    return *find_link(set, badge);
}

void badge_set_add(struct badge_set *set, struct badge_record *record, uint64_t badge)
{
    record->badge = badge;
    list_init(&record->gone);
    *find_link(set, badge) = record;
}

/** Takes a record out: any leaf below it may stand in its place, as it shares the path. */
static void remove(struct badge_set *set, const struct badge_record *record)
{
    struct badge_record **link = find_link(set, record->badge);
    struct badge_record **leaf_link = link;
    struct badge_record *leaf;

    ASSERT(*link == record);
    while ((*leaf_link)->child[0] != NULL || (*leaf_link)->child[1] != NULL) {
        leaf_link = &(*leaf_link)->child[(*leaf_link)->child[0] == NULL];
    }
    leaf = *leaf_link;
    *leaf_link = NULL;
    if (leaf != record) {
        leaf->child[0] = record->child[0];
        leaf->child[1] = record->child[1];
        *link = leaf;
    }
}

bool badge_set_release(struct badge_set *set, struct badge_record *record)
{
    record->count--;
    if (record->count > 0 || !list_is_empty(&record->gone)) {
        return false;
    }
    list_insert_before(&set->gone, &record->gone);
    return true;
}

struct badge_record *badge_set_take_gone(struct badge_set *set)
{
    struct list_node *node = list_pop_front(&set->gone);
    struct badge_record *record;

    if (node == NULL) {
        return NULL;
    }
    record = container_of(node, struct badge_record, gone);
    if (record->count == 0) {
        remove(set, record);
    }
    return record;
}
