/**
 * topic_call_paths.c - the fast path of CALL and REPLY_RECV against its plain twin: the same
 * random sequence of messages, once as it comes and once forced to the plain path, has the
 * same results on both sides.
 *
 * Forced: a notification is bound to the server, which makes REPLY_RECV plain, and the calls
 * have MN_MESSAGE_NO_WAIT. On several CPUs all is plain anyhow.
 */
#include "core/bytes.h"
#include "guest/runner/call_image.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ENDPOINT = TEST_SLOT,
    NOTIFICATION,
    BADGED,
    BADGES = 3,
    MESSAGES = 600,
    SERVER_THREAD = 0
};

/** What each side saw of each message. */
struct record {
    bool plain;
    uint64_t seed;
    uint64_t random; /**< the client's */
    volatile uint64_t served;
    uint64_t server[MESSAGES];
    uint64_t client[MESSAGES];
};

static struct record records[2];

/** xorshift64*. */
static uint64_t next_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dul;
}

/** A number for all that an image holds now; padding was filled alike. */
static uint64_t hash(uint64_t status, const struct call_image *image)
{
    const uint8_t *bytes = (const uint8_t *)image;
    uint64_t sum = 0xcbf29ce484222325ul ^ status;

    for (size_t i = 0; i < offsetof(struct call_image, vectors); i++) {
        sum = (sum ^ bytes[i]) * 0x100000001b3ul;
    }
    return sum;
}

/** After a message of SEND, which needs no reply, sometimes by RECV. */
static uint64_t choose_receive(uint64_t random, bool owes)
{
    return !owes && random % 3 == 0 ? MN_SYS_RECV : MN_SYS_REPLY_RECV;
}

static void serve_at_random(void *data)
{
    struct record *record = data;
    uint64_t random = record->seed + 1;
    bool owes = false;

    if (record->plain) {
        CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    }
    while (record->served < MESSAGES) {
        struct call_image image;
        uint64_t number = choose_receive(next_random(&random), owes);
        uint64_t label;
        uint64_t status;

        image_fill(&image, ENDPOINT, (uint8_t)next_random(&random));
        for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
            image.words[n] = next_random(&random);
        }
        status = call_all(number, &image);
        if (status != MN_OK) {
            return;
        }
        label = number == MN_SYS_RECV ? image.slot : image.info;
        owes = (label >> 16 & 1) == 0; /* SENDs have odd labels */
        /* Who echoes what it got must not be refused for the caller's flags. */
        CHECK(!owes || (label & MN_MESSAGE_FLAGS) == 0);
        record->server[record->served] = hash(status, &image);
        record->served++;
    }
    /* The last reply, and then for ever: until the endpoint goes. */
    (void)call_all(
        MN_SYS_REPLY_RECV,
        &(struct call_image){.slot = ENDPOINT, .mxcsr = 0x1f80, .x87_control = 0x37f});
}

static uint64_t call_at_random(struct record *record, uint64_t slot)
{
    struct call_image image;
    struct call_image filled;
    uint64_t status;

    image_fill(&filled, slot, (uint8_t)next_random(&record->random));
    filled.info = MN_MESSAGE_INFO(next_random(&record->random) & ~1ul);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        filled.words[n] = next_random(&record->random);
    }
    filled.info |= record->plain ? MN_MESSAGE_NO_WAIT : 0;
    do {
        image = filled;
        status = call_all(MN_SYS_CALL, &image);
        if (status == MN_ERROR_WOULD_BLOCK) {
            sys_yield();
        }
    } while (status == MN_ERROR_WOULD_BLOCK);
    return hash(status, &image);
}

static void run_sequence(struct record *record, uint64_t seed, bool plain)
{
    memset(record, 0, sizeof(*record));
    record->plain = plain;
    record->seed = seed;
    record->random = seed;
    own_thread_start(SERVER_THREAD, serve_at_random, record, CPU_OWN);
    for (unsigned i = 0; i < MESSAGES && !test_has_failed(); i++) {
        uint64_t what = next_random(&record->random);
        uint64_t slot = BADGED + what % BADGES;

        if (what >> 32 & 3) {
            record->client[i] = call_at_random(record, slot);
        } else {
            /* RECV answers this label as it is, REPLY_RECV as info: odd in both. */
            record->client[i] = sys_send(slot, 0x10001, what, ~what);
        }
    }
    wait_for_word(&record->served, MESSAGES);
}

static void run_both(const void *data)
{
    const uint64_t *seed = data;

    for (unsigned i = 0; i < 2; i++) {
        endpoint_create(ENDPOINT);
        notification_create(NOTIFICATION);
        for (uint64_t n = 0; n < BADGES; n++) {
            mint(ENDPOINT, BADGED + n, MN_RIGHT_WRITE, 100 + n, 0);
        }
        run_sequence(&records[i], *seed, i == 1);
        for (uint64_t slot = ENDPOINT; slot < BADGED + BADGES; slot++) {
            CHECK_EQUAL(sys_drop_cap(slot), MN_OK);
        }
        own_thread_wait(SERVER_THREAD);
    }
    for (unsigned i = 0; i < MESSAGES && !test_has_failed(); i++) {
        CHECK_EQUAL(records[1].client[i], records[0].client[i]);
        CHECK_EQUAL(records[1].server[i], records[0].server[i]);
    }
}

void topic_call_paths(void)
{
    static const uint64_t seeds[] = {1, 22, 333, 4444, 55555};

    for (unsigned i = 0; i < sizeof(seeds) / sizeof(seeds[0]); i++) {
        test_run(run_both, &seeds[i], "call: fast and plain alike, seed %llu",
                 (unsigned long long)seeds[i]);
    }
}
