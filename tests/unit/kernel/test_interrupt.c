/**
 * test_interrupt.c - interrupt handlers beside the contract's words for WAIT_IRQ, and those
 * for BIND_INTERRUPT and ACK_INTERRUPT.
 *
 * A handler has one pending bit. An edge-triggered line is never masked; a level-triggered
 * one is masked when it fires and let through when all its handlers wait, or are bound
 * and have acknowledged. Lines fire, handlers wait, are bound, come and go at random; who is
 * woken, what is signalled and which line is masked is compared.
 */
#include "abi/rights.h"
#include "arch/x86_64/cpu.h"
#include "arch/x86_64/ioapic.h"
#include "cap/account_cap.h"
#include "device/interrupt.h"
#include "fake_machine.h"
#include "ipc/notification.h"
#include "model/choices.h"
#include "sched/scheduler.h"
#include "unit.h"

/** Lines behind PINS are for messages. */
enum { LINES = 5, PINS = 4, HANDLERS = 8, EDGE_LINES = 2, STEPS = 60000 };

struct plain_handler {
    bool exists;
    uint32_t line;
    bool pending;
    bool waiting;
    bool bound;
    bool woken; /**< since it began to wait */
    mn_status status;
};

static struct plain_handler plain[HANDLERS];
static struct slot slots[HANDLERS];
static struct thread *threads[HANDLERS]; /**< one waits by each handler */
static bool masked[LINES];               /**< what the I/O APIC was told */
static bool should_be_masked[LINES];
struct account_object root_account; /**< pays for handlers */

/* --- what interrupt.c stands on --- */

struct cpu *cpu_table[CPU_MAX];
static struct cpu cpu;
static jmp_buf blocked;
static int self; /**< the handler whose thread calls */

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_INTERRUPT] = &interrupt_ops,
};

bool ioapic_has_line(uint32_t line)
{
    return line < PINS;
}

void ioapic_route(uint32_t line, uint32_t lapic_id)
{
    (void)lapic_id;
    masked[line] = true;
}

void ioapic_mask(uint32_t line)
{
    masked[line] = true;
}

void ioapic_unmask(uint32_t line)
{
    masked[line] = false;
}

bool ioapic_is_level(uint32_t line)
{
    assert_true(line < PINS);
    return line >= EDGE_LINES;
}

static bool is_level(uint32_t line)
{
    return line >= EDGE_LINES && line < PINS;
}

uint32_t ioapic_line_count(void)
{
    return PINS;
}

static struct notification_source *sources[HANDLERS]; /**< of bound handlers */

void notification_attach(struct notification_source *source, struct slot *slot)
{
    source->via = slot;
    sources[self] = source;
}

void notification_detach(struct notification_source *source)
{
    source->via = NULL;
}

static unsigned signals; /**< that bound handlers sent */

void notification_fire(const struct notification_source *source)
{
    signals += source->via != NULL;
}

void thread_block(struct list_node *queue)
{
    list_insert_before(queue, &threads[self]->queue);
    longjmp(blocked, 1);
}

static void woken(struct thread *thread)
{
    for (size_t i = 0; i < HANDLERS; i++) {
        if (threads[i] == thread) {
            plain[i].woken = true;
            plain[i].status = thread->frame.rax;
        }
    }
}

void scheduler_ready_first(struct thread *thread)
{
    woken(thread);
}

/** Of a handler's waiters there is at most one. */
void thread_wake_via(struct list_node *queue, const struct slot *via)
{
    struct thread *waiter = container_of(queue->next, struct thread, queue);

    if (!list_is_empty(queue) && waiter->via == via) {
        list_remove(&waiter->queue);
        waiter->frame.rax = MN_ERROR_CANCELLED;
        woken(waiter);
    }
}

/* --- the contract --- */

/** A level-triggered line is let through when every handler of it is ready. */
static void unmask_if_all_wait(uint32_t line)
{
    for (size_t i = 0; i < HANDLERS; i++) {
        bool ready = plain[i].bound ? !plain[i].pending : plain[i].waiting;

        if (plain[i].exists && plain[i].line == line && !ready) {
            return;
        }
    }
    should_be_masked[line] = false;
}

static void fire(uint32_t line)
{
    unsigned expected = 0;

    if (is_level(line)) {
        should_be_masked[line] = true;
    }
    signals = 0;
    interrupt_on_line(line);
    for (size_t i = 0; i < HANDLERS; i++) {
        if (!plain[i].exists || plain[i].line != line) {
            continue;
        }
        assert_int_equal(plain[i].woken, plain[i].waiting);
        if (plain[i].waiting) {
            assert_int_equal(plain[i].status, MN_OK);
            plain[i].waiting = false;
            plain[i].woken = false;
        } else {
            plain[i].pending = true;
            expected += plain[i].bound;
        }
    }
    assert_int_equal(signals, expected);
}

static void bind(int index)
{
    static struct slot notification = {.value = 1};
    struct plain_handler *handler = &plain[index];
    bool refused = handler->waiting || handler->bound;
    uint64_t address;
    uint64_t data;

    self = index;
    signals = 0;
    assert_int_equal(interrupt_bind(&slots[index], &notification, &address, &data),
                     refused ? MN_ERROR_GONE : MN_OK);
    if (refused) {
        return;
    }
    handler->bound = true;
    assert_int_equal(signals, handler->pending);
    assert_int_equal(address, handler->line < PINS ? 0 : 0xfee00000u | 7u << 12);
    assert_int_equal(data, handler->line < PINS ? 0 : 0x30 + handler->line);
    if (!handler->pending && is_level(handler->line)) {
        unmask_if_all_wait(handler->line);
    }
}

