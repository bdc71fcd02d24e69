/**
 * ipc_steps.c - the model's steps that are no messages: signals, capabilities, kills, time.
 */
#include "abi/rights.h"
#include "abi/syscall.h"
#include "ipc/badge_watch.h"
#include "ipc/notification.h"
#include "model/ipc_kernel.h"

static uint64_t do_wait(struct slot *slot)
{
    return notification_wait(slot, thread_current()->frame.rsi, fake_cpu.now_ns + 1);
}

static uint64_t do_signal(struct slot *slot)
{
    notification_signal(slot->object, slot->value != 0 ? slot->value : 2);
    return scheduler_return(MN_OK);
}

static uint64_t do_yield(struct slot *slot)
{
    (void)slot;
    scheduler_leave(true);
}

static void step_signal(int self, bool wait)
{
    int cap = ipc_choose_cap(self, false, wait ? MN_RIGHT_READ : MN_RIGHT_WRITE);
    bool poll = ipc_below(2) == 0;
    struct plain_result *result = &ipc_world->plain.threads[self].result;
    int object;

    if (cap == NONE) {
        return;
    }
    object = ipc_world->plain.caps[cap].object;
    ipc_world->plain.threads[self].deadline = !poll && ipc_below(2) == 0;
    ipc_world->threads[self]->frame.rsi =
        (poll ? MN_WAIT_SIGNAL_POLL : 0) |
        (ipc_world->plain.threads[self].deadline ? MN_WAIT_SIGNAL_DEADLINE : 0);
    if (!wait) {
        uint64_t badge = ipc_world->plain.caps[cap].badge;

        plain_signal(&ipc_world->plain, object, badge != 0 ? badge : 2);
        ipc_tell(self, MN_OK);
    } else if (ipc_world->plain.bits[object] != 0) {
        ipc_tell(self, MN_OK);
        result->signals = true;
        result->rdi = ipc_world->plain.bits[object];
        ipc_world->plain.bits[object] = 0;
    } else if (poll) {
        ipc_tell(self, MN_ERROR_WOULD_BLOCK);
    } else {
        ipc_wait_in(self, cap, WAITS);
    }
    ipc_call_kernel(wait ? do_wait : do_signal, ipc_slot(cap));
}

void ipc_install(int cap, int object, uint32_t rights)
{
    enum mn_cap_type type = object < ENDPOINTS ? MN_CAP_ENDPOINT : MN_CAP_NOTIFICATION;

    capability_install(ipc_slot(cap), NULL, SLOT_WORD(type, rights),
                       ipc_world->objects[object], 0);
    object_ops[type]->retain(ipc_slot(cap));
    ipc_world->plain.caps[cap] = (struct plain_cap){object, rights, 0, NONE};
}

static void step_drop(int cap)
{
    bool keeps = cap >= ROOTS && cap < ROOTS + OBJECTS;

    if (!keeps && ipc_world->plain.caps[cap].object != NONE) {
        plain_drop(&ipc_world->plain, cap);
        while (capability_shrink(ipc_slot(cap))) {
        }
        capability_drop(ipc_slot(cap));
    }
}

/** A copy, with a badge or without, or a move; or what a root had is there again. */
static void step_copy(void)
{
    int source =
        ipc_below(2) == 0 ? ROOTS + (int)ipc_below(2 * OBJECTS) : (int)ipc_below(CAPS);
    int target = (int)ipc_below(ROOTS);
    const struct plain_cap *plain = &ipc_world->plain.caps[source];
    struct capability_copy how = {.rights = ipc_below(32)};

    if (source >= ROOTS + OBJECTS && plain->object == NONE) {
        ipc_install(source, source - ROOTS - OBJECTS, MN_RIGHTS_ALL);
    }
    if (plain->object == NONE || target % SLOTS == 0 ||
        ipc_world->plain.caps[target].object != NONE) {
        return;
    }
    if (source < ROOTS && ipc_below(3) == 0) {
        plain_move(&ipc_world->plain, source, target);
        capability_move(ipc_slot(source), ipc_slot(target));
        return;
    }
    how.rights = ipc_below(2) == 0 ? MN_RIGHTS_SAME : how.rights | MN_RIGHT_GRANT;
    how.a = plain->badge == 0 ? ipc_below(BADGES) : 0;
    if ((plain->rights & MN_RIGHT_GRANT) == 0) {
        require(capability_copy(ipc_slot(source), ipc_slot(target), &how) ==
                MN_ERROR_RIGHTS);
        return;
    }
    plain_copy(&ipc_world->plain, source, target, how.rights, how.a);
    require(capability_copy(ipc_slot(source), ipc_slot(target), &how) == MN_OK);
}

