/**
 * topic_revoke.c - REVOKE takes back every copy, wherever it is, and what was made by it; the
 * capability itself, and what it is a copy of, stay.
 */
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/irq.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    COPY = FIXTURE_SPARE,
    GRANDCHILD,
    SIBLING,
    SOURCE,
    CHILDREN = 34,
    COPIES_EACH = 60
};

#define SLOT(name) (FIXTURE_SLOT + MN_CAP_##name)
#define HERE       (TEST_AREA + 0x900000ul)

static uint32_t type_in(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
    return info.type;
}

/** Of each type: copies and copies of copies go, here and elsewhere; no other does. */
static void run_type(const void *data)
{
    uint32_t type = *(const uint32_t *)data;
    uint64_t child = child_create();

    fixture_create();
    mint(FIXTURE_SLOT + type, SIBLING, 0, 0, 0);
    mint(FIXTURE_SLOT + type, SOURCE, 0, 0, 0);
    mint(SOURCE, COPY, 0, 0, 0);
    mint(COPY, GRANDCHILD, 0, 0, 0);
    child_give(child, GRANDCHILD, CHILD_SLOT_EXTRA, 0);
    child_give(child, SOURCE, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(COPY), MN_CAP_EMPTY);
    CHECK_EQUAL(type_in(GRANDCHILD), MN_CAP_EMPTY);
    CHECK_EQUAL(type_in(SOURCE), type);
    CHECK_EQUAL(type_in(SIBLING), type);
    CHECK_EQUAL(type_in(FIXTURE_SLOT + type), type);
    child_start(child, SCENARIO_COUNT_SLOTS, 0, CPU_OWN);
    CHECK_EQUAL(child_wait(child), 0);
    /* What is left works on: it can be copied, and taken back, again. */
    mint(SOURCE, COPY, 0, 0, 0);
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(COPY), MN_CAP_EMPTY);
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
}

/** The middle of a chain is dropped: its copies are its source's, and go with them. */
static void run_adopted(const void *data)
{
    (void)data;
    fixture_create();
    mint(SLOT(IO_PORT), SOURCE, 0, 0, 0);
    mint(SOURCE, COPY, 0, 0, 0);
    mint(COPY, GRANDCHILD, 0, 0, 0);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(GRANDCHILD), MN_CAP_EMPTY);
}

/** Two thousand copies in 34 processes, in one call of many steps. */
static void run_many(const void *data)
{
    uint64_t children[CHILDREN];

    (void)data;
    mint(MN_INIT_SLOT_COM1, SOURCE, 0, 0, 0);
    for (unsigned i = 0; i < CHILDREN && !test_has_failed(); i++) {
        children[i] = sys_spawn_process(MN_INIT_SLOT_MEMORY);
        REQUIRE_EQUAL(mn_is_error(children[i]), false);
        for (uint64_t slot = 1; slot <= COPIES_EACH; slot++) {
            CHECK_EQUAL(sys_delegate(children[i], SOURCE, slot, 0), MN_OK);
        }
        CHECK_EQUAL(sys_delegate(children[i], SOURCE, COPIES_EACH, 0),
                    MN_ERROR_SLOT_OCCUPIED);
    }
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(SOURCE), MN_CAP_IO_PORT);
    for (unsigned i = 0; i < CHILDREN && !test_has_failed(); i++) {
        for (uint64_t slot = 1; slot <= COPIES_EACH; slot++) {
            CHECK_EQUAL(sys_delegate(children[i], SOURCE, slot, 0), MN_OK);
        }
    }
}

/** A child that writes by a copy is stopped, on whatever CPU; the frame's owner is not. */
static void run_mapping(const void *data)
{
    const uint64_t *cpu = data;
    volatile uint64_t *counter = (volatile uint64_t *)HERE;
    uint64_t child = child_create();
    uint64_t at_revoke;

    REQUIRE_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, SOURCE, 0), MN_OK);
    mint(SOURCE, COPY, 0, 0, 0);
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, SOURCE, HERE, MN_MAP_WRITABLE),
                  MN_OK);
    CHECK_EQUAL(sys_map_memory(child, COPY, SHARED_CHILD_VADDR, MN_MAP_WRITABLE),
                MN_OK);
    /* Revoking the copy ends what was mapped by it, and nothing else. */
    child_start(child, SCENARIO_SPIN, 0, CPU_NUMBER(*cpu));
    wait_for_word(counter, 1000);
    CHECK_EQUAL(sys_revoke(COPY), MN_OK);
    at_revoke = *counter;
    for (unsigned i = 0; i < 50; i++) {
        sys_yield();
    }
    CHECK_EQUAL(*counter, at_revoke);
    CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
    *counter = 1;
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(COPY), MN_CAP_EMPTY);
    /* The owner's own mapping was made by the capability too. */
    REQUIRE_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, SOURCE, HERE, MN_MAP_WRITABLE),
                  MN_OK);
    CHECK_EQUAL(*counter, 1);
}

/** What a child waits for, by which capability. */
struct blocked {
    const char *name;
    enum scenario scenario;
    uint64_t parameter;
    uint32_t type;
    enum child_slot slot;
    uint32_t rights;
};

