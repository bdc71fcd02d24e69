/**
 * topic_transfer_stays.c - long messages and capabilities in messages that are refused, or
 * that do not arrive as they were sent; SET_BUFFER and MOVE_CAP.
 */
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "guest/common/registers.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "guest/runner/transfer.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"

/** The buffer of the thread that the runner starts. */
static struct mn_ipc_buffer second __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

struct bad_row {
    const char *name;
    uint64_t info;
    struct mn_ipc_cap cap;
    mn_status expected;
};

#define ONE MN_MESSAGE_CAPS(1)

static const struct bad_row bad_rows[] = {
    {"five capabilities", MN_MESSAGE_CAPS(5), {THING, 0, 0}, MN_ERROR_INVALID_ARGUMENT},
    {"65 words", MN_MESSAGE_MORE(57), {0, 0, 0}, MN_ERROR_INVALID_ARGUMENT},
    {"71 words", MN_MESSAGE_MORE(63), {0, 0, 0}, MN_ERROR_INVALID_ARGUMENT},
    {"right bit 5", ONE, {THING, 32, 0}, MN_ERROR_INVALID_ARGUMENT},
    {"right bit 31", ONE, {THING, 1u << 31, 0}, MN_ERROR_INVALID_ARGUMENT},
    {"flag bit 1", ONE, {THING, 0, 2}, MN_ERROR_INVALID_ARGUMENT},
    {"a move that drops rights", ONE, {THING, 1, 1}, MN_ERROR_INVALID_ARGUMENT},
    {"an Empty slot", ONE, {OTHER, 0, 0}, MN_ERROR_INVALID_SLOT},
    {"slot 0", ONE, {0, 0, 0}, MN_ERROR_INVALID_SLOT},
    {"slot 2^32", ONE, {1ul << 32, 0, 0}, MN_ERROR_INVALID_SLOT},
    {"slot -1", ONE, {~0ul, 0, 0}, MN_ERROR_INVALID_SLOT},
    {"no GRANT", ONE, {SPARE, 0, 0}, MN_ERROR_RIGHTS},
    {"a move without GRANT", ONE, {SPARE, 0, 1}, MN_ERROR_RIGHTS},
    {"all of it good", ONE, {THING, 0, 0}, MN_ERROR_WOULD_BLOCK},
};

/** By CALL, and by REPLY_RECV with nobody to reply to. */
static void run_bad(const void *data)
{
    const struct bad_row *row = data;
    static const uint64_t numbers[] = {MN_SYS_CALL, MN_SYS_REPLY_RECV};
    uint64_t arguments[6] = {ENDPOINT, row->info | MN_MESSAGE_NO_WAIT};

    transfer_prepare(1);
    mint(THING, SPARE, MN_RIGHTS_ALL & ~MN_RIGHT_GRANT, 0, 0);
    transfer_buffer.send[0] = row->cap;
    for (unsigned i = 0; i < 2; i++) {
        CHECK_EQUAL(raw_syscall(numbers[i], arguments), row->expected);
        CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
        CHECK_EQUAL(raw_syscall(numbers[i], arguments),
                    row->expected == MN_ERROR_INVALID_ARGUMENT && row->info != ONE
                        ? MN_ERROR_INVALID_ARGUMENT
                        : MN_ERROR_BAD_ADDRESS);
        CHECK_EQUAL(sys_set_buffer(&transfer_buffer), MN_OK);
    }
}

/** A bad reply is refused while it is still owed: the good one behind it arrives. */
static volatile uint64_t bad_reply_status;

static void reply_badly_first(void *data)
{
    struct mnos_message message = {0};
    mn_status status;

    (void)data;
    CHECK_EQUAL(sys_set_buffer(&second), MN_OK);
    status = mnos_message_reply_recv(&second, ENDPOINT, &message);
    CHECK_EQUAL(status, MN_OK);
    mnos_message_add_cap(&message, OTHER, 0);
    bad_reply_status = mnos_message_reply_recv(&second, ENDPOINT, &message);
    message.cap_count = 0;
    message.words[0] = 99;
    message.flags = MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(mnos_message_reply_recv(&second, ENDPOINT, &message),
                MN_ERROR_WOULD_BLOCK);
}

static void run_bad_reply(const void *data)
{
    struct mnos_message message;

    (void)data;
    transfer_prepare(0);
    own_thread_start(SERVER_THREAD, reply_badly_first, NULL, CPU_OWN);
    transfer_fill(&message, 1, 3);
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    CHECK_EQUAL(message.words[0], 99);
    CHECK_EQUAL(bad_reply_status, MN_ERROR_INVALID_SLOT);
    own_thread_wait(SERVER_THREAD);
}

/** Where the receiver named no slot, or one that will not do, it stays: here of four
 *  the first and the third. */
