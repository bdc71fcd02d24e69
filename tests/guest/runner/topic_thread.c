/**
 * topic_thread.c - Thread capabilities: suspended and resumed in every state; registers.
 */
#include "abi/user_memory_map.h"
#include "guest/common/poke.h"
#include "guest/common/registers.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/thread_work.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { FIRST = 0, PARTNER = 1, ROUNDS = 200 };

static void run_open(const void *data)
{
    struct mn_cap_info info;
    uint64_t id = work_start(FIRST, work_spin, WORK_THREAD, CPU_OWN);
    uint64_t child = child_create();

    (void)data;
    CHECK_EQUAL(sys_cap_info(WORK_THREAD, &info), MN_OK);
    CHECK_EQUAL(info.a, id);
    CHECK_EQUAL(info.c, 1);
    CHECK_EQUAL(info.rights, MN_RIGHTS_ALL);
    CHECK_EQUAL(MN_THREAD_STATE(info.b), 0);
    CHECK_EQUAL(sys_open_thread(0, MN_THREAD_SELF, WORK_SECOND), MN_OK);
    CHECK_EQUAL(sys_cap_info(WORK_SECOND, &info), MN_OK);
    CHECK_EQUAL(info.a, sys_thread_id());
    CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, id + 1000, WORK_OTHER),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, 0, WORK_OTHER),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_open_thread(child, id, WORK_OTHER), MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_open_thread(0, id, WORK_OTHER), MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_open_thread(0, MN_THREAD_SELF, WORK_THREAD),
                MN_ERROR_SLOT_OCCUPIED);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    CHECK_EQUAL(work_state(WORK_THREAD), MN_THREAD_IS_GONE);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_SUSPEND, 0), MN_ERROR_GONE);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    CHECK_EQUAL(sys_set_fault_handler(WORK_THREAD, 0), MN_ERROR_GONE);
}

/** A thread of a process that has ended with it. */
static void run_open_gone(const void *data)
{
    uint64_t child = child_create();
    mn_status id = sys_spawn_thread(child, TINY_CODE, 0, 0, CPU_OWN);

    (void)data;
    CHECK_EQUAL(sys_open_thread(child, id, WORK_THREAD), MN_OK);
    CHECK_EQUAL(sys_open_thread(child, id, WORK_SECOND), MN_OK);
    CHECK_EQUAL(sys_kill_process(child, 3), MN_OK);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_RESUME, 0), MN_ERROR_GONE);
    CHECK_EQUAL(child_wait(child), 3);
    CHECK_EQUAL(work_state(WORK_SECOND), MN_THREAD_IS_GONE);
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
}

static void run_suspend(const void *data)
{
    const uint64_t *cpu = data;

    work_start(FIRST, work_spin, WORK_THREAD, CPU_NUMBER(*cpu));
    work_check_runs();
    for (unsigned i = 0; i < 10; i++) {
        work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
        CHECK_EQUAL(MN_THREAD_STATE(work_state(WORK_THREAD)), MN_THREAD_IS_SUSPENDED);
        work_check_stands();
        work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
        work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
        work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
        work_check_runs();
    }
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    work_check_stands();
}

/** Suspends itself; somebody else lets it go on. */
static void suspend_self(void *data)
{
    (void)data;
    CHECK_EQUAL(sys_open_thread(0, MN_THREAD_SELF, WORK_SECOND), MN_OK);
    for (;;) {
        work_control(WORK_SECOND, MN_THREAD_SUSPEND, 0);
        work_counter++;
    }
}

static void run_suspend_self(const void *data)
{
    const uint64_t *cpu = data;

    work_start(FIRST, suspend_self, WORK_THREAD, CPU_NUMBER(*cpu));
    for (uint64_t i = 1; i <= 10; i++) {
        while (MN_THREAD_STATE(work_state(WORK_THREAD)) != MN_THREAD_IS_SUSPENDED) {
            sys_yield();
        }
        work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
        wait_for_word(&work_counter, i);
    }
}

/** Suspended while it waits: what comes is kept for it until it is resumed. */
struct wait_row {
    const char *name;
    own_thread_function *function;
    void (*end)(void); /**< ends its wait */
    uint64_t counter;  /**< what it got */
};

