/**
 * topic_fault.c - faults as messages: what the handler is told, what its reply does, and what
 * happens when there is no reply.
 */
#include "abi/user_memory_map.h"
#include "guest/common/attacks.h"
#include "guest/common/poke.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/thread.h"

enum {
    ENDPOINT = TEST_SLOT,
    BADGED,
    OTHER,
    THREAD,
    FRAME,
    BADGE = 0x77,
    VALUE = 0x1234,
    ROUNDS = 50,
    UD2_LENGTH = 2,
    HANDLER = 0
};

#define PAGE_FAULT FAULT_CODE(14)

static uint64_t create_faulter(void)
{
    return child_create_faulter(ENDPOINT, BADGED, BADGE);
}

/** Waits for a fault by REPLY_RECV, which replies with what @p image has. */
static void next_fault(struct call_image *image)
{
    image->slot = ENDPOINT;
    image->mxcsr = 0x1f80;
    image->x87_control = 0x37f;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, image), MN_OK);
    CHECK_EQUAL(image->slot, BADGE);
    CHECK_EQUAL(image->info, MN_MESSAGE_INFO(MN_FAULT_EXCEPTION));
}

/** Replies, without waiting for another fault. */
static void answer(struct call_image *image, enum mn_fault_reply how)
{
    image->slot = ENDPOINT;
    image->info = MN_MESSAGE_INFO(how) | MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, image), MN_ERROR_WOULD_BLOCK);
}

static void check_poke(const struct call_image *image, uint64_t child)
{
    uint64_t cause = image->words[MN_FAULT_CAUSE];

    CHECK_EQUAL(MN_FAULT_CAUSE_VECTOR(cause), MN_TRAP_PAGE_FAULT);
    CHECK_EQUAL(
        MN_FAULT_CAUSE_ERROR(cause) & (MN_PAGE_FAULT_PROTECTION | MN_PAGE_FAULT_WRITE),
        MN_PAGE_FAULT_WRITE);
    CHECK_EQUAL(image->words[MN_FAULT_ADDRESS], POKE_VADDR);
    CHECK_EQUAL(image->words[MN_FAULT_PID], child_pid(child));
    CHECK_EQUAL(image->words[MN_FAULT_RAX], 0);
    CHECK(image->words[MN_FAULT_RSP] <= CHILD_STACK_TOP &&
          image->words[MN_FAULT_RSP] > CHILD_STACK_TOP - MN_PAGE_SIZE);
    CHECK_EQUAL(image->words[MN_FAULT_RFLAGS] & 0x202, 0x202);
}

static void map_page(uint64_t child)
{
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    CHECK_EQUAL(
        sys_map_memory(child, FRAME, POKE_VADDR & ~(MN_PAGE_SIZE - 1), MN_MAP_WRITABLE),
        MN_OK);
}

