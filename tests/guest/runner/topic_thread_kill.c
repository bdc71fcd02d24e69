/**
 * topic_thread_kill.c - threads that are killed in every state, and nothing of them is left.
 */
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/thread_work.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { FIRST = 0, PARTNER = 1 };

struct kill_row {
    const char *name;
    own_thread_function *function;
    bool suspended; /**< first */
};

static void run_kill(const void *data)
{
    const struct kill_row *row = data;
    uint64_t child = child_create();

    work_create_objects();
    mint(child, WORK_CHILD, 0, 0, 0);
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, WORK_ENDPOINT), MN_OK);
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        work_start(FIRST, row->function, WORK_THREAD, CPU_NUMBER(cpu));
        let_others_run();
        if (row->suspended) {
            work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
        }
        work_control(WORK_THREAD, MN_THREAD_KILL, 0);
        CHECK_EQUAL(work_state(WORK_THREAD), MN_THREAD_IS_GONE);
        work_check_stands();
        CHECK_EQUAL(own_thread_has_ended(FIRST), 0);
        CHECK_EQUAL(sys_drop_cap(WORK_THREAD), MN_OK);
    }
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, 0), MN_OK);
    /* Nothing of them is left at the endpoint. */
    work_start(PARTNER, work_call, WORK_SECOND, CPU_OWN);
    work_end_by_reply();
    own_thread_wait(PARTNER);
    CHECK_EQUAL(work_counter, 55);
}

/** A caller is killed that was taken; and a server that owes a reply. */
static void run_kill_called(const void *data)
{
    struct call_image image;

    (void)data;
    work_create_objects();
    work_start(FIRST, work_call, WORK_THREAD, CPU_OWN);
    image_fill(&image, WORK_ENDPOINT, 0);
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    image.slot = WORK_ENDPOINT;
    image.info = MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_ERROR_WOULD_BLOCK);
    CHECK_EQUAL(own_thread_has_ended(FIRST), 0);
}

static void serve_and_spin(void *data)
{
    struct call_image image;

    (void)data;
    image_fill(&image, WORK_ENDPOINT, 0);
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    work_spin(NULL);
}

static void run_kill_server(const void *data)
{
    const uint64_t *cpu = data;

    work_create_objects();
    work_start(FIRST, serve_and_spin, WORK_THREAD, CPU_NUMBER(*cpu));
    work_start(PARTNER, work_call, WORK_SECOND, CPU_OWN);
    work_check_runs(); /* the server spins and owes a reply */
    CHECK_EQUAL(work_outcome, 1);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    own_thread_wait(PARTNER);
    CHECK_EQUAL(work_outcome, MN_ERROR_CANCELLED);
}

/** A faulted thread is killed: its process goes on, the handler's reply does nothing. */
static void run_kill_faulted(const void *data)
{
    const bool *taken = data;
    struct call_image image;

    work_create_objects();
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, WORK_ENDPOINT), MN_OK);
    work_start(FIRST, work_fault, WORK_THREAD, CPU_OWN);
    if (*taken) {
        image_fill(&image, WORK_ENDPOINT, 0);
        CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    } else {
        let_others_run();
    }
    CHECK_EQUAL(MN_THREAD_STATE(work_state(WORK_THREAD)), MN_THREAD_IS_FAULTED);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    image_fill(&image, WORK_ENDPOINT, 0);
    image.info = MN_MESSAGE_INFO(MN_FAULT_RESUME) | MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_ERROR_WOULD_BLOCK);
    CHECK_EQUAL(work_outcome, 1);
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, 0), MN_OK);
}

/** The last thread of a process takes it along. */
static void run_kill_last(const void *data)
{
    const uint64_t *cpu = data;
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();

    child_share(child);
    child_start(child, SCENARIO_SPIN, 0, CPU_NUMBER(*cpu));
    wait_for_word(&shared->counter[0], 1);
    for (uint64_t id = 1; sys_open_thread(child, id, WORK_THREAD) != MN_OK; id++) {
        REQUIRE_EQUAL(id < 1000000, true);
    }
    work_control(WORK_THREAD, MN_THREAD_KILL, 42);
    CHECK_EQUAL(child_wait(child), 42);
    CHECK_EQUAL(work_state(WORK_THREAD), MN_THREAD_IS_GONE);
}

static void kill_self(void *data)
{
    (void)data;
    while (sys_cap_info(WORK_SECOND, &(struct mn_cap_info){0}) != MN_OK ||
           work_counter == 0) {
        sys_yield();
    }
    (void)!sys_control_thread(WORK_SECOND, MN_THREAD_KILL, 0);
    work_outcome = 99;
}

static void run_kill_self(const void *data)
{
    (void)data;
    work_outcome = 1;
    work_start(FIRST, kill_self, WORK_SECOND, CPU_OWN);
    work_counter = 1;
    while (work_state(WORK_SECOND) != MN_THREAD_IS_GONE) {
        sys_yield();
    }
    CHECK_EQUAL(work_outcome, 1);
}

void topic_thread_kill(void)
{
    static const struct kill_row rows[] = {
        {"spins", work_spin, false},
        {"spins, suspended", work_spin, true},
        {"sends", work_send, false},
        {"sends, suspended", work_send, true},
        {"receives", work_receive, false},
        {"calls", work_call, false},
        {"calls, suspended", work_call, true},
        {"serves", work_serve, false},
        {"serves, suspended", work_serve, true},
        {"waits for signals", work_wait_signal, false},
        {"waits for an interrupt", work_wait_irq, false},
        {"waits for a process", work_wait_process, false},
        {"waits for the log", work_read_log, false},
        {"yields", work_yield, false},
        {"has memory zeroed", work_allocate, false},
        {"has faulted", work_fault, false},
        {"has faulted, suspended", work_fault, true},
        {"is in its trap handler", work_trap, false},
        {"is in its trap handler, suspended", work_trap, true},
    };
    static const bool no = false;
    static const bool yes = true;

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_kill, &rows[i], "thread: killed while it %s", rows[i].name);
    }
    test_run(run_kill_called, NULL, "thread: killed while its call is served");
    test_run(run_kill_faulted, &no, "thread: killed before its fault is told");
    test_run(run_kill_faulted, &yes, "thread: killed before its fault is answered");
    test_run(run_kill_self, NULL, "thread: kills itself");
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        test_run(run_kill_server, &cpu, "thread: killed on CPU %llu, owing a reply",
                 (unsigned long long)cpu);
        test_run(run_kill_last, &cpu, "thread: the last, killed on CPU %llu",
                 (unsigned long long)cpu);
    }
}