static void acknowledge(int index)
{
    struct plain_handler *handler = &plain[index];

    assert_int_equal(interrupt_acknowledge(&slots[index]),
                     handler->bound ? MN_OK : MN_ERROR_INVALID_ARGUMENT);
    if (handler->bound) {
        handler->pending = false;
        if (is_level(handler->line)) {
            unmask_if_all_wait(handler->line);
        }
    }
}

static void wait_for(int index)
{
    struct plain_handler *handler = &plain[index];
    volatile mn_status status = MN_OK;
    volatile bool has_blocked = false;

    self = index;
    if (setjmp(blocked) == 0) {
        status = interrupt_wait(&slots[index], threads[index]);
    } else {
        has_blocked = true;
    }
    if (handler->waiting || handler->bound) {
        assert_false(has_blocked);
        assert_int_equal(status, MN_ERROR_GONE);
    } else if (handler->pending) {
        assert_false(has_blocked);
        assert_int_equal(status, MN_OK);
        handler->pending = false;
    } else {
        assert_true(has_blocked);
        handler->waiting = true;
        if (is_level(handler->line)) {
            unmask_if_all_wait(handler->line);
        }
    }
}

static bool has_handler(uint32_t line)
{
    for (size_t i = 0; i < HANDLERS; i++) {
        if (plain[i].exists && plain[i].line == line) {
            return true;
        }
    }
    return false;
}

/** A capability for one line, narrowed from one for all of them. */
static void create(int index, uint32_t line)
{
    struct slot root = {.value = SLOT_RANGE(0, LINES)};
    struct slot made = {.value = 0};

    if (!has_handler(line)) {
        should_be_masked[line] = is_level(line);
    }
    assert_int_equal(interrupt_ops.narrow(&root, line, 1, &root_account.account, &made),
                     MN_OK);
    capability_install(&slots[index], NULL, SLOT_WORD(MN_CAP_INTERRUPT, MN_RIGHTS_ALL),
                       made.object, made.value);
    interrupt_ops.retain(&slots[index]);
    plain[index] = (struct plain_handler){.exists = true, .line = line};
}

static void drop(int index)
{
    struct plain_handler gone = plain[index];

    plain[index].exists = false;
    capability_drop(&slots[index]);
    assert_int_equal(plain[index].woken, gone.waiting);
    if (gone.waiting) {
        assert_int_equal(plain[index].status, MN_ERROR_CANCELLED);
    }
    if (!has_handler(gone.line)) {
        should_be_masked[gone.line] = gone.line < PINS || masked[gone.line];
    } else if (is_level(gone.line)) {
        unmask_if_all_wait(gone.line);
    }
}

static void step(struct choices *choices)
{
    int index = (int)choices_below(choices, HANDLERS);
    uint32_t line = choices_below(choices, LINES);
    unsigned what = choices_below(choices, 12);

    if (what < 3) {
        if (!masked[line]) {
            fire(line);
        }
    } else if (!plain[index].exists) {
        create(index, line);
    } else if (what == 3) {
        drop(index);
    } else if (what == 4) {
        bind(index);
    } else if (what == 5) {
        if (plain[index].bound) { /* the notification goes away */
            notification_detach(sources[index]);
        }
        plain[index].bound = false;
    } else if (what < 8) {
        acknowledge(index);
    } else {
        wait_for(index);
    }
    for (line = 0; line < LINES; line++) {
        assert_int_equal(masked[line], should_be_masked[line]);
    }
}

static void open_world(void)
{
    fake_machine_open(16);
    account_init(&root_account.account, &physical_memory, 1, 8);
    interrupt_init();
    cpu_table[0] = &cpu;
    cpu.lapic_id = 7;
    memset(plain, 0, sizeof(plain));
    for (size_t i = 0; i < LINES; i++) {
        masked[i] = i < PINS;
        should_be_masked[i] = i < PINS;
    }
    for (size_t i = 0; i < HANDLERS; i++) {
        threads[i] = aligned_alloc(64, FRAME_BYTES);
        assert_non_null(threads[i]);
        memset(threads[i], 0, FRAME_BYTES);
        list_init(&threads[i]->queue);
    }
}

static void close_world(void)
{
    for (int i = 0; i < HANDLERS; i++) {
        if (plain[i].exists) {
            drop(i);
        }
        free(threads[i]);
    }
    assert_int_equal(root_account.account.used_frames, 0);
    fake_machine_close();
}

static void random_steps_match_the_contract(void **state)
{
    struct choices choices = {.seed = 0xD1310BA698DFB5AC};

    (void)state;
    open_world();
    for (unsigned i = 0; i < STEPS; i++) {
        step(&choices);
    }
    close_world();
}

static void only_lines_that_exist(void **state)
{
    static const uint64_t numbers[] = {176, UINT32_MAX, UINT64_MAX};
    struct slot root = {.value = SLOT_RANGE(0, 176)};
    struct slot made = {.value = 0x5A};

    (void)state;
    open_world();
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        assert_int_equal(
            interrupt_ops.narrow(&root, numbers[i], 1, &root_account.account, &made),
            MN_ERROR_INVALID_ARGUMENT);
        assert_null(made.object);
    }
    interrupt_on_line(UINT32_MAX); /* nobody's, and nothing happens */
    root_account.account.limit_frames = 0;
    assert_int_equal(interrupt_ops.narrow(&root, 1, 1, &root_account.account, &made),
                     MN_ERROR_NO_MEMORY);
    assert_int_equal(interrupt_wait(&root, threads[0]), MN_ERROR_INVALID_ARGUMENT);
    close_world();
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_steps_match_the_contract),
        cmocka_unit_test(only_lines_that_exist),
    };

    return cmocka_run_group_tests_name("interrupt", tests, NULL, NULL);
}
