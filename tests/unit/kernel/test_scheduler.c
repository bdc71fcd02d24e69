/**
 * test_scheduler.c - threads, run queue and endpoints of one CPU, beside lists.
 *
 * The kernel's scheduler, threads and endpoints run on a fake CPU: to enter ring 3 is to
 * jump back here, with the thread that would run. The lists say, step by step, which
 * thread that has to be and what its registers hold. Each thread also has a number in the
 * vector registers that no other may ever see.
 */
#include "abi/ipc_message.h"
#include "abi/rights.h"
#include "fake_cpu.h"
#include "fake_machine.h"
#include "ipc/endpoint.h"
#include "model/choices.h"
#include "model/numbers.h"
#include "sched/scheduler.h"

enum { THREADS = 8, PRIORITIES = 4, ENDPOINTS = 2, STEPS = 40000 };

/** What a thread should be doing. */
enum plain_state { STOPPED, READY, RUNNING, SENDING, RECEIVING };

struct plain_thread {
    enum plain_state state;
    uint64_t secret;     /**< what its vector registers hold */
    bool expects_status; /**< it was blocked: RAX is to be checked when it runs */
    mn_status status;
    bool expects_message;
    struct mn_message message;
};

struct world {
    struct account account;
    struct thread *threads[THREADS];
    struct address_space spaces[THREADS];
    struct plain_thread plain[THREADS];
    struct numbers ready[PRIORITIES];
    struct endpoint *endpoints[ENDPOINTS];
    struct slot readers[ENDPOINTS]; /**< a capability with READ, or Empty: closed */
    struct slot writers[ENDPOINTS][THREADS];
    struct numbers waiting[ENDPOINTS];
    struct run_queue queue;
    struct choices choices;
    unsigned messages; /**< that arrived */
    unsigned idle;     /**< steps with nobody to run */
};

static struct world *world;

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_ENDPOINT] = &endpoint_ops,
};

static unsigned priority_of(int thread)
{
    return (unsigned)thread % PRIORITIES;
}

static void make_ready(int thread, bool first)
{
    world->plain[thread].state = READY;
    numbers_push(&world->ready[priority_of(thread)], thread, first);
}

/** A blocked thread is ready again and will find this status. */
static void wake(int thread, mn_status status)
{
    world->plain[thread].expects_status = true;
    world->plain[thread].status = status;
    make_ready(thread, false);
}

/** Is somebody ready of at least this priority? */
static bool someone_ready(unsigned priority)
{
    for (unsigned i = priority; i < PRIORITIES; i++) {
        if (world->ready[i].count > 0) {
            return true;
        }
    }
    return false;
}

/** Takes the thread that has to run next; -1: none. */
static int take_next(void)
{
    for (unsigned i = PRIORITIES; i > 0; i--) {
        if (world->ready[i - 1].count > 0) {
            return numbers_shift(&world->ready[i - 1]);
        }
    }
    return -1;
}

/* --- one step --- */

static int current_number(void)
{
    for (int i = 0; i < THREADS; i++) {
        if (world->threads[i] == fake_cpu.cpu.current) {
            return i;
        }
    }
    return -1;
}

static void check_message(const struct thread *thread, const struct mn_message *message)
{
    assert_int_equal(thread->frame.rdi, message->label);
    assert_int_equal(thread->frame.rsi, message->data0);
    assert_int_equal(thread->frame.rdx, message->data1);
    assert_int_equal(thread->frame.r10, message->badge);
}

