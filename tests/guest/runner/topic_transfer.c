/**
 * topic_transfer.c - messages of up to 64 words, and capabilities in messages: what arrives,
 * what stays, and what both are told.
 */
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "guest/common/registers.h"
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "guest/runner/transfer.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/message.h"
#include "mnos/process.h"

struct mn_ipc_buffer transfer_buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

void transfer_prepare(unsigned things)
{
    endpoint_create(ENDPOINT);
    mint(ENDPOINT, BADGED, 0, 7, 0);
    for (unsigned n = 0; n < things; n++) {
        CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, THING + n, 0), MN_OK);
    }
    memset(&transfer_buffer, 0, sizeof(transfer_buffer));
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        transfer_buffer.receive[n] = TAKEN + n;
    }
    CHECK_EQUAL(sys_set_buffer(&transfer_buffer), MN_OK);
}

uint64_t transfer_start_relay(uint64_t requests, uint64_t cpu)
{
    uint64_t child = child_create();

    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(child, SCENARIO_RELAY, requests, cpu);
    return child;
}

static uint32_t type_of(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
    return info.type;
}

void transfer_check_type(uint64_t slot, uint32_t type)
{
    CHECK_EQUAL(type_of(slot), type);
}

/* --- words --- */

void transfer_fill(struct mnos_message *message, uint64_t seed, uint32_t length)
{
    memset(message, 0, sizeof(*message));
    message->label = RELAY_ECHOES;
    message->length = length;
    for (unsigned n = 0; n < length; n++) {
        message->words[n] = seed * 0x0123456789abcdul + n;
    }
}

static void check_words(const struct mnos_message *message, uint64_t seed,
                        uint32_t length)
{
    CHECK_EQUAL(message->length, length > MN_MESSAGE_WORDS ? length : MN_MESSAGE_WORDS);
    for (unsigned n = 0; n < length; n++) {
        CHECK_EQUAL(message->words[n], seed * 0x0123456789abcdul + n + 1);
    }
}

static void run_lengths(const void *data)
{
    const uint64_t *cpu = data;
    struct mnos_message message;
    uint64_t child;

    transfer_prepare(0);
    child = transfer_start_relay(MN_MESSAGE_WORDS_MAX + 1, *cpu);
    for (uint32_t length = 0; length <= MN_MESSAGE_WORDS_MAX && !test_has_failed();
         length++) {
        transfer_fill(&message, length + 1, length);
        CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
        check_words(&message, length + 1, length);
        CHECK(!message.shortened);
    }
    child_kill(child);
}

/** The server has no buffer, the client has none any more, or the server is in RECV. */
static void run_no_server_buffer(const void *data)
{
    struct mnos_message message;
    uint64_t child;

    (void)data;
    transfer_prepare(1);
    child = transfer_start_relay(1 | RELAY_NO_BUFFER, CPU_OWN);
    transfer_fill(&message, 1, 20);
    mnos_message_move_cap(&message, THING);
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    CHECK_EQUAL(message.label, 1); /* the server was told */
    check_words(&message, 1, MN_MESSAGE_WORDS);
    CHECK(!message.shortened);
    transfer_check_type(THING, MN_CAP_MEMORY_FRAME);
    child_kill(child);
}

static void run_recv(const void *data)
{
    struct shared_page *shared = shared_create();
    struct mnos_message message;
    uint64_t child;

    (void)data;
    transfer_prepare(1);
    child = child_create();
    child_share(child);
    child_give(child, ENDPOINT, CHILD_SLOT_ENDPOINT, MN_RIGHT_READ);
    child_start(child, SCENARIO_RECEIVE_ONE, 0, CPU_OWN);
    transfer_fill(&message, 1, 2);
    message.label = 77;
    mnos_message_add_cap(&message, THING, 0);
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message),
                MN_ERROR_CANCELLED);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(shared->words[0], MN_MESSAGE_INFO(77) | MN_MESSAGE_SHORTENED);
    CHECK_EQUAL(shared->words[2], message.words[1]);
}

/* --- capabilities --- */

/** Which ones go, and how. */
struct count_row {
    unsigned count;
    bool move;
    uint64_t label; /**< what the relay does with them */
};

void transfer_add_things(struct mnos_message *message, unsigned count, bool move)
{
    for (unsigned n = 0; n < count; n++) {
        if (move) {
            mnos_message_move_cap(message, THING + n);
        } else {
            mnos_message_add_cap(message, THING + n, 0);
        }
    }
}

