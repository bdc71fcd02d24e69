/**
 * badge_set.h - how many capabilities have each badge, and which badges nobody has any more.
 *
 * A digital search tree by a mix of the badge with a secret key, so that nobody can choose
 * badges that make it deep: a handful of steps for thousands of badges, 64 at the most.
 * Nothing here allocates or recurses. Pure: host tests run it beside an array.
 */
#ifndef CORE_BADGE_SET_H
#define CORE_BADGE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "core/list.h"

struct badge_record {
    struct badge_record *child[2];
    uint64_t badge;
    uint64_t count;        /**< capabilities that have it */
    struct list_node gone; /**< among the badges that are gone and not taken yet */
};

struct badge_set {
    struct badge_record *root; /**< NULL: empty */
    uint64_t key;              /**< secret */
    struct list_node gone;     /**< records, the first gone first */
};

/** Makes an empty set. */
void badge_set_init(struct badge_set *set, uint64_t key);

/** The record of a badge; NULL: it has none. */
struct badge_record *badge_set_find(struct badge_set *set, uint64_t badge);

/** Adds a zeroed record, borrowed, for a badge that has none; its count is 0. */
void badge_set_add(struct badge_set *set, struct badge_record *record, uint64_t badge);

/** One capability less has the record's badge. True: it was the last, and the badge is gone;
 *  false as well while an earlier going has not been taken. */
bool badge_set_release(struct badge_set *set, struct badge_record *record);

/** Takes the badge that is gone for the longest time; NULL: there is none. If nobody has it
 *  again (count 0) the record is out of the set, and the caller's. */
struct badge_record *badge_set_take_gone(struct badge_set *set);

#endif
