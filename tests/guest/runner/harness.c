/**
 * harness.c - see harness.h.
 */
#include "guest/runner/harness.h"

#include "core/format.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/thread.h"

enum { NAME_SIZE = 128, REASON_SIZE = 256, PATIENCE_YIELDS = 200000 };

const struct mn_boot_info *boot_info;

static bool is_test_slot[TEST_SLOTS_END];
static char name[NAME_SIZE];
static char reason[REASON_SIZE];
static bool failed;
static uint64_t passed_count;
static uint64_t failed_count;

void harness_init(const struct mn_boot_info *info)
{
    struct mn_cap_info slot;

    boot_info = info;
    for (uint64_t i = 1; i < TEST_SLOTS_END; i++) {
        is_test_slot[i] = sys_cap_info(i, &slot) == MN_OK && slot.type == MN_CAP_EMPTY;
    }
}

uint64_t frames_used(void)
{
    struct mn_cap_info info;

    return sys_cap_info(MN_INIT_SLOT_MEMORY, &info) == MN_OK ? info.b : 0;
}

void test_fail(const char *file, int line, const char *format, ...)
{
    va_list arguments;
    size_t used;

    if (failed) {
        return;
    }
    failed = true;
    used = format_buffer(reason, sizeof(reason), "%s:%d ", file, line);
    va_start(arguments, format);
    if (used < sizeof(reason)) {
        (void)format_buffer_v(reason + used, sizeof(reason) - used, format, arguments);
    }
    va_end(arguments);
}

bool test_has_failed(void)
{
    return failed;
}

bool check_equal(const char *file, int line, const char *what, uint64_t actual,
                 uint64_t expected)
{
    if (actual != expected) {
        test_fail(file, line, "%s is %lld (0x%llx), not %lld (0x%llx)", what,
                  (long long)actual, (unsigned long long)actual, (long long)expected,
                  (unsigned long long)expected);
    }
    return actual == expected;
}

/** Does something to every slot that holds a Process made by the test. */
static void for_each_process(void (*act)(uint64_t slot, const struct mn_cap_info *info))
{
    struct mn_cap_info info;

    for (uint64_t i = 1; i < TEST_SLOTS_END; i++) {
        if (is_test_slot[i] && sys_cap_info(i, &info) == MN_OK &&
            info.type == MN_CAP_PROCESS && info.a != 1) {
            act(i, &info);
        }
    }
}

static void kill(uint64_t slot, const struct mn_cap_info *info)
{
    (void)info;
    (void)sys_kill_process(slot, 0);
}

static void wait(uint64_t slot, const struct mn_cap_info *info)
{
    uint64_t code;

    if (info->b != MN_PROCESS_RUNNING && (info->rights & MN_RIGHT_READ) != 0) {
        (void)!sys_wait_process(slot, &code);
    }
}

/** Ends the threads that the test has a capability for, but for the runner itself. */
static void kill_threads(void)
{
    struct mn_cap_info info;

    for (uint64_t i = 1; i < TEST_SLOTS_END; i++) {
        if (is_test_slot[i] && sys_cap_info(i, &info) == MN_OK &&
            info.type == MN_CAP_THREAD && info.a != sys_thread_id()) {
            (void)!sys_control_thread(i, MN_THREAD_KILL, 0);
        }
    }
}

/** Ends the accounts that the test made; a copy of the root's is refused. */
static void close_accounts(void)
{
    struct mn_cap_info info;

    for (uint64_t i = 1; i < TEST_SLOTS_END; i++) {
        if (is_test_slot[i] && sys_cap_info(i, &info) == MN_OK &&
            info.type == MN_CAP_PMM_ALLOCATOR) {
            (void)!sys_close_account(i);
        }
    }
}

/** Takes away what the test left. */
static void clean_up(void)
{
    struct mn_cap_info info;

    kill_threads();
    for_each_process(kill);
    for_each_process(wait);
    close_accounts();
    for (uint64_t i = 1; i < TEST_SLOTS_END; i++) {
        if (is_test_slot[i] && sys_cap_info(i, &info) == MN_OK &&
            info.type != MN_CAP_EMPTY) {
            (void)sys_drop_cap(i);
        }
    }
    CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, TEST_AREA, TEST_AREA_PAGES), MN_OK);
}

/** Threads of the runner's own may still be on their way out. */
static void check_frames(uint64_t before)
{
    for (unsigned i = 0; i < PATIENCE_YIELDS && frames_used() != before; i++) {
        sys_yield();
    }
    if (frames_used() != before) {
        test_fail(__FILE__, __LINE__, "%lld frames too many in use after it",
                  (long long)(frames_used() - before));
    }
}

void test_run(test_function *function, const void *row, const char *format, ...)
{
    uint64_t before = frames_used();
    va_list arguments;

    va_start(arguments, format);
    (void)format_buffer_v(name, sizeof(name), format, arguments);
    va_end(arguments);
    failed = false;
    function(row);
    clean_up();
    check_frames(before);
    if (failed) {
        failed_count++;
        mnos_printf("FAIL %s: %s\n", name, reason);
    } else {
        passed_count++;
        mnos_printf("ok %s\n", name);
    }
}

bool harness_finish(void)
{
    mnos_printf("%llu passed, %llu failed\n", (unsigned long long)passed_count,
                (unsigned long long)failed_count);
    return failed_count == 0;
}
