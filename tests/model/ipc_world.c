/**
 * ipc_world.c - see ipc_world.h.
 */
#include "model/ipc_world.h"

#include "abi/rights.h"
#include "abi/status.h"

void plain_open(struct plain_world *world)
{
    for (int i = 0; i < CAPS; i++) {
        world->caps[i] = (struct plain_cap){.object = NONE, .parent = NONE};
    }
    for (int i = 0; i < THREADS; i++) {
        world->threads[i].via = NONE;
        world->threads[i].owes = NONE;
        world->threads[i].called = NONE;
        world->threads[i].mapped = true;
    }
    for (int i = 0; i < OBJECTS; i++) {
        world->bound[i] = NONE;
    }
}

static void remove_from(struct numbers *queue, int number)
{
    int at = 0;

    while (at < queue->count && queue->items[at] != number) {
        at++;
    }
    if (at < queue->count) {
        queue->count--;
        memmove(queue->items + at, queue->items + at + 1,
                (size_t)(queue->count - at) * sizeof(int));
    }
}

void plain_wake(struct plain_world *world, int thread, uint64_t status)
{
    for (int i = 0; i < OBJECTS; i++) {
        remove_from(&world->queues[i], thread);
    }
    world->threads[thread].state = IDLE;
    world->threads[thread].result =
        (struct plain_result){.told = true, .status = status};
}

int plain_take(struct plain_world *world, int object)
{
    return numbers_shift(&world->queues[object]);
}

void plain_signal(struct plain_world *world, int object, uint64_t bits)
{
    int bound = world->bound[object];
    struct plain_result *result;

    if (world->queues[object].count > 0) {
        int waiter = world->queues[object].items[0];

        plain_wake(world, waiter, MN_OK);
        world->threads[waiter].result.signals = true;
        world->threads[waiter].result.rdi = bits;
    } else if (bound != NONE && world->threads[bound].state == REPLY_RECEIVES) {
        plain_wake(world, bound, MN_OK);
        result = &world->threads[bound].result;
        result->message = true;
        result->rdi = bits;
        result->info = MN_MESSAGE_SIGNAL;
    } else {
        world->bits[object] |= bits;
    }
}

static void give_children(struct plain_world *world, int from, int to)
{
    for (int i = 0; i < CAPS; i++) {
        if (world->caps[i].object != NONE && world->caps[i].parent == from) {
            world->caps[i].parent = to;
        }
    }
}

/** Who waits by a capability, or (NONE) at the endpoint @p object, hears @p status. */
static void wake_via(struct plain_world *world, int object, int via, uint64_t status)
{
    struct numbers waiting = world->queues[object];

    for (int i = 0; i < waiting.count; i++) {
        if (via == NONE || world->threads[waiting.items[i]].via == via) {
            plain_wake(world, waiting.items[i], status);
        }
    }
}

static int count_readers(const struct plain_world *world, int object)
{
    int readers = 0;

    for (int i = 0; i < CAPS; i++) {
        readers += world->caps[i].object == object &&
                   (world->caps[i].rights & MN_RIGHT_READ) != 0;
    }
    return readers;
}

/** The badge of a capability of the watched endpoint that has just gone. */
static void count_badge(struct plain_world *world, uint64_t badge)
{
    for (int i = 0; i < CAPS; i++) {
        if (world->caps[i].object == 0 && world->caps[i].badge == badge) {
            return;
        }
    }
    for (unsigned i = 0; i < world->gone_count; i++) {
        if (world->gone[i] == badge) {
            return;
        }
    }
    world->gone[world->gone_count] = badge;
    world->gone_count++;
    plain_signal(world, ENDPOINTS, GONE_BITS);
}

void plain_drop(struct plain_world *world, int cap)
{
    struct plain_cap old = world->caps[cap];

    give_children(world, cap, old.parent);
    world->caps[cap] = (struct plain_cap){.object = NONE, .parent = NONE};
    if (old.object < ENDPOINTS && (old.rights & MN_RIGHT_READ) != 0 &&
        count_readers(world, old.object) == 0) {
        wake_via(world, old.object, NONE, MN_ERROR_NO_ENDPOINT);
    }
    wake_via(world, old.object, cap, MN_ERROR_CANCELLED);
    if (old.object == 0 && old.badge != 0) {
        count_badge(world, old.badge);
    }
}

void plain_move(struct plain_world *world, int source, int target)
{
    int object = world->caps[source].object;

    world->caps[target] = world->caps[source];
    world->caps[source] = (struct plain_cap){.object = NONE, .parent = NONE};
    give_children(world, source, target);
    wake_via(world, object, source, MN_ERROR_CANCELLED);
}