static void step_take_gone(void)
{
    struct plain_world *plain = &ipc_world->plain;
    uint64_t badge = 0;
    mn_status status = badge_watch_take(ipc_world->objects[0], &badge);

    require(status == (plain->gone_count > 0 ? MN_OK : MN_ERROR_WOULD_BLOCK));
    if (status == MN_OK) {
        require(badge == plain->gone[0]);
        plain->gone_count--;
        memmove(plain->gone, plain->gone + 1, plain->gone_count * sizeof(badge));
    }
}

static void step_bind(int self)
{
    int object = ENDPOINTS + (int)ipc_below(OBJECTS - ENDPOINTS);
    bool free = ipc_world->plain.bound[object] == NONE;

    for (int i = ENDPOINTS; i < OBJECTS; i++) {
        free = free && ipc_world->plain.bound[i] != self;
    }
    require(notification_bind(ipc_world->objects[object], ipc_world->threads[self]) ==
            (free ? MN_OK : MN_ERROR_GONE));
    if (free) {
        ipc_world->plain.bound[object] = self;
    }
}

/** A thread that does not run ends, as process_reap.c has it, and begins anew. */
static void step_kill(int victim)
{
    struct thread *thread = ipc_world->threads[victim];

    if (thread == fake_cpu.cpu.current) {
        return;
    }
    thread_cut_call(thread);
    if (thread->state == THREAD_READY) {
        scheduler_remove(thread);
    } else if (thread->state == THREAD_BLOCKED) {
        list_remove(&thread->queue);
    }
    thread->fast_key = 0;
    notification_unbind(thread);
    thread->state = THREAD_STOPPED;
    plain_kill(&ipc_world->plain, victim);
    for (int slot = 1; slot < SLOTS; slot++) {
        if (!slot_is_empty(ipc_slot(victim * SLOTS + slot))) {
            capability_drop(ipc_slot(victim * SLOTS + slot));
        }
    }
    scheduler_ready(thread);
}

static void step_map(int number)
{
    struct plain_thread *plain = &ipc_world->plain.threads[number];

    plain->mapped = !plain->mapped;
    ipc_world->spaces[number].losses += !plain->mapped;
}

/** Anything that needs no thread that runs. */
static void step_outside(void)
{
    switch (ipc_below(12)) {
    case 0:
        step_drop((int)ipc_below(CAPS));
        break;
    case 1:
        step_map((int)ipc_below(THREADS));
        break;
    case 2:
        step_kill((int)ipc_below(THREADS));
        break;
    case 3:
        step_take_gone();
        break;
    default:
        step_copy();
    }
}

/** Time goes by: all waits with a deadline end. */
static void expire(void)
{
    for (int i = 0; i < THREADS; i++) {
        struct plain_thread *plain = &ipc_world->plain.threads[i];

        if (plain->state != IDLE && plain->deadline) {
            if (plain->called != NONE) {
                ipc_world->plain.threads[plain->called].owes = NONE;
                plain->called = NONE;
            }
            plain_wake(&ipc_world->plain, i, MN_ERROR_TIMED_OUT);
        }
    }
    fake_cpu.now_ns += 2;
    (void)timer_queue_interrupt();
}

void ipc_step(int self)
{
    unsigned what = ipc_below(16);

    step_copy();
    if (self == NONE) {
        expire();
        if (ipc_below(2) == 0) {
            step_kill((int)ipc_below(THREADS));
        } else {
            step_outside();
        }
        ipc_run_idle();
    } else if (what < 5) {
        ipc_step_send(self, what != 0);
    } else if (what < 9) {
        ipc_step_receive(self, what != 5);
    } else if (what < 11) {
        step_signal(self, what == 10);
    } else if (what == 11) {
        step_bind(self);
    } else if (what == 12) {
        ipc_call_kernel(do_yield, NULL);
    } else if (what == 13) {
        step_outside();
    } else {
        step_copy();
    }
}
