/**
 * storm.c - clients and servers that say all that messages can say, at random, until they are
 * killed: scenarios of topic_kill.c. Any status that the docs allow is fine.
 */
#include "guest/hostile/hostile.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static uint64_t state;

static uint64_t next_random(void)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state >> 11;
}

/** Short or long, with or without capabilities (from slot 4, and what arrived), a deadline. */
static void compose(struct mnos_message *message)
{
    uint64_t random = next_random();

    message->length = (uint32_t)(random % (MN_MESSAGE_WORDS_MAX + 1));
    message->deadline_ns = mnos_clock_ns() + (random >> 16 & 0xfffff);
    for (unsigned n = 0; n < (random >> 40) % 4; n++) {
        uint64_t slot = RELAY_SLOT + n;
        struct mn_cap_info info;

        if (sys_cap_info(slot, &info) == MN_OK && info.type != MN_CAP_EMPTY) {
            mnos_message_move_cap(message, slot);
        } else {
            mnos_message_add_cap(message, CHILD_SLOT_EXTRA, 0);
        }
    }
}

/** Named slots that are full are emptied, now and then. */
static void make_room(void)
{
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        if (next_random() % 2 == 0) {
            (void)sys_drop_cap(RELAY_SLOT + n);
        }
    }
}

static bool is_fine(mn_status status)
{
    return status == MN_OK || status == MN_ERROR_CANCELLED ||
           status == MN_ERROR_TIMED_OUT ||
           status == MN_ERROR_INVALID_SLOT; /* what it gave out was revoked */
}

static bool begin(uint64_t seed)
{
    state = seed * 0x9e3779b97f4a7c15ul | 1;
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        buffer.receive[n] = RELAY_SLOT + n;
    }
    return sys_set_buffer(&buffer) == MN_OK;
}

/** SENDs and CALLs by slot 1; counts in shared->counter[0]. */
uint64_t scenario_storm_client(uint64_t parameter)
{
    mn_status status = begin(parameter) ? MN_OK : MN_ERROR_BAD_ADDRESS;

    while (is_fine(status)) {
        struct mnos_message message = {.label = next_random() & 0xffff};

        if (next_random() % 4 == 0) {
            status = sys_send(CHILD_SLOT_ENDPOINT, 1, 2, 3);
        } else {
            compose(&message);
            /* Always, or all may wait for each other: a server need not reply. */
            message.flags = MN_MESSAGE_DEADLINE;
            status = mnos_message_call(&buffer, CHILD_SLOT_ENDPOINT, &message);
        }
        make_room();
        shared()->counter[0]++;
    }
    shared()->words[0] = status;
    return status;
}

/** Serves slot 1, and does not reply to every call; counts in shared->counter[1]. */
uint64_t scenario_storm_server(uint64_t parameter)
{
    mn_status status = begin(parameter) ? MN_OK : MN_ERROR_BAD_ADDRESS;
    struct mnos_message message = {0};

    while (is_fine(status)) {
        if (next_random() % 8 == 0) {
            struct mn_message plain;

            status = sys_recv(CHILD_SLOT_ENDPOINT, &plain);
        } else {
            message.cap_count = 0;
            compose(&message);
            message.flags = next_random() % 8 == 0 ? MN_MESSAGE_DEADLINE : 0;
            status = mnos_message_reply_recv(&buffer, CHILD_SLOT_ENDPOINT, &message);
        }
        make_room();
        shared()->counter[1]++;
    }
    shared()->words[0] = status;
    return status;
}
