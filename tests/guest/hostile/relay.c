/**
 * relay.c - a server that takes long messages and capabilities, and gives them back; a
 * client that calls until a deadline.
 */
#include "guest/hostile/hostile.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/message.h"
#include "mnos/process.h"

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

/** What is in the slot that capability @p n arrived in: type and rights; 0: it did not. */
static uint64_t look(const struct mnos_message *message, unsigned n)
{
    struct mn_cap_info info = {0};

    if (message->received[n] == 0 ||
        sys_cap_info(message->received[n], &info) != MN_OK) {
        return 0;
    }
    return info.type | (uint64_t)info.rights << 8;
}

static void answer(struct mnos_message *message)
{
    for (unsigned n = 0; n < message->length; n++) {
        message->words[n]++;
    }
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        if (message->label == RELAY_TELLS || message->label == RELAY_KEEPS) {
            message->words[n] = look(message, n);
        }
        if (message->received[n] == 0) {
            continue;
        }
        if (message->label == RELAY_COPIES) {
            mnos_message_add_cap(message, message->received[n], 0);
        } else if (message->label != RELAY_KEEPS) {
            mnos_message_move_cap(message, message->received[n]);
        }
    }
    message->label = message->shortened;
}

/** Serves slot 1 p times, then ends; with RELAY_NO_BUFFER added: it has no buffer. */
uint64_t scenario_relay(uint64_t parameter)
{
    bool bare = (parameter & RELAY_NO_BUFFER) != 0;
    struct mnos_message message = {0};

    if (!bare && sys_set_buffer(&buffer) != MN_OK) {
        return SCENARIO_BAD;
    }
    for (unsigned n = 0; n < MN_MESSAGE_CAPS_MAX; n++) {
        buffer.receive[n] = RELAY_SLOT + n;
    }
    for (uint64_t i = 0; i <= (parameter & ~(uint64_t)RELAY_NO_BUFFER); i++) {
        mn_status status = mnos_message_reply_recv(bare ? NULL : &buffer,
                                                   CHILD_SLOT_ENDPOINT, &message);

        if (status != MN_OK) {
            return status;
        }
        answer(&message);
    }
    return SCENARIO_GOOD;
}

/** Takes one message, in the relay's slots, and never replies. */
uint64_t scenario_take_and_spin(uint64_t parameter)
{
    struct mnos_message message = {0};

    (void)parameter;
    buffer.receive[0] = RELAY_SLOT;
    if (sys_set_buffer(&buffer) != MN_OK ||
        mnos_message_reply_recv(&buffer, CHILD_SLOT_ENDPOINT, &message) != MN_OK) {
        return SCENARIO_BAD;
    }
    for (;;) {
        sys_yield();
    }
}

/** CALLs by slot 1 with a deadline p ns from now. */
uint64_t scenario_call_until(uint64_t parameter)
{
    struct mnos_message message = {.flags = MN_MESSAGE_DEADLINE,
                                   .deadline_ns = mnos_clock_ns() + parameter};

    return mnos_message_call(NULL, CHILD_SLOT_ENDPOINT, &message);
}
