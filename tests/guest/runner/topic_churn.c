/**
 * topic_churn.c - a thousand rounds of spawn, run and end: the frames in use are to the frame
 * what they were, every hundred rounds.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum {
    CODE = TEST_SLOT,
    ENDPOINT,
    ROUNDS = 1000,
    CHECK_EVERY = 100,
    CHILD_ROUNDS = 60
};

/** In tiny_code.S. */
extern const char tiny_exit[], tiny_exit_end[];
extern const char tiny_spin[], tiny_spin_end[];
extern const char tiny_fault[], tiny_fault_end[];

struct churn {
    const char *name;
    const char *code;
    const char *code_end;
    bool kill;         /**< by KILL_PROCESS, with the code 7 */
    uint64_t expected; /**< exit code */
};

static void run_churn(const void *data)
{
    const struct churn *churn = data;
    uint64_t before;

    tiny_code_create(CODE, churn->code, (size_t)(churn->code_end - churn->code));
    before = frames_used();
    for (unsigned round = 0; round < ROUNDS && !test_has_failed(); round++) {
        uint64_t child = tiny_create(CODE);

        tiny_start(child, 7, CPU_NUMBER(round % boot_info->cpu_count));
        if (churn->kill) {
            if (round % 20 == 0) {
                sys_yield(); /* some of them have run, for a slice */
            }
            CHECK_EQUAL(sys_kill_process(child, 7), MN_OK);
        }
        CHECK_EQUAL(child_wait(child), churn->expected);
        CHECK_EQUAL(sys_drop_cap(child), MN_OK);
        if (round % CHECK_EVERY == 0) {
            CHECK_EQUAL(frames_used(), before);
        }
    }
    CHECK_EQUAL(frames_used(), before);
}

/** Full programs, with an endpoint, a thread in SEND, and a kill in the middle. */
static void run_children(const void *data)
{
    (void)data;
    for (unsigned round = 0; round < CHILD_ROUNDS && !test_has_failed(); round++) {
        uint64_t before = frames_used();
        uint64_t child = child_create();

        endpoint_create(ENDPOINT);
        child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
        child_start(child, SCENARIO_SEND, 10, CPU_NUMBER(round % boot_info->cpu_count));
        for (uint64_t i = 0; i < round % 10; i++) {
            receive_number(ENDPOINT, i, 0);
        }
        child_kill(child);
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
        CHECK_EQUAL(frames_used(), before);
    }
}

static void run_map_unmap(const void *data)
{
    uint64_t before = frames_used();

    (void)data;
    for (uint64_t round = 0; round < ROUNDS && !test_has_failed(); round++) {
        uint64_t order = round % 10;
        uint64_t at = TEST_AREA + round * 0x9000;

        CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, CODE, order), MN_OK);
        CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, CODE, at, MN_MAP_WRITABLE),
                    MN_OK);
        CHECK_EQUAL(sys_drop_cap(CODE), MN_OK);
        *(volatile uint64_t *)at = round;
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, at, 1ul << order), MN_OK);
    }
    CHECK_EQUAL(frames_used(), before);
}

void topic_churn(void)
{
    const struct churn rows[] = {
        {"that end by themselves", tiny_exit, tiny_exit_end, false, 7},
        {"that are killed", tiny_spin, tiny_spin_end, true, 7},
        {"that fault", tiny_fault, tiny_fault_end, false, FAULT_CODE(14)},
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_churn, &rows[i], "churn: 1000 processes %s", rows[i].name);
    }
    test_run(run_children, NULL, "churn: 60 programs killed in a conversation");
    test_run(run_map_unmap, NULL, "churn: 1000 blocks mapped and unmapped");
}