static void run_slots_that_will_not_do(const void *data)
{
    const uint64_t *bad = data;
    struct mnos_message message;
    uint64_t child;

    transfer_prepare(MN_MESSAGE_CAPS_MAX);
    child = transfer_start_relay(1, CPU_OWN);
    transfer_buffer.receive[0] = *bad;
    transfer_buffer.receive[2] = *bad;
    transfer_fill(&message, 5, 0);
    message.label = RELAY_RETURNS;
    transfer_add_things(&message, MN_MESSAGE_CAPS_MAX, true);
    CHECK_EQUAL(mnos_message_call(&transfer_buffer, BADGED, &message), MN_OK);
    CHECK(message.shortened);
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        CHECK_EQUAL(message.received[n], n % 2 == 0 ? 0 : TAKEN + n);
        transfer_check_type(TAKEN + n, n % 2 == 0 ? MN_CAP_EMPTY : MN_CAP_MEMORY_FRAME);
    }
    child_kill(child);
}

/** A caller waits in the queue with a capability and a long message; meanwhile something
 *  changes; then the server, this thread, takes it. */
enum change { CHANGE_NOTHING, CHANGE_DROPS, CHANGE_UNMAPS, CHANGE_READ_ONLY, CHANGES };

#define PAGE (TEST_AREA + 0x400000ul)

struct queued {
    volatile uint64_t status;
    volatile uint64_t shortened;
};

static struct queued queued;

static void call_from_queue(void *data)
{
    struct mn_ipc_buffer *own = data;
    struct mnos_message message;

    CHECK_EQUAL(sys_set_buffer(own), MN_OK);
    transfer_fill(&message, 9, 12);
    mnos_message_move_cap(&message, THING);
    queued.status = mnos_message_call(own, BADGED, &message);
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}

static void change_meanwhile(enum change change)
{
    if (change == CHANGE_DROPS) {
        CHECK_EQUAL(sys_drop_cap(THING), MN_OK);
    } else if (change == CHANGE_UNMAPS || change == CHANGE_READ_ONLY) {
        CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, PAGE, 1), MN_OK);
    }
    if (change == CHANGE_READ_ONLY) {
        CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, OTHER, PAGE, 0), MN_OK);
    }
}

static void run_queued(const void *data)
{
    const enum change *change = data;
    bool reachable = *change == CHANGE_NOTHING || *change == CHANGE_DROPS;
    struct mnos_message message = {0};

    transfer_prepare(1);
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, OTHER, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, OTHER, PAGE, MN_MAP_WRITABLE), MN_OK);
    queued.status = 1;
    own_thread_start(CLIENT_THREAD, call_from_queue, (void *)(PAGE + 2048), CPU_OWN);
    let_others_run();
    change_meanwhile(*change);
    REQUIRE_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.badge, 7);
    CHECK_EQUAL(message.length, reachable ? 12 : MN_MESSAGE_WORDS);
    CHECK_EQUAL(message.words[7], 9 * 0x0123456789abcdul + 7);
    CHECK_EQUAL(message.shortened, *change != CHANGE_NOTHING);
    CHECK_EQUAL(message.received[0], *change == CHANGE_NOTHING ? TAKEN : 0);
    transfer_check_type(TAKEN,
                        *change == CHANGE_NOTHING ? MN_CAP_MEMORY_FRAME : MN_CAP_EMPTY);
    message.flags = MN_MESSAGE_NO_WAIT;
    CHECK_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message),
                MN_ERROR_WOULD_BLOCK);
    own_thread_wait(CLIENT_THREAD);
    CHECK_EQUAL(queued.status, MN_OK);
}

/** The capability that a call goes by is itself what it moves; and a server's own. */
static void move_what_it_calls_by(void *data)
{
    struct mnos_message message;

    (void)data;
    CHECK_EQUAL(sys_set_buffer(&second), MN_OK);
    transfer_fill(&message, 2, 0);
    mnos_message_move_cap(&message, BADGED);
    queued.status = mnos_message_call(&second, BADGED, &message);
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}

static void run_moves_itself(const void *data)
{
    const bool *server_first = data;
    struct mnos_message message = {0};

    transfer_prepare(0);
    queued.status = 1;
    own_thread_start(CLIENT_THREAD, move_what_it_calls_by, NULL, CPU_OWN);
    if (!*server_first) {
        let_others_run();
    }
    REQUIRE_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message), MN_OK);
    CHECK_EQUAL(message.received[0], TAKEN);
    transfer_check_type(BADGED, MN_CAP_EMPTY);
    transfer_check_type(TAKEN, MN_CAP_ENDPOINT);
    /* The reply moves the server's capability, by which it would wait, to the client. */
    second.receive[0] = SPARE;
    mnos_message_move_cap(&message, ENDPOINT);
    CHECK_EQUAL(mnos_message_reply_recv(&transfer_buffer, ENDPOINT, &message),
                MN_ERROR_INVALID_SLOT);
    own_thread_wait(CLIENT_THREAD);
    CHECK_EQUAL(queued.status, MN_OK);
    transfer_check_type(ENDPOINT, MN_CAP_EMPTY);
    transfer_check_type(SPARE, MN_CAP_ENDPOINT);
}

