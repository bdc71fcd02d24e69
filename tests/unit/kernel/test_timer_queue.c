/**
 * test_timer_queue.c - the kernel's timer queue on a fake CPU: what expires when, and that
 * the timer is armed in time, beside a table of deadlines.
 */
#include "sched/timer_queue.h"

#include "core/capability.h"
#include "core/list.h"
#include "fake_cpu.h"
#include "model/choices.h"

enum { EVENTS = 40, STEPS = 60000, BATCH = 16, SPAN = 1000 };

struct plain_event {
    struct timer_event event;
    bool pending;
    uint64_t deadline_ns;
};

struct world {
    struct plain_event events[EVENTS];
    struct choices choices;
    unsigned expired; /**< in the interrupt that goes on */
    unsigned total;
};

static struct world world;

const struct object_ops *const object_ops[MN_CAP_TYPES];

/** The first deadline of the table. */
static uint64_t first_deadline(void)
{
    uint64_t first = UINT64_MAX;

    for (unsigned i = 0; i < EVENTS; i++) {
        if (world.events[i].pending && world.events[i].deadline_ns < first) {
            first = world.events[i].deadline_ns;
        }
    }
    return first;
}

static void insert(struct plain_event *plain, uint64_t deadline_ns)
{
    plain->pending = true;
    plain->deadline_ns = deadline_ns;
    timer_event_insert(&plain->event, deadline_ns);
}

/** The one that is due longest; now and then it wants to be woken again. */
static void on_expired(struct timer_event *event)
{
    struct plain_event *plain = container_of(event, struct plain_event, event);

    assert_false(timer_event_is_pending(event));
    assert_true(plain->pending && plain->deadline_ns <= fake_cpu.now_ns);
    assert_int_equal(plain->deadline_ns, first_deadline());
    plain->pending = false;
    world.expired++;
    world.total++;
    if (choices_below(&world.choices, 4) == 0) {
        insert(plain, fake_cpu.now_ns + choices_below(&world.choices, SPAN));
    }
}

/** The timer is armed to nothing later than what comes first. */
static void check_armed(void)
{
    uint64_t first = first_deadline();
    uint64_t slice = fake_cpu.cpu.slice_end_ns;

    if (slice != 0 && slice < first) {
        first = slice;
    }
    assert_true(fake_cpu.cpu.armed_ns <= first);
    if (first != UINT64_MAX) {
        assert_int_equal(fake_cpu.timer_deadline, fake_cpu.cpu.armed_ns);
    }
}

/** Time passes, perhaps to the interrupt, which may come early. */
static void pass_time(void)
{
    bool over;

    fake_cpu.now_ns += choices_below(&world.choices, SPAN);
    if (choices_below(&world.choices, 3) == 0) {
        return;
    }
    over =
        fake_cpu.cpu.slice_end_ns != 0 && fake_cpu.cpu.slice_end_ns <= fake_cpu.now_ns;
    world.expired = 0;
    assert_int_equal(timer_queue_interrupt(), over);
    assert_true(!over || fake_cpu.cpu.slice_end_ns == 0);
    assert_true(world.expired <= BATCH);
    assert_true(world.expired == BATCH || first_deadline() > fake_cpu.now_ns);
}

static void step(void)
{
    struct plain_event *plain = &world.events[choices_below(&world.choices, EVENTS)];

    switch (choices_below(&world.choices, 8)) {
    case 0:
        timer_event_cancel(&plain->event);
        plain->pending = false;
        break;
    case 1:
        pass_time();
        break;
    case 2:
        fake_cpu.cpu.slice_end_ns =
            fake_cpu.now_ns + choices_below(&world.choices, SPAN);
        timer_queue_arm();
        break;
    case 3:
        insert(plain, choices_below(&world.choices, 2) == 0 ? 0 : UINT64_MAX);
        break;
    default:
        insert(plain, fake_cpu.now_ns + choices_below(&world.choices, SPAN));
        break;
    }
    for (unsigned i = 0; i < EVENTS; i++) {
        assert_int_equal(timer_event_is_pending(&world.events[i].event),
                         world.events[i].pending);
    }
    check_armed();
}

static void test_random(void **state)
{
    (void)state;
    fake_cpu_open();
    world = (struct world){.choices = {.seed = 20261122}};
    for (unsigned i = 0; i < EVENTS; i++) {
        world.events[i].event.expired = on_expired;
    }
    for (unsigned i = 0; i < STEPS; i++) {
        step();
    }
    assert_true(world.total > STEPS / 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random)};

    return cmocka_run_group_tests(tests, NULL, NULL);
}