static void run_counts(const void *data)
{
    const struct count_row *row = data;
    struct mnos_message message;
    uint64_t child;

    transfer_prepare(MN_MESSAGE_CAPS_MAX);
    child = transfer_start_relay(2, CPU_OWN);
    transfer_fill(&message, 3, 11);
    message.label = row->label;
    transfer_add_things(&message, row->count, row->move);
    REQUIRE_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    CHECK(!message.shortened);
    CHECK_EQUAL(message.label, 0);
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        bool sent = n < row->count;
        bool back = sent && row->label != RELAY_KEEPS;

        transfer_check_type(THING + n,
                            sent && row->move ? MN_CAP_EMPTY : MN_CAP_MEMORY_FRAME);
        transfer_check_type(TAKEN + n, back ? MN_CAP_MEMORY_FRAME : MN_CAP_EMPTY);
        CHECK_EQUAL(message.received[n], back ? TAKEN + n : 0);
        if (row->label == RELAY_TELLS) {
            CHECK_EQUAL(message.words[n],
                        sent ? MN_CAP_MEMORY_FRAME | MN_RIGHTS_ALL << 8 : 0);
        }
    }
    child_kill(child);
}

/** A copy keeps the rights of the mask that the source has. */
static void run_rights(const void *data)
{
    struct mnos_message message;
    uint64_t child;

    (void)data;
    transfer_prepare(1);
    mint(THING, SPARE, MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_GRANT, 0, 0);
    child = transfer_start_relay(1, CPU_OWN);
    transfer_fill(&message, 3, 4);
    message.label = RELAY_KEEPS;
    mnos_message_add_cap(&message, SPARE, MN_RIGHT_READ | MN_RIGHT_EXEC);
    mnos_message_add_cap(&message, SPARE, MN_RIGHTS_SAME);
    mnos_message_add_cap(&message, SPARE, MN_RIGHT_REVOKE | MN_RIGHT_GRANT);
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    CHECK_EQUAL(message.words[0], MN_CAP_MEMORY_FRAME | MN_RIGHT_READ << 8);
    CHECK_EQUAL(message.words[1],
                MN_CAP_MEMORY_FRAME | (MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_GRANT)
                                          << 8);
    CHECK_EQUAL(message.words[2], MN_CAP_MEMORY_FRAME | MN_RIGHT_GRANT << 8);
    CHECK_EQUAL(message.words[3], 0);
    child_kill(child);
}

/** What was sent and kept goes by REVOKE of its source; what was moved by that of its
 *  source's parent. */
static void run_revoke(const void *data)
{
    const bool *move = data;
    struct mnos_message message;
    uint64_t child;

    transfer_prepare(1);
    mint(THING, SPARE, 0, 0, 0);
    mint(SPARE, OTHER, 0, 0, 0);
    child = transfer_start_relay(2, CPU_OWN);
    transfer_fill(&message, 3, 0);
    message.label = RELAY_COPIES;
    if (*move) {
        mnos_message_move_cap(&message, SPARE);
    } else {
        mnos_message_add_cap(&message, SPARE, 0);
    }
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    transfer_check_type(TAKEN, MN_CAP_MEMORY_FRAME);
    transfer_check_type(OTHER, MN_CAP_MEMORY_FRAME);
    if (!*move) {
        /* OTHER and the child's copy are SPARE's children, TAKEN its grandchild. */
        CHECK_EQUAL(sys_revoke(SPARE), MN_OK);
        transfer_check_type(TAKEN, MN_CAP_EMPTY);
        transfer_check_type(OTHER, MN_CAP_EMPTY);
    } else {
        /* The child's is SPARE's place now: OTHER is below it, as TAKEN is. */
        CHECK_EQUAL(sys_revoke(TAKEN), MN_OK);
        transfer_check_type(OTHER, MN_CAP_MEMORY_FRAME);
        CHECK_EQUAL(sys_revoke(THING), MN_OK);
        transfer_check_type(TAKEN, MN_CAP_EMPTY);
        transfer_check_type(OTHER, MN_CAP_EMPTY);
    }
    child_kill(child);
}

static void run_all_counts(void)
{
    static const char *const names[] = {"echoed", "told of", "kept", "sent back",
                                        "copied back"};

    for (unsigned label = RELAY_TELLS; label <= RELAY_COPIES; label++) {
        for (unsigned i = 0; i < 2 * (MN_MESSAGE_CAPS_MAX + 1); i++) {
            struct count_row row = {i / 2, i % 2 != 0, label};

            test_run(run_counts, &row, "transfer: %u capabilities are %s and %s",
                     row.count, row.move ? "moved" : "copied", names[label]);
        }
    }
}

void topic_transfer(void)
{
    for (unsigned i = 0; i < boot_info->cpu_count && i < 2; i++) {
        uint64_t cpu = CPU_NUMBER(i);

        test_run(run_lengths, &cpu, "transfer: 0 to 64 words, server on CPU %u", i);
    }
    test_run(run_no_server_buffer, NULL, "transfer: to a server without a buffer");
    test_run(run_recv, NULL, "transfer: to RECV");
    run_all_counts();
    test_run(run_rights, NULL, "transfer: rights only shrink");
    for (unsigned i = 0; i < 2; i++) {
        bool flag = i == 1;

        test_run(run_revoke, &flag, "transfer: what was %s is revoked",
                 flag ? "moved" : "copied");
    }
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}