/** Thread @p expected runs now, -1: none; its registers hold what the lists say. */
static void check_running(int expected)
{
    struct plain_thread *plain = &world->plain[expected < 0 ? 0 : expected];

    assert_false(fake_cpu.lock_held);
    assert_int_equal(current_number(), expected);
    if (expected < 0) {
        assert_null(fake_cpu.loaded_space);
        return;
    }
    assert_ptr_equal(fake_cpu.loaded_space, &world->spaces[expected]);
    assert_int_equal(fake_cpu.vector_register, plain->secret);
    assert_int_equal(fake_cpu.cpu.current->state, THREAD_RUNNING);
    if (plain->expects_status) {
        assert_int_equal(fake_cpu.cpu.current->frame.rax, plain->status);
    }
    if (plain->expects_message) {
        check_message(fake_cpu.cpu.current, &plain->message);
        world->messages++;
    }
    plain->expects_status = false;
    plain->expects_message = false;
    plain->state = RUNNING;
    if (world->ready[priority_of(expected)].count > 0) {
        assert_int_not_equal(fake_cpu.cpu.slice_end_ns,
                             0); /* the others get their turn */
        assert_int_equal(fake_cpu.timer_deadline, fake_cpu.cpu.slice_end_ns);
    }
    plain->secret += THREADS;
    fake_cpu.vector_register = plain->secret;
}

/** Calls the kernel, as the entry code does; it returns, or enters some thread. */
static void call_kernel(mn_status (*call)(struct slot *), struct slot *slot)
{
    fake_cpu.lock_held = true;
    if (setjmp(fake_cpu.ring_3) == 0) {
        fake_cpu.cpu.current->frame.rax = call(slot);
        fake_cpu.lock_held = false;
    }
}

/** The thread goes on unless somebody better is ready; the number of who runs then. */
static int after_return(int self)
{
    if (!someone_ready(priority_of(self) + 1)) {
        return self;
    }
    make_ready(self, true);
    return take_next();
}

static void send(int self, int index, bool closed)
{
    struct numbers *waiting = &world->waiting[index];
    struct trap_frame *frame = &fake_cpu.cpu.current->frame;
    struct plain_thread *plain = &world->plain[self];
    struct mn_message message = {choices_byte(&world->choices), (uint64_t)self * 1000,
                                 choices_byte(&world->choices), 100 + (uint64_t)self};
    int next = self;

    frame->rsi = message.label;
    frame->rdx = message.data0;
    frame->r10 = message.data1;
    plain->expects_status = true;
    plain->status = closed ? MN_ERROR_NO_ENDPOINT : MN_OK;
    if (waiting->count > 0 && world->plain[waiting->items[0]].state == RECEIVING) {
        int receiver = numbers_shift(waiting);

        world->plain[receiver].message = message;
        world->plain[receiver].expects_message = true;
        wake(receiver, MN_OK);
        next = after_return(self);
    } else if (!closed) {
        plain->state = SENDING;
        plain->message = message;
        plain->expects_status = false;
        numbers_push(waiting, self, false);
        next = take_next();
    }
    call_kernel(endpoint_send, &world->writers[index][self]);
    check_running(next);
}

static void receive(int self, int index)
{
    struct numbers *waiting = &world->waiting[index];
    struct plain_thread *plain = &world->plain[self];
    int next;

    if (waiting->count > 0 && world->plain[waiting->items[0]].state == SENDING) {
        int sender = numbers_shift(waiting);

        plain->message = world->plain[sender].message;
        plain->expects_message = true;
        plain->expects_status = true;
        plain->status = MN_OK;
        wake(sender, MN_OK);
        next = after_return(self);
    } else {
        plain->state = RECEIVING;
        numbers_push(waiting, self, false);
        next = take_next();
    }
    call_kernel(endpoint_receive, &world->readers[index]);
    check_running(next);
}

static mn_status leave(struct slot *slot)
{
    scheduler_leave(slot != NULL);
}

/** A trap that ends: by the timer or YIELD others of the priority come first. */
static void trap(int self, bool yield)
{
    int next = self;

    fake_cpu.cpu.slice_end_ns = yield ? 0 : fake_cpu.cpu.slice_end_ns;
    if (someone_ready(priority_of(self) + (yield ? 0 : 1))) {
        make_ready(self, !yield);
        next = take_next();
    }
    call_kernel(leave, yield ? &world->readers[0] : NULL);
    check_running(next);
}

/** An interrupt starts a stopped thread, if there is one; ends as a trap does. */
static void start_thread(int thread, bool first)
{
    if (world->plain[thread].state == STOPPED) {
        make_ready(thread, first);
        if (first) {
            scheduler_ready_first(world->threads[thread]);
        } else {
            scheduler_ready(world->threads[thread]);
        }
    }
}

