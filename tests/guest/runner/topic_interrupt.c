/**
 * topic_interrupt.c - WAIT_IRQ with COM1's line 4: the transmitter's interrupt, edge
 * triggered on every machine that the tests run on.
 *
 * The runner prints by polling; while a test has the UART's interrupt on, it prints nothing.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/io.h"
#include "mnos/irq.h"
#include "mnos/process.h"
#include "mnos/uart16550.h"

enum { LINE = TEST_SLOT, LINE_2, COM1_LINE = 4 };

static void write_register(uint16_t offset, uint8_t value)
{
    CHECK_EQUAL(sys_port_out(MN_INIT_SLOT_COM1, UART16550_COM1 + offset, value), MN_OK);
}

static uint8_t read_register(uint16_t offset)
{
    uint8_t value = 0;

    CHECK_EQUAL(sys_port_in(MN_INIT_SLOT_COM1, UART16550_COM1 + offset, &value), MN_OK);
    return value;
}

static void make_line(uint64_t slot)
{
    mint(MN_INIT_SLOT_INTERRUPTS, slot, 0, COM1_LINE, 1);
}

/** Switches the transmitter's interrupt on; with it empty that is an edge at once. */
static void raise(void)
{
    write_register(UART16550_MCR,
                   UART16550_MCR_DTR | UART16550_MCR_RTS | UART16550_MCR_OUT2);
    write_register(UART16550_IER, 0);
    while ((read_register(UART16550_LSR) & UART16550_LSR_ALL_EMPTY) == 0) {
    }
    write_register(UART16550_IER, UART16550_IER_THR_EMPTY);
}

/** The UART has nothing more to say. */
static void lower(void)
{
    (void)read_register(UART16550_IIR);
    write_register(UART16550_IER, 0);
    write_register(UART16550_MCR, 0);
}

static void run_pending(const void *data)
{
    (void)data;
    make_line(LINE);
    for (unsigned i = 0; i < 10; i++) {
        raise();
        CHECK_EQUAL(sys_wait_irq(LINE), MN_OK);
        lower();
    }
}

/** The waiter is another process, on whatever CPU; it waits before the line fires. */
static void run_wakes(const void *data)
{
    const uint64_t *cpu = data;
    uint64_t child = child_create();

    make_line(LINE);
    child_give(child, LINE, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(child, SCENARIO_WAIT_IRQ, 0, *cpu);
    for (unsigned i = 0; i < 500; i++) {
        sys_yield();
    }
    raise();
    CHECK(child_ends(child));
    lower();
    CHECK_EQUAL(child_wait(child), MN_OK);
}

/** Several firings that nobody waited for are one return. */
static void run_one_bit(const void *data)
{
    uint64_t child = child_create();
    struct mn_cap_info info;

    (void)data;
    make_line(LINE);
    raise();
    lower();
    raise();
    lower();
    CHECK_EQUAL(sys_wait_irq(LINE), MN_OK);
    child_give(child, LINE, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(child, SCENARIO_WAIT_IRQ, 0, CPU_OWN);
    for (unsigned i = 0; i < 500; i++) {
        sys_yield();
    }
    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    CHECK_EQUAL(info.b, MN_PROCESS_RUNNING); /* still waits */
}

static void run_second_waiter(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    make_line(LINE);
    child_give(child, LINE, CHILD_SLOT_EXTRA, MN_RIGHT_READ);
    child_start(child, SCENARIO_WAIT_IRQ, 0, CPU_OWN);
    for (unsigned i = 0; i < 100; i++) {
        sys_yield();
    }
    CHECK_EQUAL(sys_wait_irq(LINE), MN_ERROR_GONE);
    child_kill(child);
    raise();
    CHECK_EQUAL(sys_wait_irq(LINE), MN_OK); /* the place is free again */
    lower();
}

/** Two handlers of one line: it fires for both. */
static void run_two_handlers(const void *data)
{
    (void)data;
    make_line(LINE);
    make_line(LINE_2);
    raise();
    CHECK_EQUAL(sys_wait_irq(LINE), MN_OK);
    CHECK_EQUAL(sys_wait_irq(LINE_2), MN_OK);
    lower();
    CHECK_EQUAL(sys_drop_cap(LINE), MN_OK);
    raise();
    CHECK_EQUAL(sys_wait_irq(LINE_2), MN_OK);
    lower();
}

static void run_range(const void *data)
{
    (void)data;
    CHECK_EQUAL(sys_wait_irq(MN_INIT_SLOT_INTERRUPTS), MN_ERROR_INVALID_ARGUMENT);
    mint(MN_INIT_SLOT_INTERRUPTS, LINE, 0, 3, 2);
    CHECK_EQUAL(sys_wait_irq(LINE), MN_ERROR_INVALID_ARGUMENT);
    mint(LINE, LINE_2, 0, COM1_LINE, 1);
    raise();
    CHECK_EQUAL(sys_wait_irq(LINE_2), MN_OK);
    lower();
}

/** An interrupt that fires with no handler left harms nobody. */
static void run_handler_gone(const void *data)
{
    (void)data;
    make_line(LINE);
    CHECK_EQUAL(sys_drop_cap(LINE), MN_OK);
    raise();
    sys_yield();
    lower();
    make_line(LINE);
    raise();
    CHECK_EQUAL(sys_wait_irq(LINE), MN_OK);
    lower();
}

/** Many interrupts while another thread spins: none is lost, each is one return. */
static void run_beside_spinner(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();

    (void)data;
    child_share(child);
    child_start(child, SCENARIO_SPIN, 0, CPU_OWN);
    make_line(LINE);
    for (unsigned i = 0; i < 50; i++) {
        raise();
        CHECK_EQUAL(sys_wait_irq(LINE), MN_OK);
        lower();
    }
    wait_for_word(&shared->counter[0], 1);
}

void topic_interrupt(void)
{
    uint64_t cpu = CPU_OWN;

    test_run(run_pending, NULL, "interrupt: fired before WAIT_IRQ");
    test_run(run_wakes, &cpu, "interrupt: wakes another process");
    cpu = CPU_NUMBER(boot_info->cpu_count - 1);
    test_run(run_wakes, &cpu, "interrupt: wakes another process, last CPU");
    test_run(run_one_bit, NULL, "interrupt: one pending bit");
    test_run(run_second_waiter, NULL, "interrupt: a second waiter is refused");
    test_run(run_two_handlers, NULL, "interrupt: two handlers of one line");
    test_run(run_range, NULL, "interrupt: a range of lines is not waited for");
    test_run(run_handler_gone, NULL, "interrupt: fires with no handler left");
    test_run(run_beside_spinner, NULL, "interrupt: fifty beside a spinner");
}
