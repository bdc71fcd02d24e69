/**
 * topic_inspect.c - what INSPECT lists against what the test has made.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/inspect.h"
#include "mnos/process.h"
#include <stddef.h>

enum {
    ACCOUNT = TEST_SLOT,
    FRAME,
    COPY,
    RECORDS = 2000,
    CHILD_COPY = 30,
    INSPECTOR = MN_INIT_SLOT_INSPECTOR
};

#define PLACE TEST_AREA

static struct mn_inspected records[RECORDS];
static uint64_t count;

static const struct mn_inspected *find(enum mn_inspect_kind kind, uint64_t owner,
                                       uint64_t id)
{
    for (uint64_t i = 0; i < count; i++) {
        if ((records[i].kind & 0xff) == kind && records[i].id == id &&
            records[i].owner == owner) {
            return &records[i];
        }
    }
    test_fail(__FILE__, __LINE__, "no record of kind %u, owner %llu, id 0x%llx", kind,
              (unsigned long long)owner, (unsigned long long)id);
    return &records[0];
}

static uint64_t parent(const struct mn_inspected *record)
{
    return mnos_inspect_parent(record, records, count);
}

static void list_all(void)
{
    CHECK_EQUAL(mnos_inspect(INSPECTOR, MN_INSPECT_ALL, records, RECORDS, &count),
                MN_OK);
}

/** Each of the runner's slots is listed as CAP_INFO tells it, and nothing else of it. */
static void run_own_slots(const void *data)
{
    uint64_t listed = 0;

    (void)data;
    list_all();
    for (uint64_t i = 0; i < count; i++) {
        struct mn_cap_info info = {0};

        if ((records[i].kind & 0xff) == MN_INSPECT_SLOT && records[i].owner == 1) {
            CHECK_EQUAL(sys_cap_info(records[i].id, &info), MN_OK);
            CHECK_EQUAL(MN_CAP_INFO_TYPE(records[i].what), info.type);
            CHECK_EQUAL(MN_CAP_INFO_RIGHTS(records[i].what), info.rights);
            listed++;
        }
    }
    for (uint64_t slot = 0; slot < MN_CNODE_INITIAL_SLOTS; slot++) {
        struct mn_cap_info info = {0};

        CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
        listed -= info.type != MN_CAP_EMPTY;
    }
    CHECK_EQUAL(listed, 0);
}

/** An account, a process in it, a frame of it, copies and mappings: who is whose child. */
static void run_graph(const void *data)
{
    const struct mn_inspected *account;
    const struct mn_inspected *process;
    const struct mn_inspected *frame;
    const struct mn_inspected *copy;
    struct mn_cap_info info = {0};
    mn_status child;

    (void)data;
    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, 100), MN_OK);
    child = sys_spawn_process(ACCOUNT);
    CHECK_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 3), MN_OK);
    mint(FRAME, COPY, MN_RIGHT_READ | MN_RIGHT_GRANT, 0, 0);
    CHECK_EQUAL(sys_delegate(child, COPY, CHILD_COPY, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(child, COPY, PLACE, 0), MN_OK);
    list_all();
    CHECK_EQUAL(sys_cap_info(ACCOUNT, &info), MN_OK);
    account = find(MN_INSPECT_ACCOUNT, 0, info.c);
    CHECK_EQUAL(account->object, 100);
    CHECK_EQUAL(account->value, info.b);
    CHECK_EQUAL(account->references, 1);
    CHECK_EQUAL(parent(account), find(MN_INSPECT_ACCOUNT, 0, 1)->node);
    process = find(MN_INSPECT_PROCESS, info.c, child_pid(child));
    CHECK_EQUAL(process->what, MN_PROCESS_RUNNING);
    CHECK_EQUAL(process->references, 1);
    CHECK_EQUAL(parent(process), account->node);
    CHECK_EQUAL(find(MN_INSPECT_SLOT, 1, child)->object, process->node);
    CHECK_EQUAL(find(MN_INSPECT_SLOT, 1, ACCOUNT)->object, account->node);
    frame = find(MN_INSPECT_SLOT, 1, FRAME);
    CHECK_EQUAL(parent(frame), account->node);
    copy = find(MN_INSPECT_SLOT, 1, COPY);
    CHECK_EQUAL(parent(copy), frame->node);
    CHECK_EQUAL(copy->object, frame->object);
    CHECK_EQUAL(parent(find(MN_INSPECT_SLOT, process->id, CHILD_COPY)), copy->node);
    CHECK_EQUAL(parent(find(MN_INSPECT_MAPPING, process->id, PLACE)), copy->node);
    CHECK_EQUAL(find(MN_INSPECT_MAPPING, process->id, PLACE)->value, 8);
    CHECK_EQUAL(find(MN_INSPECT_MAPPING, process->id, PLACE)->object, frame->object);
}

