/**
 * topic_donor.c - clients that close an account in the middle of a request
 * (hostile/donor.c), one after another: their server outlives them all, and of each nothing
 * is left. `donors=N` on the kernel's command line: how many requests.
 */
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/message.h"
#include "mnos/process.h"

enum { ENDPOINT = TEST_SLOT, ACCOUNT, ACCOUNT_FRAMES = 128, REQUESTS_MAX = 20 };

uint64_t donor_count = 500;

/** Does the server answer a plain request? */
static void check_server(uint64_t word)
{
    struct mnos_message message = {.label = 1, .words = {word}, .length = 8};

    CHECK_EQUAL(mnos_message_call(NULL, ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.words[0], word);
}

/** A client that makes some requests, until its own account is closed too, in whatever it
 *  does at that moment. */
static void run_client(struct shared_page *shared, uint64_t number)
{
    uint64_t until = shared->counter[0] + 1 + number % REQUESTS_MAX;
    uint64_t client;

    CHECK_EQUAL(sys_create_account(MN_INIT_SLOT_MEMORY, ACCOUNT, ACCOUNT_FRAMES),
                MN_OK);
    client = child_create_from(ACCOUNT);
    child_share(client);
    child_give(client, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    child_give(client, client, CHILD_SLOT_SELF, 0);
    child_give(client, ACCOUNT, CHILD_SLOT_ACCOUNT, 0);
    child_start(client, SCENARIO_DONOR, number,
                CPU_NUMBER(number % boot_info->cpu_count));
    wait_for_word(&shared->counter[0], until);
    for (uint64_t yields = number % 7; yields > 0; yields--) {
        sys_yield();
    }
    CHECK_EQUAL(sys_close_account(ACCOUNT), MN_OK);
}

static void run_donors(const void *data)
{
    struct shared_page *shared = shared_create();
    uint64_t server = child_create();
    uint64_t before;

    (void)data;
    endpoint_create(ENDPOINT);
    child_share(server);
    child_give(server, ENDPOINT, CHILD_SLOT_ENDPOINT, 0);
    child_give(server, server, CHILD_SLOT_SELF, 0);
    child_start(server, SCENARIO_DONEE, 1, CPU_NUMBER(boot_info->cpu_count - 1));
    check_server(1);
    before = frames_used();
    for (uint64_t i = 0; shared->counter[0] < donor_count && !test_has_failed(); i++) {
        run_client(shared, i);
        check_server(i);
        CHECK_EQUAL(frames_used(), before);
    }
    /* Some were served to the end, and some were not. */
    CHECK(shared->counter[1] > 0 && shared->counter[1] < shared->counter[0]);
    CHECK(shared->counter[2] > 0);
    child_kill(server);
}

void topic_donor(void)
{
    test_run(run_donors, NULL,
             "donor: the account is closed in the middle of %llu requests",
             (unsigned long long)donor_count);
}