void plain_copy(struct plain_world *world, int source, int target, uint32_t rights,
                uint64_t badge)
{
    world->caps[target] = world->caps[source];
    world->caps[target].parent = source;
    if (rights != MN_RIGHTS_SAME) {
        world->caps[target].rights &= rights;
    }
    if (badge != 0) {
        world->caps[target].badge = badge;
    }
}

static uint64_t check_cap(const struct plain_world *world, int thread, unsigned n)
{
    const struct plain_cap *cap =
        &world->caps[thread * SLOTS + (int)world->threads[thread].buffer->send[n].slot];

    if (cap->object == NONE) {
        return MN_ERROR_INVALID_SLOT;
    }
    return (cap->rights & MN_RIGHT_GRANT) != 0 ? MN_OK : MN_ERROR_RIGHTS;
}

uint64_t plain_check(const struct plain_world *world, int thread)
{
    const struct plain_thread *plain = &world->threads[thread];
    uint64_t status = MN_OK;

    if ((plain->info & (MN_MESSAGE_CAP_COUNT_MASK | MN_MESSAGE_MORE_MASK)) == 0) {
        return MN_OK;
    }
    if (!plain->mapped) {
        return MN_ERROR_BAD_ADDRESS;
    }
    for (unsigned n = 0; status == MN_OK && n < MN_MESSAGE_CAP_COUNT(plain->info);
         n++) {
        status = check_cap(world, thread, n);
    }
    return status;
}

static bool transfer_cap(struct plain_world *world, int from, int to, unsigned n)
{
    const struct mn_ipc_cap *cap = &world->threads[from].buffer->send[n];
    uint64_t slot = world->threads[to].buffer->receive[n];
    int source = from * SLOTS + (int)cap->slot;
    int target = to * SLOTS + (int)slot;

    if (slot == 0 || slot >= SLOTS || world->caps[target].object != NONE ||
        check_cap(world, from, n) != MN_OK) {
        return false;
    }
    if (cap->flags != 0) {
        plain_move(world, source, target);
    } else {
        plain_copy(world, source, target, cap->rights, 0);
    }
    world->travelled++;
    return true;
}

void plain_transfer(struct plain_world *world, int from, int to)
{
    struct plain_thread *sender = &world->threads[from];
    struct plain_thread *receiver = &world->threads[to];
    struct plain_result *result = &receiver->result;
    uint64_t buffered =
        sender->info & (MN_MESSAGE_CAP_COUNT_MASK | MN_MESSAGE_MORE_MASK);

    *result = (struct plain_result){.told = true, .status = MN_OK, .message = true};
    result->brief = receiver->state == RECEIVES;
    result->rdi = sender->badge;
    result->info = sender->info & ~(uint64_t)MN_MESSAGE_FLAGS;
    memcpy(result->words, sender->words, sizeof(result->words));
    world->arrived++;
    if (buffered == 0) {
        return;
    }
    if (result->brief || !sender->mapped || !receiver->mapped) {
        result->info |= MN_MESSAGE_SHORTENED;
        return;
    }
    result->more = MN_MESSAGE_MORE_COUNT(sender->info);
    result->info |= MN_MESSAGE_MORE(result->more);
    memcpy(result->more_words, sender->buffer->words, result->more * sizeof(uint64_t));
    for (unsigned n = 0; n < MN_MESSAGE_CAP_COUNT(sender->info); n++) {
        result->info |= transfer_cap(world, from, to, n) ? MN_MESSAGE_CAPS(1) << n
                                                         : MN_MESSAGE_SHORTENED;
    }
}

void plain_cut_reply(struct plain_world *world, int thread)
{
    int caller = world->threads[thread].owes;

    if (caller != NONE) {
        world->threads[thread].owes = NONE;
        world->threads[caller].called = NONE;
        plain_wake(world, caller, MN_ERROR_CANCELLED);
    }
}

void plain_kill(struct plain_world *world, int thread)
{
    struct plain_thread *plain = &world->threads[thread];

    plain_cut_reply(world, thread);
    if (plain->called != NONE) {
        world->threads[plain->called].owes = NONE;
        plain->called = NONE;
    }
    plain_wake(world, thread, MN_OK);
    plain->result.told = false;
    for (int i = 0; i < OBJECTS; i++) {
        world->bound[i] = world->bound[i] == thread ? NONE : world->bound[i];
    }
    for (int slot = 1; slot < SLOTS; slot++) {
        if (world->caps[thread * SLOTS + slot].object != NONE) {
            plain_drop(world, thread * SLOTS + slot);
        }
    }
}
