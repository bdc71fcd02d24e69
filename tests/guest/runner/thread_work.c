/**
 * thread_work.c - see thread_work.h.
 */
#include "guest/runner/thread_work.h"

#include "guest/common/poke.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/irq.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/trap.h"

volatile uint64_t work_counter;
volatile uint64_t work_outcome;

void work_spin(void *data)
{
    (void)data;
    for (;;) {
        work_counter++;
    }
}

uint64_t work_start(unsigned number, own_thread_function *function, uint64_t slot,
                    uint64_t cpu)
{
    uint64_t id = own_thread_start(number, function, NULL, cpu);

    work_counter = 0;
    CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, id, slot), MN_OK);
    return id;
}

void work_control(uint64_t slot, enum mn_thread_operation operation, uint64_t value)
{
    CHECK_EQUAL(sys_control_thread(slot, operation, value), MN_OK);
}

uint64_t work_state(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
    return info.b;
}

/** Waits until the work_counter moves; and that it stands still. */
void work_check_runs(void)
{
    uint64_t before = work_counter;

    wait_for_word(&work_counter, before + 1);
}

void work_check_stands(void)
{
    uint64_t before = work_counter;

    let_others_run();
    CHECK_EQUAL(work_counter, before);
}

/** What a thread is doing when it is suspended, or killed. */
void work_send(void *data)
{
    (void)data;
    work_outcome = sys_send(WORK_ENDPOINT, 1, 2, 3);
}

void work_receive(void *data)
{
    struct mn_message message = {0};

    (void)data;
    work_outcome = sys_recv(WORK_ENDPOINT, &message);
    work_counter = message.data0;
}

void work_call(void *data)
{
    struct call_image image;

    (void)data;
    image_fill(&image, WORK_ENDPOINT, 5);
    work_outcome = call_all(MN_SYS_CALL, &image);
    work_counter = image.words[0];
}

void work_serve(void *data)
{
    struct call_image image;

    (void)data;
    image_fill(&image, WORK_ENDPOINT, 0);
    work_outcome = call_all(MN_SYS_REPLY_RECV, &image);
    work_counter = image.words[0];
    image.slot = WORK_ENDPOINT;
    work_outcome = call_all(MN_SYS_REPLY_RECV, &image);
}

void work_wait_signal(void *data)
{
    uint64_t bits = 0;

    (void)data;
    work_outcome = sys_wait_signal(WORK_NOTIFICATION, 0, &bits);
    work_counter = bits;
}

void work_wait_irq(void *data)
{
    (void)data;
    work_outcome = sys_wait_irq(WORK_IRQ);
}

void work_wait_process(void *data)
{
    uint64_t code = 0;

    (void)data;
    work_outcome = sys_wait_process(WORK_CHILD, &code);
}

void work_read_log(void *data)
{
    struct mnos_log_piece piece;
    char text[64];

    (void)data;
    work_outcome = sys_read_log(MN_INIT_SLOT_MACHINE, text, sizeof(text), ~0ul >> 1,
                                MN_READ_LOG_WAIT, &piece);
}

void work_yield(void *data)
{
    (void)data;
    for (;;) {
        sys_yield();
    }
}

void work_allocate(void *data)
{
    (void)data;
    for (;;) {
        (void)!sys_alloc_memory(MN_INIT_SLOT_MEMORY, WORK_OTHER, 9);
        (void)sys_drop_cap(WORK_OTHER);
    }
}

void work_fault(void *data)
{
    (void)data;
    work_outcome = poke((uint64_t *)TEST_AREA, 1);
}

static void spin_on_trap(struct mn_trap_frame *frame)
{
    (void)frame;
    work_spin(NULL);
}

void work_trap(void *data)
{
    static uint8_t stack[2 * MNOS_TRAP_STACK_MIN] __attribute__((aligned(16)));

    (void)data;
    CHECK_EQUAL(mnos_trap_handler_set(spin_on_trap, stack, sizeof(stack)), MN_OK);
    work_outcome = poke((uint64_t *)TEST_AREA, 1);
}

void work_create_objects(void)
{
    work_outcome = 1;
    endpoint_create(WORK_ENDPOINT);
    notification_create(WORK_NOTIFICATION);
    mint(MN_INIT_SLOT_INTERRUPTS, WORK_IRQ, 0, 7, 1);
}

void work_end_by_send(void)
{
    CHECK_EQUAL(sys_send(WORK_ENDPOINT, 7, 77, 0), MN_OK);
}

void work_end_by_receive(void)
{
    struct mn_message message;

    CHECK_EQUAL(sys_recv(WORK_ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.data0, 2);
}

void work_end_by_reply(void)
{
    struct call_image image;

    image_fill(&image, WORK_ENDPOINT, 0);
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    image_fill(&image, WORK_ENDPOINT, 0);
    image.words[0] = 55;
    image.info = MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_ERROR_WOULD_BLOCK);
}

void work_end_by_signal(void)
{
    CHECK_EQUAL(sys_signal(WORK_NOTIFICATION, 8), MN_OK);
}

void work_end_by_drop(void)
{
    CHECK_EQUAL(sys_drop_cap(WORK_IRQ), MN_OK);
}