/** The last capability to receive by goes: whoever waits is told. */
static void close_endpoint(int index)
{
    if (slot_is_empty(&world->readers[index])) {
        return;
    }
    while (world->waiting[index].count > 0) {
        wake(numbers_shift(&world->waiting[index]), MN_ERROR_NO_ENDPOINT);
    }
    capability_drop(&world->readers[index]);
}

static void open_endpoint(int index)
{
    struct slot *slot = &world->readers[index];

    if (slot_is_empty(slot)) {
        capability_install(slot, NULL, SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHTS_ALL),
                           world->endpoints[index], 0);
        endpoint_ops.retain(slot);
    }
}

/** Nobody runs: an interrupt opens, closes or starts something. */
static void idle_step(int index)
{
    world->idle++;
    start_thread((int)choices_below(&world->choices, THREADS), true);
    close_endpoint(index);
    open_endpoint(index);
    fake_cpu.lock_held = true;
    if (setjmp(fake_cpu.ring_3) == 0) {
        scheduler_run();
    }
    check_running(take_next());
}

static void step(int self)
{
    int index = (int)choices_below(&world->choices, ENDPOINTS);
    bool closed = slot_is_empty(&world->readers[index]);
    unsigned what = choices_below(&world->choices, 16);

    if (self < 0) {
        idle_step(index);
    } else if (what < 5) {
        send(self, index, closed);
    } else if (what < 10 && !closed) {
        receive(self, index);
    } else if (what < 13) {
        start_thread((int)choices_below(&world->choices, THREADS), what == 12);
        trap(self, what == 11);
    } else if (what == 13) {
        close_endpoint(index);
        trap(self, false);
    } else {
        open_endpoint(index);
    }
}

/* --- opening and closing --- */

static void make_thread(int number)
{
    struct thread *thread = aligned_alloc(64, FRAME_BYTES);

    assert_non_null(thread);
    memset(thread, 0, FRAME_BYTES);
    thread_init(thread, 0x400000, 0x800000, (uint64_t)number);
    list_init(&thread->queue);
    thread->priority = priority_of(number);
    thread->cr3 = (uint64_t)&world->spaces[number];
    world->threads[number] = thread;
}

static void open_world(void)
{
    world = calloc(1, sizeof(*world));
    assert_non_null(world);
    fake_machine_open(64);
    fake_cpu_open();
    scheduler_init_cpu(&fake_cpu.cpu, &world->queue);
    account_init(&world->account, &physical_memory, 1, 60);
    for (int i = 0; i < THREADS; i++) {
        make_thread(i);
    }
    for (int i = 0; i < ENDPOINTS; i++) {
        world->endpoints[i] = endpoint_create(&world->account);
        assert_non_null(world->endpoints[i]);
        for (int j = 0; j < THREADS; j++) {
            capability_install(&world->writers[i][j], NULL,
                               SLOT_WORD(MN_CAP_ENDPOINT, MN_RIGHT_WRITE),
                               world->endpoints[i], 100 + (uint64_t)j);
            endpoint_ops.retain(&world->writers[i][j]);
        }
        open_endpoint(i);
    }
    world->choices.seed = 0xC97C50DD3F84D5B5;
}

static void close_world(void)
{
    for (int i = 0; i < ENDPOINTS; i++) {
        close_endpoint(i);
        for (int j = 0; j < THREADS; j++) {
            capability_drop(&world->writers[i][j]); /* the last one frees it */
        }
    }
    for (int i = 0; i < THREADS; i++) {
        free(world->threads[i]);
    }
    assert_int_equal(world->account.used_frames, 0);
    fake_machine_close();
    free(world);
}

static void random_steps_match_the_lists(void **state)
{
    (void)state;
    open_world();
    for (unsigned i = 0; i < STEPS; i++) {
        step(current_number());
    }
    /* all kinds of step were taken */
    assert_in_range(world->idle, STEPS / 200, STEPS / 2);
    assert_in_range(world->messages, STEPS / 10, STEPS);
    close_world();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_the_lists),
    };

    return cmocka_run_group_tests_name("scheduler", tests, NULL, NULL);
}