static void run_suspend_waiting(const void *data)
{
    const struct wait_row *row = data;

    work_create_objects();
    work_start(FIRST, row->function, WORK_THREAD, CPU_OWN);
    let_others_run();
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    row->end();
    let_others_run();
    CHECK_EQUAL(work_outcome, 1);
    CHECK_EQUAL(own_thread_has_ended(FIRST), 0);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    own_thread_wait(FIRST);
    CHECK_EQUAL(work_counter, row->counter);
}

/** The same, resumed before what it waits for comes. */
static void run_resume_waiting(const void *data)
{
    const struct wait_row *row = data;

    work_create_objects();
    work_start(FIRST, row->function, WORK_THREAD, CPU_OWN);
    let_others_run();
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    row->end();
    own_thread_wait(FIRST);
    CHECK_EQUAL(work_counter, row->counter);
}

/** A suspended server: its client waits until it is resumed, then has its reply. */
static void run_suspend_server(const void *data)
{
    (void)data;
    work_create_objects();
    work_start(FIRST, work_serve, WORK_THREAD, CPU_OWN);
    let_others_run();
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    work_start(PARTNER, work_call, WORK_SECOND, CPU_OWN);
    let_others_run();
    CHECK_EQUAL(work_outcome, 1);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    own_thread_wait(PARTNER);
    CHECK_EQUAL(work_outcome, MN_OK);
}

/** Faulted and suspended: answered, it stays; resumed, it goes on. */
static void run_suspend_faulted(const void *data)
{
    struct call_image image;

    (void)data;
    work_create_objects();
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, WORK_ENDPOINT), MN_OK);
    work_start(FIRST, work_fault, WORK_THREAD, CPU_OWN);
    image_fill(&image, WORK_ENDPOINT, 0);
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    image.slot = WORK_ENDPOINT;
    image.words[0] = (uint64_t)poke_landed;
    image.words[1] = image.words[MN_FAULT_RSP];
    image.info = MN_MESSAGE_INFO(MN_FAULT_REDIRECT) | MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_ERROR_WOULD_BLOCK);
    let_others_run();
    CHECK_EQUAL(own_thread_has_ended(FIRST), 0);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    own_thread_wait(FIRST);
    CHECK_EQUAL(work_outcome, 1);
    CHECK_EQUAL(sys_set_fault_handler(MN_INIT_SLOT_SELF, 0), MN_OK);
}

/** Registers of a suspended thread: read, changed, and it goes on with them. */
static void run_write_registers(const void *data)
{
    const uint64_t *cpu = data;
    struct mn_trap_frame frame;
    struct mnos_thread_bases bases;

    work_outcome = 1;
    work_start(FIRST, work_spin, WORK_THREAD, CPU_NUMBER(*cpu));
    work_check_runs();
    CHECK_EQUAL(sys_read_registers(WORK_THREAD, &frame, &bases), MN_ERROR_WOULD_BLOCK);
    CHECK_EQUAL(sys_write_registers(WORK_THREAD, &frame), MN_ERROR_WOULD_BLOCK);
    work_control(WORK_THREAD, MN_THREAD_GS_BASE, TEST_AREA);
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    CHECK_EQUAL(sys_read_registers(WORK_THREAD, &frame, &bases), MN_OK);
    CHECK(frame.rip - (uint64_t)work_spin < 64);
    CHECK_EQUAL(bases.fs_base, 0);
    CHECK_EQUAL(bases.gs_base, TEST_AREA);
    CHECK_EQUAL(
        sys_read_registers(WORK_THREAD, (struct mn_trap_frame *)TEST_AREA, &bases),
        MN_ERROR_BAD_ADDRESS);
    CHECK_EQUAL(sys_write_registers(WORK_THREAD, (struct mn_trap_frame *)TEST_AREA),
                MN_ERROR_BAD_ADDRESS);
    frame.rip = 0xffffffff80200000;
    CHECK_EQUAL(sys_write_registers(WORK_THREAD, &frame), MN_ERROR_INVALID_ARGUMENT);
    frame.rip = (uint64_t)work_wait_process; /* its slot is Empty: it fails */
    frame.rflags = ~0x100ul;
    frame.cs = 8;
    frame.ss = 16;
    frame.vector = 256;
    CHECK_EQUAL(sys_write_registers(WORK_THREAD, &frame), MN_OK);
    CHECK_EQUAL(sys_read_registers(WORK_THREAD, &frame, &bases), MN_OK);
    CHECK_EQUAL(frame.rflags, MN_RFLAGS_ALWAYS | (MN_RFLAGS_USER & ~0x100ul));
    CHECK_EQUAL(frame.cs & 3, 3);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    wait_for_word(&work_outcome, MN_ERROR_INVALID_SLOT);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
}

