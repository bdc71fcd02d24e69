/**
 * topic_call_paths.c - the fast path of CALL and REPLY_RECV against its plain twin: the same
 * random sequence of messages, once as it comes and once forced to the plain path, has the
 * same results on both sides.
 *
 * The messages are of all kinds: SEND and CALL, short ones, ones of up to 64 words, with
 * capabilities that arrive or do not, and with deadlines that are far away.
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
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    ENDPOINT = TEST_SLOT,
    NOTIFICATION,
    BADGED,
    BADGES = 3,
    SERVER_TAKES = BADGED + BADGES, /**< slots for capabilities that arrive there */
    CLIENT_TAKES = SERVER_TAKES + MN_MESSAGE_CAPS_MAX,
    MESSAGES = 600,
    SERVER_THREAD = 0
};

/** One of the two sides. */
struct side {
    struct mn_ipc_buffer buffer;
    uint64_t random;
    uint64_t takes; /**< its first slot for capabilities that arrive */
};

static struct side client __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static struct side server __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

/** What each side saw of each message. */
struct record {
    bool plain;
    uint64_t seed;
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

static uint64_t mix(uint64_t sum, uint64_t word)
{
    return (sum ^ word) * 0x100000001b3ul;
}

/** A number for all that came in: what the image holds now, padding was filled alike; words in
 *  the buffer; and capabilities, which are dropped. */
static uint64_t hash(const struct side *side, uint64_t status,
                     const struct call_image *image, uint64_t info)
{
    const uint8_t *bytes = (const uint8_t *)image;
    uint64_t sum = 0xcbf29ce484222325ul ^ status;

    for (size_t i = 0; i < offsetof(struct call_image, vectors); i++) {
        sum = mix(sum, bytes[i]);
    }
    for (unsigned n = 0; status == MN_OK && n < MN_MESSAGE_MORE_COUNT(info); n++) {
        sum = mix(sum, side->buffer.words[n]);
    }
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        struct mn_cap_info cap = {0};

        CHECK_EQUAL(sys_cap_info(side->takes + n, &cap), MN_OK);
        CHECK_EQUAL(cap.type != MN_CAP_EMPTY,
                    status == MN_OK && MN_MESSAGE_ARRIVED(info, n));
        sum = mix(mix(sum, cap.type | cap.rights << 8), cap.a);
        if (cap.type != MN_CAP_EMPTY) {
            CHECK_EQUAL(sys_drop_cap(side->takes + n), MN_OK);
        }
    }
    return sum;
}

/** Half of the messages carry nothing but registers; the others words or capabilities or both,
 *  and the slots that capabilities are taken in are named, or not. The info word's counts. */
static uint64_t choose_more(struct side *side)
{
    uint64_t random = next_random(&side->random);
    uint64_t more = random % 57 * (random >> 8 & 1);
    uint64_t caps = (random >> 16) % 5 * (random >> 24 & 1);

    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        uint64_t what = next_random(&side->random);

        side->buffer.receive[n] = what % 4 != 0 ? side->takes + n : 0;
        side->buffer.send[n] =
            (struct mn_ipc_cap){.slot = BADGED + (what >> 8) % BADGES,
                                .rights = (uint32_t)(what >> 16 & MN_RIGHTS_ALL)};
    }
    if ((random >> 32 & 1) != 0) {
        return 0;
    }
    for (unsigned n = 0; n < more; n++) {
        side->buffer.words[n] = next_random(&side->random);
    }
    return MN_MESSAGE_MORE(more) | MN_MESSAGE_CAPS(caps);
}

/** Makes a side ready, on its own thread. */
static void begin_side(struct side *side, uint64_t random, uint64_t takes)
{
    memset(side, 0, sizeof(*side));
    side->random = random;
    side->takes = takes;
    CHECK_EQUAL(sys_set_buffer(&side->buffer), MN_OK);
}

/** After a message of SEND, which needs no reply, sometimes by RECV. */
static uint64_t choose_receive(uint64_t random, bool owes)
{
    return !owes && random % 3 == 0 ? MN_SYS_RECV : MN_SYS_REPLY_RECV;
}

static void serve_at_random(void *data)
{
    struct record *record = data;
    bool owes = false;

    begin_side(&server, record->seed + 1, SERVER_TAKES);
    if (record->plain) {
        CHECK_EQUAL(sys_bind_signal(NOTIFICATION), MN_OK);
    }
    while (record->served < MESSAGES) {
        struct call_image image;
        uint64_t number = choose_receive(next_random(&server.random), owes);
        uint64_t label;
        uint64_t status;

        image_fill(&image, ENDPOINT, (uint8_t)next_random(&server.random));
        for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
            image.words[n] = next_random(&server.random);
        }
        image.info |= choose_more(&server);
        status = call_all(number, &image);
        if (status != MN_OK) {
            return;
        }
        label = number == MN_SYS_RECV ? image.slot : image.info;
        owes = (label >> 16 & 1) == 0; /* SENDs have odd labels */
        /* Who echoes what it got must not be refused for the caller's flags. */
        CHECK(!owes || (label & (MN_MESSAGE_NO_WAIT | MN_MESSAGE_DEADLINE)) == 0);
        record->server[record->served] =
            hash(&server, status, &image, number == MN_SYS_RECV ? 0 : image.info);
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
    uint8_t seed = (uint8_t)next_random(&client.random);
    uint64_t status;

    image_fill(&filled, slot, seed);
    filled.info = MN_MESSAGE_INFO(next_random(&client.random) & ~1ul);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        filled.words[n] = next_random(&client.random);
    }
    filled.info |= choose_more(&client);
    if (next_random(&client.random) % 8 == 0) {
        filled.info |= MN_MESSAGE_DEADLINE;
        filled.r15 = UINT64_MAX;
    }
    filled.info |= record->plain ? MN_MESSAGE_NO_WAIT : 0;
    do {
        image = filled;
        status = call_all(MN_SYS_CALL, &image);
        if (status == MN_ERROR_WOULD_BLOCK) {
            sys_yield();
        }
    } while (status == MN_ERROR_WOULD_BLOCK);
    /* Whatever the server's own state is: it has another one at each message. */
    CHECK_EQUAL(image.r15, filled.r15);
    image_fill(&filled, slot, seed);
    image.r15 = filled.r15;
    CHECK(image_is_kept(&image, seed));
    return hash(&client, status, &image, image.info);
}

static void run_sequence(struct record *record, uint64_t seed, bool plain)
{
    memset(record, 0, sizeof(*record));
    record->plain = plain;
    record->seed = seed;
    begin_side(&client, seed, CLIENT_TAKES);
    own_thread_start(SERVER_THREAD, serve_at_random, record, CPU_OWN);
    for (unsigned i = 0; i < MESSAGES && !test_has_failed(); i++) {
        uint64_t what = next_random(&client.random);
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
            mint(ENDPOINT, BADGED + n, MN_RIGHT_WRITE | MN_RIGHT_GRANT, 100 + n, 0);
        }
        run_sequence(&records[i], *seed, i == 1);
        for (uint64_t slot = ENDPOINT; slot < BADGED + BADGES; slot++) {
            CHECK_EQUAL(sys_drop_cap(slot), MN_OK);
        }
        CHECK_EQUAL(sys_set_buffer(NULL), MN_OK);
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