static const struct blocked blocked_rows[] = {
    {"SEND", SCENARIO_SEND, 1, MN_CAP_ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE},
    {"RECV", SCENARIO_RECEIVE, 1, MN_CAP_ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ},
    {"CALL", SCENARIO_CALL, 1, MN_CAP_ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE},
    {"REPLY_RECV", SCENARIO_SERVE, SERVER(1, SERVER_EXITS), MN_CAP_ENDPOINT,
     CHILD_SLOT_ENDPOINT, MN_RIGHT_READ},
    {"WAIT_SIGNAL", SCENARIO_WAIT_SIGNAL, 2, MN_CAP_NOTIFICATION, CHILD_SLOT_EXTRA,
     MN_RIGHT_READ},
    {"WAIT_IRQ", SCENARIO_WAIT_IRQ, 0, MN_CAP_INTERRUPT, CHILD_SLOT_EXTRA,
     MN_RIGHT_READ},
    {"WAIT_PROCESS", SCENARIO_WAIT_PROCESS, 0, MN_CAP_PROCESS, CHILD_SLOT_EXTRA,
     MN_RIGHT_READ},
};

static void run_blocked(const void *data)
{
    const struct blocked *row = data;
    uint64_t child = child_create();
    struct mn_message message;
    uint64_t bits = 0;

    fixture_create();
    (void)!sys_wait_signal(SLOT(NOTIFICATION), MN_WAIT_SIGNAL_POLL, &bits);
    child_give(child, FIXTURE_SLOT + row->type, row->slot, row->rights);
    child_start(child, row->scenario, row->parameter, CPU_OWN);
    let_others_run();
    CHECK_EQUAL(sys_revoke(FIXTURE_SLOT + row->type), MN_OK);
    CHECK(child_ends(child));
    CHECK_EQUAL(child_wait(child), MN_ERROR_CANCELLED);
    /* The message is nobody's any more. */
    if (row->scenario == SCENARIO_SEND || row->scenario == SCENARIO_CALL) {
        child = child_create();
        child_give(child, SLOT(ENDPOINT), CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
        child_start(child, SCENARIO_SEND, 2, CPU_OWN);
        CHECK_EQUAL(sys_recv(SLOT(ENDPOINT), &message), MN_OK);
        CHECK_EQUAL(message.data1, ~0ul);
        receive_number(SLOT(ENDPOINT), 1, 0);
        CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    }
}

/** A caller whose message was taken already waits on for its reply. */
static void run_taken(const void *data)
{
    uint64_t child = child_create();
    struct mn_message message;

    (void)data;
    fixture_create();
    child_give(child, SLOT(ENDPOINT), CHILD_SLOT_ENDPOINT, MN_RIGHT_WRITE);
    child_start(child, SCENARIO_CALL, 1, CPU_OWN);
    CHECK_EQUAL(sys_recv(SLOT(ENDPOINT), &message), MN_OK);
    CHECK_EQUAL(sys_revoke(SLOT(ENDPOINT)), MN_OK);
    let_others_run();
    CHECK_EQUAL(type_in(SLOT(ENDPOINT)), MN_CAP_ENDPOINT);
    CHECK_EQUAL(sys_kill_process(child, 3), MN_OK);
    CHECK_EQUAL(child_wait(child), 3);
}

/** Who holds a Process capability that was revoked can't touch the process any more. */
static void run_process(const void *data)
{
    uint64_t victim = child_create();
    uint64_t child = child_create();

    (void)data;
    child_give(child, victim, CHILD_SLOT_SELF, 0);
    CHECK_EQUAL(sys_revoke(victim), MN_OK);
    child_start(child, SCENARIO_KILL_SELF, 9, CPU_OWN);
    CHECK_EQUAL(child_wait(child), MN_ERROR_INVALID_SLOT);
    child_start(victim, SCENARIO_EXIT, 4, CPU_OWN);
    CHECK_EQUAL(child_wait(victim), 4);
}

/** Copies are made as fast as they are taken back; the last word is REVOKE's. */
static volatile uint64_t copier_stop;

static void copy_for_ever(void *data)
{
    (void)data;
    while (copier_stop == 0) {
        (void)!sys_mint_cap(SOURCE, COPY, 0, 0, 0);
        (void)!sys_mint_cap(COPY, GRANDCHILD, 0, 0, 0);
    }
}

static void run_race(const void *data)
{
    const uint64_t *cpu = data;

    copier_stop = 0;
    mint(MN_INIT_SLOT_COM1, SOURCE, 0, 0, 0);
    own_thread_start(0, copy_for_ever, NULL, CPU_NUMBER(*cpu));
    for (unsigned i = 0; i < 300; i++) {
        CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
        if (i % 16 == 0) {
            sys_yield();
        }
    }
    copier_stop = 1;
    own_thread_wait(0);
    CHECK_EQUAL(sys_revoke(SOURCE), MN_OK);
    CHECK_EQUAL(type_in(SOURCE), MN_CAP_IO_PORT);
    CHECK_EQUAL(type_in(COPY), MN_CAP_EMPTY);
    CHECK_EQUAL(type_in(GRANDCHILD), MN_CAP_EMPTY);
}

void topic_revoke(void)
{
    for (uint32_t type = 1; type < MN_CAP_TYPES; type++) {
        if (type_exists(type)) {
            test_run(run_type, &type, "revoke: copies of a %s", type_name(type));
        }
    }
    test_run(run_adopted, NULL, "revoke: a chain whose middle was dropped");
    test_run(run_many, NULL, "revoke: %u copies", CHILDREN * COPIES_EACH);
    for (unsigned i = 0; i < sizeof(blocked_rows) / sizeof(blocked_rows[0]); i++) {
        test_run(run_blocked, &blocked_rows[i], "revoke: a thread waits in %s",
                 blocked_rows[i].name);
    }
    test_run(run_taken, NULL, "revoke: a call that was taken");
    test_run(run_process, NULL, "revoke: a Process is out of reach");
    for (uint64_t cpu = 0; cpu < boot_info->cpu_count; cpu++) {
        unsigned long long number = cpu;

        test_run(run_mapping, &cpu, "revoke: a mapping under CPU %llu", number);
        test_run(run_race, &cpu, "revoke: against CPU %llu, which copies", number);
    }
}