/** Bad operations. */
static void run_bad(const void *data)
{
    static const uint64_t bad[] = {0, 9, 1ul << 32, (1ul << 32) + 1, ~0ul};

    (void)data;
    work_start(FIRST, work_yield, WORK_THREAD, CPU_OWN);
    for (unsigned i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        const uint64_t arguments[6] = {WORK_THREAD, bad[i]};

        CHECK_EQUAL(raw_syscall(MN_SYS_CONTROL_THREAD, arguments),
                    MN_ERROR_INVALID_ARGUMENT);
    }
}

/** Everything at once from all CPUs, to one thread; then everything is as before. */
static void torment(void *data)
{
    const uint64_t *seed = data;
    uint64_t random = *seed;

    for (unsigned i = 0; i < ROUNDS; i++) {
        random = random * 6364136223846793005ul + 1442695040888963407ul;
        switch (random >> 60) {
        case 0:
        case 1:
        case 2:
            (void)!sys_control_thread(WORK_THREAD, MN_THREAD_SUSPEND, 0);
            break;
        case 3:
        case 4:
        case 5:
        case 6:
            (void)!sys_control_thread(WORK_THREAD, MN_THREAD_RESUME, 0);
            break;
        case 7:
        case 8:
        case 9:
            (void)!sys_control_thread(WORK_THREAD, MN_THREAD_CPU,
                                      (random >> 40) % boot_info->cpu_count);
            break;
        case 10:
            (void)!sys_control_thread(WORK_THREAD, MN_THREAD_FS_BASE, random >> 48);
            break;
        case 11:
            (void)!sys_control_thread(WORK_THREAD, MN_THREAD_PRIORITY,
                                      30 + (random >> 59) % 3);
            break;
        default:
            sys_yield();
            break;
        }
    }
}

static void run_torment(const void *data)
{
    static uint64_t seeds[] = {1, 22, 333, 4444};
    own_thread_function *const *victim = data;

    work_create_objects();
    work_start(FIRST, *victim, WORK_THREAD, CPU_OWN);
    for (unsigned i = 0; i < 4; i++) {
        own_thread_start(1 + i, torment, &seeds[i],
                         CPU_NUMBER(i % boot_info->cpu_count));
    }
    for (unsigned i = 0; i < 4; i++) {
        own_thread_wait(1 + i);
    }
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
    CHECK_EQUAL(work_state(WORK_THREAD), MN_THREAD_IS_GONE);
}

static void test_suspend(void)
{
    static const struct wait_row rows[] = {
        {"sends", work_send, work_end_by_receive, 0},
        {"receives", work_receive, work_end_by_send, 77},
        {"calls", work_call, work_end_by_reply, 55},
        {"waits for signals", work_wait_signal, work_end_by_signal, 8},
        {"waits for an interrupt", work_wait_irq, work_end_by_drop, 0},
    };

    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        test_run(run_suspend, &cpu, "thread: suspended on CPU %llu",
                 (unsigned long long)cpu);
        test_run(run_suspend_self, &cpu, "thread: suspends itself on CPU %llu",
                 (unsigned long long)cpu);
    }
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_suspend_waiting, &rows[i], "thread: suspended while it %s",
                 rows[i].name);
        test_run(run_resume_waiting, &rows[i],
                 "thread: suspended and resumed while it %s", rows[i].name);
    }
    test_run(run_suspend_server, NULL, "thread: a suspended server");
    test_run(run_suspend_faulted, NULL, "thread: suspended, having faulted");
}

void topic_thread(void)
{
    static own_thread_function *const victims[] = {work_spin, work_yield, work_receive,
                                                   work_allocate};

    test_run(run_open, NULL, "thread: capabilities");
    test_run(run_open_gone, NULL, "thread: of a process that ends");
    test_run(run_bad, NULL, "thread: operations that there are not");
    test_suspend();
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        test_run(run_write_registers, &cpu, "thread: registers, CPU %llu",
                 (unsigned long long)cpu);
    }
    for (unsigned i = 0; i < sizeof(victims) / sizeof(victims[0]); i++) {
        test_run(run_torment, &victims[i], "thread: tormented, victim %u", i);
    }
}