static void run_threads(const void *data)
{
    uint64_t child = child_create();
    uint64_t pid = child_pid(child);
    uint64_t threads = 0;

    (void)data;
    child_start(child, SCENARIO_SPIN, 0, CPU_OWN);
    sys_yield();
    list_all();
    (void)find(MN_INSPECT_THREAD, 1, sys_thread_id());
    for (uint64_t i = 0; i < count; i++) {
        threads +=
            (records[i].kind & 0xff) == MN_INSPECT_THREAD && records[i].owner == pid;
    }
    CHECK(threads <= 1); /* 0: it has ended, having no page to count in */
}

/** Only what is asked for is told; any size of buffer gives the same records. */
static void run_pieces(const void *data)
{
    const uint64_t *size = data;
    struct mn_inspected piece[4];
    uint64_t cursor = 0;
    uint64_t got = 0;

    CHECK_EQUAL(
        mnos_inspect(INSPECTOR, 1u << MN_INSPECT_SLOT, records, RECORDS, &count),
        MN_OK);
    do {
        uint64_t more = 0;

        CHECK_EQUAL(
            sys_inspect(INSPECTOR, 1u << MN_INSPECT_SLOT, &cursor, piece, *size, &more),
            MN_OK);
        CHECK(more <= *size / sizeof(piece[0]));
        for (uint64_t i = 0; i < more && !test_has_failed(); i++, got++) {
            CHECK_EQUAL(piece[i].node, records[got].node);
            CHECK_EQUAL(piece[i].kind & 0xff, MN_INSPECT_SLOT);
        }
    } while (cursor != 0 && !test_has_failed());
    CHECK_EQUAL(got, count);
}

/** A cursor is good once, and not after something has changed. */
static void run_stale(const void *data)
{
    struct mn_inspected piece[2];
    uint64_t cursor = 0;
    uint64_t old;
    uint64_t more;

    (void)data;
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &cursor, piece, sizeof(piece), &more),
        MN_OK);
    old = cursor;
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &cursor, piece, sizeof(piece), &more),
        MN_OK);
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &old, piece, sizeof(piece), &more),
        MN_ERROR_INVALID_ARGUMENT);
    mint(INSPECTOR, COPY, 0, 0, 0);
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &cursor, piece, sizeof(piece), &more),
        MN_ERROR_GONE);
    cursor = 0;
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &cursor, piece, sizeof(piece), &more),
        MN_OK);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    CHECK_EQUAL(
        sys_inspect(INSPECTOR, MN_INSPECT_ALL, &cursor, piece, sizeof(piece), &more),
        MN_ERROR_GONE);
}

void topic_inspect(void)
{
    static const uint64_t sizes[] = {64, 127, 128, 255, 256};

    test_run(run_own_slots, NULL, "inspect: one's own slots");
    test_run(run_graph, NULL, "inspect: whose child is whose");
    test_run(run_threads, NULL, "inspect: threads");
    for (unsigned i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        test_run(run_pieces, &sizes[i], "inspect: in pieces of %llu bytes",
                 (unsigned long long)sizes[i]);
    }
    test_run(run_stale, NULL, "inspect: a cursor that is stale");
}
