/**
 * topic_thread_place.c - where a thread runs: CPU, priority and ceiling; FS and GS base.
 */
#include "abi/user_memory_map.h"
#include "guest/common/poke.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/thread_work.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/trap.h"

enum { FIRST = 0, PARTNER = 1, ROUNDS = 200 };

static volatile uint64_t apic_id;

static uint64_t own_apic_id(void)
{
    uint32_t eax = 1;
    uint32_t ebx;
    uint32_t ecx = 0;
    uint32_t edx;

    __asm__ volatile("cpuid" : "+a"(eax), "=b"(ebx), "+c"(ecx), "=d"(edx));
    return ebx >> 24;
}

static void tell_cpu(void *data)
{
    (void)data;
    for (;;) {
        apic_id = own_apic_id();
        work_counter++;
    }
}

static void run_move(const void *data)
{
    uint64_t cpus = boot_info->cpu_count;

    (void)data;
    work_start(FIRST, tell_cpu, WORK_THREAD, CPU_OWN);
    for (uint64_t i = 0; i < 4 * cpus; i++) {
        uint64_t cpu = (i * 7 + 3) % cpus;

        work_control(WORK_THREAD, MN_THREAD_CPU, cpu);
        CHECK_EQUAL(MN_THREAD_CPU_OF(work_state(WORK_THREAD)), cpu);
        work_check_runs();
        work_check_runs();
        CHECK_EQUAL(apic_id, cpu); /* QEMU numbers them alike */
    }
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_CPU, cpus),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_CPU, 1ul << 32),
                MN_ERROR_INVALID_ARGUMENT);
}

/** Vector registers of a thread that is moved all the time. */
static void run_move_vectors(const void *data)
{
    uint64_t child = child_create();
    uint64_t id;

    (void)data;
    child_start(child, SCENARIO_KEEP_VECTORS, 9, CPU_OWN);
    for (id = 1; sys_open_thread(child, id, WORK_THREAD) != MN_OK; id++) {
        REQUIRE_EQUAL(id < 1000000, true);
    }
    for (uint64_t i = 0; i < ROUNDS; i++) {
        mn_status status =
            sys_control_thread(WORK_THREAD, MN_THREAD_CPU, i % boot_info->cpu_count);

        CHECK(status == MN_OK || status == MN_ERROR_GONE);
        sys_yield();
    }
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

static void move_self(void *data)
{
    (void)data;
    for (uint64_t i = 0; i < ROUNDS; i++) {
        uint64_t cpu = i % boot_info->cpu_count;

        CHECK_EQUAL(sys_control_thread(WORK_SECOND, MN_THREAD_CPU, cpu), MN_OK);
        CHECK_EQUAL(own_apic_id(), cpu);
    }
}

static void run_move_self(const void *data)
{
    (void)data;
    work_start(FIRST, move_self, WORK_THREAD, CPU_OWN);
    work_control(WORK_THREAD, MN_THREAD_SUSPEND, 0);
    mint(WORK_THREAD, WORK_SECOND, MN_RIGHT_WRITE, 0, 0);
    work_control(WORK_THREAD, MN_THREAD_RESUME, 0);
    own_thread_wait(FIRST);
}

/** Moved while it waits in a server's call: it serves from its new CPU. */
static void run_move_server(const void *data)
{
    uint64_t cpus = boot_info->cpu_count;

    (void)data;
    work_create_objects();
    work_start(FIRST, work_serve, WORK_THREAD, CPU_OWN);
    let_others_run();
    work_control(WORK_THREAD, MN_THREAD_CPU, cpus - 1);
    work_start(PARTNER, work_call, WORK_SECOND, CPU_OWN);
    own_thread_wait(PARTNER);
    CHECK_EQUAL(work_outcome, MN_OK);
    CHECK_EQUAL(work_counter, 5 * 0x0101010101010101ul);
}

static void run_priority(const void *data)
{
    struct mn_cap_info info;

    (void)data;
    work_start(FIRST, work_spin, WORK_THREAD, CPU_OWN);
    CHECK_EQUAL(MN_THREAD_PRIORITY_OF(work_state(WORK_THREAD)), 32);
    CHECK_EQUAL(MN_THREAD_CEILING_OF(work_state(WORK_THREAD)), 32);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_PRIORITY, 33),
                MN_ERROR_RIGHTS);
    work_control(WORK_THREAD, MN_THREAD_PRIORITY, 10);
    work_check_stands(); /* the runner is better and never waits */
    work_control(WORK_THREAD, MN_THREAD_CEILING, 40);
    work_control(WORK_THREAD, MN_THREAD_PRIORITY, 32);
    work_check_runs();
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_PRIORITY, 41),
                MN_ERROR_RIGHTS);
    work_control(WORK_THREAD, MN_THREAD_CEILING, 20);
    CHECK_EQUAL(sys_cap_info(WORK_THREAD, &info), MN_OK);
    CHECK_EQUAL(MN_THREAD_PRIORITY_OF(info.b), 20);
    CHECK_EQUAL(MN_THREAD_CEILING_OF(info.b), 20);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_PRIORITY, 64),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_CEILING, 64),
                MN_ERROR_INVALID_ARGUMENT);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_CEILING, ~0ul),
                MN_ERROR_INVALID_ARGUMENT);
}

