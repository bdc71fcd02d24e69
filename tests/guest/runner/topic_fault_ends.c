/**
 * topic_fault_ends.c - faults that are not answered: the handler goes away, or turns to
 * something else, and the process that faulted ends with the report.
 */
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/process.h"

enum { ENDPOINT = TEST_SLOT, BADGED, OTHER, BADGE = 0x77, VALUE = 0x1234 };

/** What happens to the handler instead of its reply. */
enum handler_end {
    HANDLER_SERVES, /**< one that ends in a way of enum server_end */
    HANDLER_EXITS = HANDLER_SERVES + SERVER_EXITS,
    HANDLER_FAULTS = HANDLER_SERVES + SERVER_FAULTS,
    HANDLER_KILLED = HANDLER_SERVES + SERVER_YIELDS,
    HANDLER_KILLED_BLOCKED = HANDLER_SERVES + SERVER_BLOCKS,
    HANDLER_TAKES_ANOTHER = HANDLER_SERVES + SERVER_TAKES_ANOTHER,
    HANDLER_REVOKED,  /**< the endpoint, with the fault waiting there */
    HANDLER_REPLACED, /**< likewise, by SET_FAULT_HANDLER */
    HANDLER_DROPPED,  /**< likewise: the last capability with READ */
    HANDLER_CLOSED    /**< before the fault */
};

static uint64_t start_server(enum handler_end end)
{
    uint64_t server = child_create();

    child_share(server);
    endpoint_create(OTHER);
    child_give(server, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_give(server, OTHER, CHILD_SLOT_EXTRA, 0);
    child_start(server, SCENARIO_SERVE, SERVER(0, end - HANDLER_SERVES), CPU_OWN);
    return server;
}

static void end_server(uint64_t server, enum handler_end end,
                       struct shared_page *shared)
{
    wait_for_word(&shared->words[0], 1);
    if (end == HANDLER_TAKES_ANOTHER) {
        CHECK_EQUAL(sys_send(ENDPOINT, 1, 2, 3), MN_OK);
    }
    if (end == HANDLER_KILLED || end == HANDLER_KILLED_BLOCKED) {
        let_others_run();
        child_kill(server);
    }
}

static void end_endpoint(uint64_t child, enum handler_end end)
{
    let_others_run();
    switch (end) {
    case HANDLER_REVOKED:
        CHECK_EQUAL(sys_revoke(ENDPOINT), MN_OK);
        break;
    case HANDLER_REPLACED:
        CHECK_EQUAL(sys_set_fault_handler(child, 0), MN_OK);
        break;
    default:
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
        break;
    }
}

struct end_row {
    const char *name;
    enum handler_end end;
};

static void run_handler_ends(const void *data)
{
    const struct end_row *row = data;
    uint64_t child = child_create_faulter(ENDPOINT, BADGED, BADGE);
    uint64_t server = 0;
    struct shared_page *shared = shared_create();

    log_skip();
    if (row->end < HANDLER_REVOKED) {
        server = start_server(row->end);
    }
    if (row->end == HANDLER_CLOSED) {
        CHECK_EQUAL(sys_drop_cap(ENDPOINT), MN_OK);
    }
    child_start(child, SCENARIO_POKE, VALUE, CPU_OWN);
    if (server != 0) {
        end_server(server, row->end, shared);
    } else if (row->end != HANDLER_CLOSED) {
        end_endpoint(child, row->end);
    }
    CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
    CHECK(log_has("tried to write 0x30000008, which is not mapped"));
    CHECK(log_has("rax 0x0 "));
}

void topic_fault_ends(void)
{
    static const struct end_row ends[] = {
        {"exits", HANDLER_EXITS},
        {"faults itself", HANDLER_FAULTS},
        {"is killed", HANDLER_KILLED},
        {"is killed while it waits elsewhere", HANDLER_KILLED_BLOCKED},
        {"takes another message", HANDLER_TAKES_ANOTHER},
        {"has its endpoint revoked", HANDLER_REVOKED},
        {"is replaced", HANDLER_REPLACED},
        {"drops its endpoint", HANDLER_DROPPED},
        {"was never there", HANDLER_CLOSED},
    };

    for (unsigned i = 0; i < sizeof(ends) / sizeof(ends[0]); i++) {
        test_run(run_handler_ends, &ends[i], "fault: the handler %s", ends[i].name);
    }
}