/* --- SET_BUFFER and MOVE_CAP --- */

static void run_set_buffer(const void *data)
{
    static const struct {
        uint64_t address;
        mn_status expected;
    } rows[] = {{0, MN_OK},
                {PAGE, MN_OK},
                {PAGE + 3072, MN_OK},
                {PAGE + 8, MN_ERROR_INVALID_ARGUMENT},
                {PAGE + 512, MN_ERROR_INVALID_ARGUMENT},
                {PAGE + 4096, MN_ERROR_BAD_ADDRESS},
                {1024, MN_ERROR_BAD_ADDRESS},
                {MN_INIT_ELF_BASE, MN_ERROR_BAD_ADDRESS},
                {MN_INIT_INITRD, MN_ERROR_BAD_ADDRESS},
                {MN_USER_LIMIT - 1024, MN_ERROR_BAD_ADDRESS},
                {MN_USER_LIMIT, MN_ERROR_INVALID_ARGUMENT},
                {0x0000800000000000ul, MN_ERROR_INVALID_ARGUMENT},
                {0xffff800000100000ul, MN_ERROR_INVALID_ARGUMENT},
                {0xffffffff80200000ul, MN_ERROR_INVALID_ARGUMENT},
                {-1024ul, MN_ERROR_INVALID_ARGUMENT}};

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, OTHER, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, OTHER, PAGE, MN_MAP_WRITABLE), MN_OK);
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        CHECK_EQUAL(sys_set_buffer((struct mn_ipc_buffer *)rows[i].address),
                    rows[i].expected);
    }
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}

/** MOVE_CAP keeps the place in the tree, needs no GRANT in one's own CNode, and ends the
 *  waits by the capability. */
static void wait_by_other(void *data)
{
    struct mn_message message;

    (void)data;
    queued.status = sys_recv(OTHER, &message);
}

static void run_move(const void *data)
{
    uint64_t child = child_create();

    (void)data;
    transfer_prepare(1);
    mint(THING, SPARE, MN_RIGHT_READ, 0, 0);
    CHECK_EQUAL(sys_move_cap(child, SPARE, 9), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_move_cap(0, SPARE, THING), MN_ERROR_SLOT_OCCUPIED);
    CHECK_EQUAL(sys_move_cap(0, SPARE, SPARE), MN_ERROR_SLOT_OCCUPIED);
    CHECK_EQUAL(sys_move_cap(0, SPARE, 0), MN_ERROR_INVALID_SLOT);
    CHECK_EQUAL(sys_move_cap(0, SPARE, TAKEN), MN_OK);
    transfer_check_type(SPARE, MN_CAP_EMPTY);
    CHECK_EQUAL(sys_move_cap(child, THING, 9), MN_OK);
    CHECK_EQUAL(sys_move_cap(child, THING, 10), MN_ERROR_INVALID_SLOT);
    transfer_check_type(TAKEN, MN_CAP_MEMORY_FRAME);
    queued.status = 1;
    mint(ENDPOINT, OTHER, 0, 0, 0);
    own_thread_start(CLIENT_THREAD, wait_by_other, NULL, CPU_OWN);
    let_others_run();
    CHECK_EQUAL(sys_move_cap(0, OTHER, SPARE), MN_OK);
    own_thread_wait(CLIENT_THREAD);
    CHECK_EQUAL(queued.status, MN_ERROR_CANCELLED);
    child_kill(child);
}

void topic_transfer_stays(void)
{
    static const uint64_t bad_slots[] = {0, TEST_SLOT, MN_CNODE_INITIAL_SLOTS, ~0ul};
    static const char *const changes[] = {
        "nothing happens", "its capability is dropped", "its buffer is unmapped",
        "its buffer is read-only"};

    for (unsigned i = 0; i < sizeof(bad_rows) / sizeof(bad_rows[0]); i++) {
        test_run(run_bad, &bad_rows[i], "transfer: %s", bad_rows[i].name);
    }
    for (unsigned i = 0; i < sizeof(bad_slots) / sizeof(bad_slots[0]); i++) {
        test_run(run_slots_that_will_not_do, &bad_slots[i], "transfer: to slot %lld",
                 (long long)bad_slots[i]);
    }
    test_run(run_bad_reply, NULL, "transfer: a bad reply is still owed");
    for (unsigned i = 0; i < CHANGES; i++) {
        test_run(run_queued, &i, "transfer: a caller waits, and %s", changes[i]);
    }
    test_run(run_set_buffer, NULL, "transfer: where a buffer may be");
    test_run(run_move, NULL, "transfer: MOVE_CAP");
    for (unsigned i = 0; i < 2; i++) {
        bool flag = i == 1;

        test_run(run_moves_itself, &flag, "transfer: what it goes by, %s first",
                 flag ? "server" : "client");
    }
    CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
}
