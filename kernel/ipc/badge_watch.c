/**
 * badge_watch.c - see badge_watch.h.
 */
#include "ipc/badge_watch.h"

#include "arch/x86_64/instructions.h"
#include "core/badge_set.h"
#include "core/slab.h"
#include "ipc/notification.h"

/** How many records one step gives back. */
enum { STEP_RECORDS = 8 };

struct badge_watch {
    struct badge_set set;
    struct notification_source source;
};
_Static_assert(sizeof(struct badge_watch) <= 64, "SLAB_64");
_Static_assert(sizeof(struct badge_record) <= 64, "SLAB_64");

mn_status badge_watch_bind(struct endpoint *endpoint, struct slot *notification)
{
    struct badge_watch *watch = endpoint->watch;

    if (watch == NULL) {
        if (endpoint->badged != 0) {
            return MN_ERROR_INVALID_ARGUMENT;
        }
        watch = slab_take(slab_account(endpoint), SLAB_64);
        if (watch == NULL) {
            return MN_ERROR_NO_MEMORY;
        }
        badge_set_init(&watch->set, x86_rdtsc() * 0x9e3779b97f4a7c15ull);
        endpoint->watch = watch;
    }
    if (watch->source.via != NULL) {
        return MN_ERROR_GONE;
    }
    notification_attach(&watch->source, notification);
    if (!list_is_empty(&watch->set.gone)) {
        notification_fire(&watch->source);
    }
    return MN_OK;
}

mn_status badge_watch_take(struct endpoint *endpoint, uint64_t *out_badge)
{
    struct badge_record *record =
        endpoint->watch == NULL ? NULL : badge_set_take_gone(&endpoint->watch->set);

    if (record == NULL) {
        return MN_ERROR_WOULD_BLOCK;
    }
    *out_badge = record->badge;
    if (record->count == 0) {
        slab_give(record);
    }
    return MN_OK;
}

bool badge_watch_prepare(struct endpoint *endpoint, uint64_t badge)
{
    struct badge_watch *watch = endpoint->watch;
    struct badge_record *record;

    if (watch == NULL || badge_set_find(&watch->set, badge) != NULL) {
        return true;
    }
    record = slab_take(slab_account(endpoint), SLAB_64);
    if (record != NULL) {
        badge_set_add(&watch->set, record, badge);
    }
    return record != NULL;
}

void badge_watch_retain(struct endpoint *endpoint, uint64_t badge)
{
    endpoint->badged++;
    if (endpoint->watch != NULL) {
        badge_set_find(&endpoint->watch->set, badge)->count++;
    }
}

void badge_watch_release(struct endpoint *endpoint, uint64_t badge)
{
    struct badge_watch *watch = endpoint->watch;

    endpoint->badged--;
    if (watch != NULL &&
        badge_set_release(&watch->set, badge_set_find(&watch->set, badge))) {
        notification_fire(&watch->source);
    }
}

bool badge_watch_shrink(struct endpoint *endpoint)
{
    uint64_t badge;

    for (unsigned i = 0; i < STEP_RECORDS; i++) {
        if (badge_watch_take(endpoint, &badge) != MN_OK) {
            return false;
        }
    }
    return true;
}

void badge_watch_destroy(struct endpoint *endpoint)
{
    if (endpoint->watch != NULL) {
        while (badge_watch_shrink(endpoint)) {
        }
        notification_detach(&endpoint->watch->source);
        slab_give(endpoint->watch);
    }
}