/** A pager: it maps the page, and the store is made. */
static void run_pager(const void *data)
{
    const uint64_t *cpu = data;
    struct call_image image = {0};
    uint64_t child = create_faulter();

    child_start(child, SCENARIO_POKE, VALUE, *cpu);
    next_fault(&image);
    check_poke(&image, child);
    map_page(child);
    answer(&image, MN_FAULT_RESUME);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** Resumed without a page it faults again, as often as it likes. */
static void run_again(const void *data)
{
    struct call_image image = {0};
    uint64_t child = create_faulter();

    (void)data;
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    next_fault(&image);
    for (unsigned i = 0; i < ROUNDS; i++) {
        image.info = MN_MESSAGE_INFO(MN_FAULT_RESUME);
        next_fault(&image);
        check_poke(&image, child);
    }
    map_page(child);
    answer(&image, MN_FAULT_RESUME);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

static void run_redirect(const void *data)
{
    struct call_image image = {0};
    uint64_t child = create_faulter();

    (void)data;
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    next_fault(&image);
    /* The child has the same code, elsewhere. */
    image.words[0] = image.words[MN_FAULT_RIP] + (uint64_t)(poke_landed - poke_store);
    image.words[1] = image.words[MN_FAULT_RSP];
    image.words[2] = 0;
    answer(&image, MN_FAULT_REDIRECT);
    CHECK_EQUAL(child_wait(child), POKE_LANDED);
}

/** All registers, vector state too, over faults, with others that use them beside. */
static void run_registers(const void *data)
{
    const uint64_t *cpu = data;
    struct call_image image = {0};
    uint64_t child = create_faulter();
    uint64_t bystander = child_run(SCENARIO_KEEP_VECTORS, 3);

    child_start(child, SCENARIO_FAULT_OFTEN, ROUNDS, *cpu);
    next_fault(&image);
    for (unsigned i = 1; i < ROUNDS; i++) {
        CHECK_EQUAL(MN_FAULT_CAUSE_VECTOR(image.words[MN_FAULT_CAUSE]),
                    MN_TRAP_INVALID_OPCODE);
        image.words[0] = image.words[MN_FAULT_RIP] + UD2_LENGTH;
        image.words[1] = image.words[MN_FAULT_RSP];
        image.info = MN_MESSAGE_INFO(MN_FAULT_REDIRECT);
        next_fault(&image);
    }
    image.words[0] = image.words[MN_FAULT_RIP] + UD2_LENGTH;
    image.words[1] = image.words[MN_FAULT_RSP];
    answer(&image, MN_FAULT_REDIRECT);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(child_wait(bystander), SCENARIO_GOOD);
}

struct reply_row {
    const char *name;
    uint64_t label;
    uint64_t rip; /**< word 0 */
};

/** Replies that end the process, with the report. */
static void run_end(const void *data)
{
    const struct reply_row *row = data;
    struct call_image image = {0};
    uint64_t child = create_faulter();

    log_skip();
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    next_fault(&image);
    image.words[0] = row->rip;
    answer(&image, (enum mn_fault_reply)row->label);
    CHECK_EQUAL(child_wait(child), PAGE_FAULT);
    CHECK(log_has("tried to write 0x30000008, which is not mapped"));
    CHECK(log_has("rax 0x0 "));
    CHECK(log_has("called from 0x"));
}

/** A faulted process is killed: its message not taken yet, or taken. */
static void run_faulter_killed(const void *data)
{
    const bool *taken = data;
    struct call_image image = {0};
    uint64_t child = create_faulter();

    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    if (*taken) {
        next_fault(&image);
    } else {
        let_others_run();
    }
    child_kill(child);
    answer(&image, MN_FAULT_RESUME);
}

/** A thread's own handler comes before its process's. */
static void run_thread_handler(const void *data)
{
    struct call_image image = {0};
    uint64_t child = create_faulter();
    mn_status id;

    (void)data;
    endpoint_create(OTHER);
    CHECK_EQUAL(sys_set_fault_handler(child, OTHER), MN_OK);
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    let_others_run(); /* it waits at OTHER */
    image.slot = OTHER;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_OK);
    CHECK_EQUAL(image.slot, 0);
    id = image.words[MN_FAULT_THREAD];
    CHECK_EQUAL(sys_open_thread(child, id, THREAD), MN_OK);
    CHECK_EQUAL(sys_set_fault_handler(THREAD, BADGED), MN_OK);
    image.slot = OTHER;
    image.info = MN_MESSAGE_INFO(MN_FAULT_RESUME) | MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(call_all(MN_SYS_REPLY_RECV, &image), MN_ERROR_WOULD_BLOCK);
    image.info = 0;
    next_fault(&image);
    CHECK_EQUAL(image.words[MN_FAULT_THREAD], id);
    map_page(child);
    answer(&image, MN_FAULT_RESUME);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** The trap handler comes before both; an exception inside of it goes to the endpoint. */
static void run_trap_first(const void *data)
{
    const bool *nested = data;
    struct call_image image = {0};
    uint64_t child = create_faulter();
    uint64_t divide = 0;

    while (attack_at(divide)->vectors != MN_TRAP_DIVIDE) {
        divide++;
    }
    child_start(child, SCENARIO_TRAP, TRAP(*nested ? TRAP_NESTED : TRAP_GOOD, divide),
                CPU_OWN);
    if (*nested) {
        next_fault(&image);
        CHECK_EQUAL(MN_FAULT_CAUSE_VECTOR(image.words[MN_FAULT_CAUSE]),
                    MN_TRAP_BREAKPOINT);
        answer(&image, MN_FAULT_RESUME); /* behind INT3 */
    }
    CHECK_EQUAL(child_wait(child), TRAP_CODE(MN_TRAP_DIVIDE));
}

/** Several threads fault at once; the handler takes one after the other. */
static void run_many(const void *data)
{
    enum { CHILDREN = 4 };
    struct call_image image = {0};
    uint64_t children[CHILDREN] = {create_faulter()};

    (void)data;
    for (unsigned i = 1; i < CHILDREN; i++) {
        children[i] = child_create();
        CHECK_EQUAL(sys_set_fault_handler(children[i], BADGED), MN_OK);
    }
    for (unsigned i = 0; i < CHILDREN; i++) {
        child_start(children[i], SCENARIO_POKE, VALUE,
                    CPU_NUMBER(i % boot_info->cpu_count));
    }
    for (unsigned i = 0; i < CHILDREN; i++) {
        next_fault(&image);
        image.info = MN_MESSAGE_INFO(MN_FAULT_END);
    }
    answer(&image, MN_FAULT_END);
    for (unsigned i = 0; i < CHILDREN; i++) {
        CHECK_EQUAL(child_wait(children[i]), PAGE_FAULT);
    }
}

/** RECV takes a fault as well; the reply comes by REPLY_RECV. */
static void run_recv(const void *data)
{
    struct mn_message message;
    struct call_image image = {0};
    uint64_t child = create_faulter();

    (void)data;
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    CHECK_EQUAL(sys_recv(ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.label, MN_MESSAGE_INFO(MN_FAULT_EXCEPTION));
    CHECK_EQUAL(MN_FAULT_CAUSE_VECTOR(message.data0), MN_TRAP_PAGE_FAULT);
    CHECK_EQUAL(message.data1, POKE_VADDR);
    CHECK_EQUAL(message.badge, BADGE);
    map_page(child);
    answer(&image, MN_FAULT_RESUME);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** Each exception that a program can raise is told. */
static void run_attack(const void *data)
{
    const uint64_t *index = data;
    uint64_t vectors = attack_at(*index)->vectors;
    struct call_image image = {0};
    uint64_t child = create_faulter();
    uint64_t vector;

    child_start(child, SCENARIO_ATTACK, *index, CPU_OWN);
    next_fault(&image);
    vector = MN_FAULT_CAUSE_VECTOR(image.words[MN_FAULT_CAUSE]);
    if (vectors >> 16 == 0 || vector != vectors >> 16) {
        CHECK_EQUAL(vector, vectors & 0xffff);
    }
    answer(&image, MN_FAULT_END);
    CHECK_EQUAL(child_wait(child), FAULT_CODE(vector));
}

static void run_gone(const void *data)
{
    uint64_t child = create_faulter();

    (void)data;
    child_kill(child);
    child = child_create();
    CHECK_EQUAL(sys_kill_process(child, 0), MN_OK);
    CHECK_EQUAL(sys_set_fault_handler(child, ENDPOINT), MN_ERROR_GONE);
}

static void test_replies(void)
{
    static const struct reply_row replies[] = {
        {"ends it", MN_FAULT_END, 0},
        {"is none that there is", 3, 0},
        {"is a large number", 0xffffffffffff, 0},
        {"redirects it into the last lower page", MN_FAULT_REDIRECT, MN_USER_LIMIT},
        {"redirects it into the hole", MN_FAULT_REDIRECT, 0x0000800000000000},
        {"redirects it into the kernel", MN_FAULT_REDIRECT, 0xffffffff80200000},
    };

    for (unsigned i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
        test_run(run_end, &replies[i], "fault: the reply %s", replies[i].name);
    }
}

void topic_fault(void)
{
    static const bool no = false;
    static const bool yes = true;

    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        uint64_t number = CPU_NUMBER(cpu);

        test_run(run_pager, &number, "fault: a pager, its client on CPU %llu",
                 (unsigned long long)cpu);
        test_run(run_registers, &number, "fault: registers are kept, CPU %llu",
                 (unsigned long long)cpu);
    }
    test_run(run_again, NULL, "fault: resumed, and again");
    test_run(run_redirect, NULL, "fault: the reply sends the thread elsewhere");
    test_replies();
    test_run(run_faulter_killed, &no, "fault: killed before the handler is told");
    test_run(run_faulter_killed, &yes, "fault: killed before the reply");
    test_run(run_thread_handler, NULL, "fault: a thread's handler and a process's");
    test_run(run_trap_first, &no, "fault: the trap handler comes first");
    test_run(run_trap_first, &yes, "fault: an exception inside of the trap handler");
    test_run(run_many, NULL, "fault: several at once");
    test_run(run_recv, NULL, "fault: taken by RECV");
    test_run(run_gone, NULL, "fault: SET_FAULT_HANDLER of a process that is gone");
    for (uint64_t i = 0; attack_at(i) != NULL; i++) {
        if (attack_at(i)->vectors != ATTACK_HARMLESS) {
            test_run(run_attack, &i, "fault: told: %s", attack_at(i)->name);
        }
    }
}
