/**
 * serve.c - a program's reports and its standard streams; see guest_host.h.
 *
 * stdin is told to wait once before it gives anything, so that waiting is tried in each run that reads.
 */
#include "core/bytes.h"
#include "guest_host/guest_host.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "protocols/random.h"
#include "protocols/stream.h"

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static uint64_t endpoint;
static uint64_t timer; /* bound to this thread: for the interrupt */

struct serving {
    const struct run *run;
    const uint8_t *report;
    struct watched program;
    struct outcome *out;
    size_t input_at;
    bool has_waited;
    bool is_over;
};

void serve_open(void)
{
    endpoint = take_slot();
    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, endpoint) == MN_OK, "an endpoint");
    timer = take_slot();
    require(sys_create_notification(MN_INIT_SLOT_MEMORY, timer) == MN_OK, "a timer");
    require(sys_bind_signal(timer) == MN_OK, "binding the timer");
    require(sys_set_buffer(&buffer) == MN_OK, "a message buffer");
}

void serve_grant(uint64_t process, uint64_t target, enum serve_badge badge)
{
    uint64_t copy = take_slot();

    require(sys_mint_cap(endpoint, copy, MN_RIGHT_WRITE | MN_RIGHT_GRANT, badge, 0) ==
                    MN_OK &&
                sys_delegate(process, copy, target, MN_RIGHT_WRITE) == MN_OK,
            "a badge of a stream");
    drop(copy);
}

static uint64_t frames_used(uint64_t account)
{
    struct mn_cap_info info;

    require(sys_cap_info(account, &info) == MN_OK, "an account");
    return info.b;
}

static void take_report(struct serving *serving, const struct mnos_message *message)
{
    struct outcome *out = serving->out;

    switch (message->label) {
    case PROGRAM_DENIED:
        if (out->denial_count < DENIALS_MAX) {
            memcpy(&out->denials[out->denial_count++], serving->report,
                   sizeof(struct program_denial));
        }
        break;
    case PROGRAM_ENDED:
        require(message->words[2] <= PROGRAM_TEXT_MAX, "the size of a report");
        out->end = (enum program_end)message->words[0];
        out->status = (int)message->words[1];
        memcpy(out->text, serving->report, message->words[2]);
        out->frames = frames_used(serving->program.account);
        serving->is_over = true;
        break;
    default:
        break;
    }
}

static uint64_t read_input(struct serving *serving, struct mnos_message *message)
{
    const char *input = serving->run->input != NULL ? serving->run->input : "";
    uint32_t size = STREAM_BYTES(message->label);
    size_t left = strlen(input) - serving->input_at;

    if (!serving->has_waited) {
        return STREAM_LABEL(STREAM_WOULD_BLOCK, 0);
    }
    if (left == 0) {
        return STREAM_LABEL(STREAM_END, 0);
    }
    size = size < left ? size : (uint32_t)left;
    memcpy(message->words, input + serving->input_at, size);
    message->length = (size + 7) / 8;
    serving->input_at += size;
    return STREAM_LABEL(STREAM_OK, size);
}

static uint64_t write_output(struct serving *serving,
                             const struct mnos_message *message)
{
    struct outcome *out = serving->out;
    uint32_t size = STREAM_BYTES(message->label);

    if (size > STREAM_MESSAGE_BYTES || size > OUTPUT_MAX - out->output_size) {
        return STREAM_LABEL(STREAM_END, 0);
    }
    memcpy(out->output + out->output_size, message->words, size);
    out->output_size += size;
    return STREAM_LABEL(STREAM_OK, size);
}

/** Keeps no subscription: signals at once, which is allowed to be for nothing. */
static uint64_t subscribe(struct serving *serving, const struct mnos_message *message)
{
    if (message->received[0] == 0) {
        return STREAM_LABEL(STREAM_INVALID, 0);
    }
    serving->has_waited = true;
    (void)sys_signal(message->received[0], message->words[0]);
    (void)sys_drop_cap(message->received[0]);
    return STREAM_LABEL(STREAM_OK, 0);
}

static uint64_t answer_stream(struct serving *serving, struct mnos_message *message)
{
    const char *input = serving->run->input != NULL ? serving->run->input : "";
    size_t left = strlen(input) - serving->input_at;

    switch (STREAM_CODE(message->label)) {
    case STREAM_READ:
        return message->badge == SERVE_STDIN ? read_input(serving, message)
                                             : STREAM_LABEL(STREAM_REFUSED, 0);
    case STREAM_WRITE:
        return write_output(serving, message);
    case STREAM_SUBSCRIBE:
        return subscribe(serving, message);
    case STREAM_AVAILABLE:
        return left == 0 ? STREAM_LABEL(STREAM_END, 0) : STREAM_LABEL(STREAM_OK, left);
    default:
        return STREAM_LABEL(STREAM_INVALID, 0);
    }
}

/** Bytes that are random to nobody. */
static uint64_t fill(struct mnos_message *message)
{
    uint32_t size = RANDOM_LABEL_BYTES(message->label);

    if (RANDOM_LABEL_CODE(message->label) != RANDOM_FILL || size == 0 ||
        size > RANDOM_MESSAGE_BYTES) {
        return RANDOM_LABEL(RANDOM_INVALID, 0);
    }
    for (uint32_t i = 0; i < MN_MESSAGE_WORDS_MAX; i++) {
        message->words[i] = (i + 1) * 0x9E3779B97F4A7C15u;
    }
    message->length = (size + 7) / 8;
    return RANDOM_LABEL(RANDOM_OK, size);
}

static void answer(struct serving *serving, struct mnos_message *message)
{
    uint64_t badge = message->badge;

    message->length = 0;
    if (badge == SERVE_REPORT) {
        take_report(serving, message);
    } else if (badge == SERVE_RANDOM) {
        message->label = fill(message);
    } else {
        message->label = answer_stream(serving, message);
    }
}

void serve(const struct run *run, const uint8_t *report, struct watched program,
           struct outcome *out)
{
    static struct mnos_message message;
    struct serving serving = {
        .run = run, .report = report, .program = program, .out = out};
    uint64_t receive_slot = take_slot();

    buffer.receive[0] = receive_slot;
    message = (struct mnos_message){.flags = 0};
    require(sys_set_timer(timer, run->interrupt_ns != 0
                                     ? mnos_clock_ns() + run->interrupt_ns
                                     : 0) == MN_OK,
            "the interrupt's timer");
    while (!serving.is_over) {
        require(mnos_message_reply_recv(&buffer, endpoint, &message) == MN_OK,
                "receiving");
        if (message.signalled) {
            message.length = 0;
            (void)sys_signal(program.control, PROGRAM_CONTROL_INTERRUPT);
        } else {
            answer(&serving, &message);
        }
    }
    /* The last reply is given by a receive that does not wait. */
    message.flags = MN_MESSAGE_NO_WAIT;
    (void)!mnos_message_reply_recv(&buffer, endpoint, &message);
    drop(receive_slot);
}
