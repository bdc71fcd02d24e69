/**
 * topic_attacks.c - each row of common/attacks_*.S, run by a child of its own: the process ends
 * with the exception's code and a report in the kernel's log, and nobody else is harmed.
 * Then the like for SPAWN_THREAD, whose rip and rsp a hostile parent chooses.
 */
#include "abi/user_memory_map.h"
#include "core/format.h"
#include "guest/common/attacks.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/process.h"

static bool is_reported(uint64_t pid, uint64_t vector)
{
    char line[64];
    char cause[32];

    (void)format_buffer(line, sizeof(line), "fault: pid %llu thread ",
                        (unsigned long long)pid);
    (void)format_buffer(cause, sizeof(cause), "(vector %llu,",
                        (unsigned long long)vector);
    return log_has(line) && log_has(cause);
}

/** A bystander that exchanges messages with the runner before and after. */
static uint64_t start_bystander(void)
{
    uint64_t child = child_create();

    endpoint_create(TEST_SLOT);
    child_give(child, TEST_SLOT, CHILD_SLOT_ENDPOINT, 0);
    child_start(child, SCENARIO_RECEIVE, 2, CPU_OWN);
    CHECK_EQUAL(send_number(TEST_SLOT, 0), MN_OK);
    return child;
}

static void end_bystander(uint64_t child)
{
    CHECK_EQUAL(send_number(TEST_SLOT, 1), MN_OK);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

static void run_attack(const void *data)
{
    const uint64_t *index = data;
    const struct attack *attack = attack_at(*index);
    uint64_t bystander = start_bystander();
    uint64_t other = attack->vectors >> 16;
    uint64_t child;
    uint64_t pid;
    uint64_t code;

    log_skip();
    child = child_run(SCENARIO_ATTACK, *index);
    pid = child_pid(child);
    code = child_wait(child);
    if (attack->vectors == ATTACK_HARMLESS) {
        CHECK_EQUAL(code, SCENARIO_SURVIVED);
    } else {
        if (other == 0 || code != FAULT_CODE(other)) {
            CHECK_EQUAL(code, FAULT_CODE(attack->vectors & 0xffff));
        }
        CHECK(is_reported(pid, -code - 128));
    }
    end_bystander(bystander);
}

struct start_row {
    const char *name;
    uint64_t rip;
    uint64_t rsp;
    uint64_t vector;
};

static void run_start(const void *data)
{
    const struct start_row *row = data;
    uint64_t child = child_create();
    uint64_t pid = child_pid(child);
    mn_status thread = sys_spawn_thread(child, row->rip, row->rsp, 0, 0);

    log_skip();
    CHECK(!mn_is_error(thread));
    CHECK_EQUAL(child_wait(child), FAULT_CODE(row->vector));
    CHECK(is_reported(pid, row->vector));
}

void topic_attacks(void)
{
    static const struct start_row rows[] = {
        {"address 0", 0, CHILD_STACK_TOP, 14},
        {"the highest address that is allowed", MN_USER_LIMIT - 1, CHILD_STACK_TOP, 14},
        {"its stack", CHILD_STACK_TOP - 16, CHILD_STACK_TOP, 14},
        {"no memory at all", 0x123456789000, 0, 14},
        {"the lower half's end, with the stack there", MN_USER_LIMIT - MN_PAGE_SIZE,
         MN_USER_LIMIT, 14},
    };

    for (uint64_t i = 0; attack_at(i) != NULL; i++) {
        test_run(run_attack, &i, "attacks: %s", attack_at(i)->name);
    }
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_start, &rows[i], "attacks: a thread that begins at %s",
                 rows[i].name);
    }
}