/** A thread with a capability to itself: not above its own ceiling, nor anybody else. */
static void raise_self(void *data)
{
    (void)data;
    CHECK_EQUAL(sys_open_thread(0, MN_THREAD_SELF, WORK_SECOND), MN_OK);
    CHECK_EQUAL(sys_control_thread(WORK_SECOND, MN_THREAD_CEILING, 33),
                MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_control_thread(WORK_SECOND, MN_THREAD_PRIORITY, 33),
                MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_control_thread(WORK_THREAD, MN_THREAD_CEILING, 33),
                MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_control_thread(WORK_SECOND, MN_THREAD_CEILING, 5), MN_OK);
    CHECK_EQUAL(sys_control_thread(WORK_SECOND, MN_THREAD_CEILING, 6), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_send(WORK_ENDPOINT, 0, 0, 0), MN_OK);
}

static void run_ceiling(const void *data)
{
    struct mn_message message;
    uint64_t id;

    (void)data;
    work_create_objects();
    id = own_thread_start(FIRST, raise_self, NULL, CPU_OWN);
    CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, id, WORK_THREAD), MN_OK);
    CHECK_EQUAL(sys_recv(WORK_ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(MN_THREAD_CEILING_OF(work_state(WORK_THREAD)), 5);
    CHECK_EQUAL(MN_THREAD_PRIORITY_OF(work_state(WORK_THREAD)), 5);
    work_control(WORK_THREAD, MN_THREAD_KILL, 0);
}

static uint64_t read_fs(void)
{
    uint64_t value;

    __asm__ volatile("movq %%fs:0, %0" : "=r"(value));
    return value;
}

static uint64_t read_gs(void)
{
    uint64_t value;

    __asm__ volatile("movq %%gs:8, %0" : "=r"(value));
    return value;
}

static uint64_t storage[OWN_THREADS][2];

static void check_bases(void *data)
{
    uint64_t *own = data;

    while (own[0] == 0) {
        sys_yield();
    }
    for (unsigned i = 0; i < ROUNDS; i++) {
        CHECK_EQUAL(read_fs(), own[0]);
        CHECK_EQUAL(read_gs(), own[1]);
        if (i % 3 == 0) {
            sys_yield();
        } else if (i % 3 == 1) {
            struct call_image image;

            image_fill(&image, WORK_ENDPOINT, (uint8_t)i);
            CHECK_EQUAL(call_all(MN_SYS_CALL, &image), MN_OK);
        } else {
            CHECK_EQUAL(sys_signal(WORK_NOTIFICATION, 1), MN_OK);
        }
    }
}

/** Serves for ever, without bases: at address 0 nothing is mapped. */
static void serve_without_bases(void *data)
{
    struct call_image image;

    (void)data;
    image_fill(&image, WORK_ENDPOINT, 0);
    for (;;) {
        image.slot = WORK_ENDPOINT;
        image.info = 0;
        if (call_all(MN_SYS_REPLY_RECV, &image) != MN_OK) {
            return;
        }
        work_counter++;
    }
}

static void land(struct mn_trap_frame *frame)
{
    work_outcome = frame->address;
    frame->rip = (uint64_t)poke_landed;
}

/** Whoever has no base has 0, also right behind one that has. */
static void check_no_base(void)
{
    static uint8_t stack[2 * MNOS_TRAP_STACK_MIN] __attribute__((aligned(16)));

    work_outcome = 1;
    CHECK_EQUAL(mnos_trap_handler_set(land, stack, sizeof(stack)), MN_OK);
    CHECK_EQUAL(poke_fs(), 1);
    CHECK_EQUAL(work_outcome, 0);
    mnos_trap_handler_clear();
}

static void run_bases(const void *data)
{
    const uint64_t *cpu = data;
    enum { THREADS = 4 };

    work_create_objects();
    own_thread_start(THREADS, serve_without_bases, NULL, CPU_NUMBER(*cpu));
    for (unsigned i = 0; i < THREADS; i++) {
        uint64_t id;

        storage[i][0] = 0;
        storage[i][1] = 0x2000 + i;
        id = own_thread_start(i, check_bases, storage[i], CPU_NUMBER(*cpu));
        CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, id, WORK_OTHER), MN_OK);
        work_control(WORK_OTHER, MN_THREAD_FS_BASE, (uint64_t)storage[i]);
        work_control(WORK_OTHER, MN_THREAD_GS_BASE, (uint64_t)storage[i]);
        CHECK_EQUAL(sys_control_thread(WORK_OTHER, MN_THREAD_FS_BASE, MN_USER_LIMIT),
                    MN_ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(sys_control_thread(WORK_OTHER, MN_THREAD_GS_BASE, ~0ul),
                    MN_ERROR_INVALID_ARGUMENT);
        CHECK_EQUAL(sys_drop_cap(WORK_OTHER), MN_OK);
        storage[i][0] = 0x1000 + i;
    }
    for (unsigned i = 0; i < THREADS; i++) {
        while (own_thread_has_ended(i) == 0 && !test_has_failed()) {
            check_no_base();
            sys_yield();
        }
    }
}

void topic_thread_place(void)
{
    test_run(run_move, NULL, "thread: moved to another CPU");
    test_run(run_move_self, NULL, "thread: moves itself");
    test_run(run_move_server, NULL, "thread: moved while it serves");
    test_run(run_move_vectors, NULL, "thread: moved, with vector registers");
    test_run(run_priority, NULL, "thread: priorities and ceilings");
    test_run(run_ceiling, NULL, "thread: nobody raises above the own ceiling");
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        test_run(run_bases, &cpu, "thread: FS and GS base on CPU %llu",
                 (unsigned long long)cpu);
    }
}
