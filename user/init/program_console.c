/**
 * program_console.c - see program_console.h.
 *
 * The console service never makes a caller wait: it says STREAM_WOULD_BLOCK, and signals
 * when trying again may succeed. Here Init waits for that. A machine that runs for one
 * program waits as long as its reader takes; else WAIT_NS at most, so that a console that
 * is stuck holds up no other program.
 */
#include "init/program_console.h"
#include "abi/rights.h"
#include "core/bytes.h"
#include "init/layout.h"
#include "init/services.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/machine.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "protocols/console_service.h"
#include "protocols/stream.h"

#define WAIT_NS UINT64_C(2000000000)

/** A way to the console service by one badge. */
struct output {
    uint64_t slot;
    uint64_t deadline_ns; /**< 0: none */
};

/** One CALL; the status and the reply's number. STREAM_END: the service is gone. */
static uint32_t call(const struct output *output, struct mnos_message *message,
                     uint32_t *out_bytes)
{
    mn_status status = mnos_message_call(&init_buffer, output->slot, message);

    if (status != MN_OK) {
        return STREAM_END;
    }
    *out_bytes = STREAM_BYTES(message->label);
    return STREAM_CODE(message->label);
}

/** Waits until trying again may succeed; false: time is over. */
static bool wait_for_room(const struct output *output)
{
    uint64_t bits;

    if (output->deadline_ns == 0) {
        return sys_wait_signal(INIT_SLOT_OUTPUT_EVENT, 0, &bits) == MN_OK;
    }
    return sys_wait_signal_until(INIT_SLOT_OUTPUT_EVENT, output->deadline_ns, &bits) ==
           MN_OK;
}

/** Opens the way: a badge, and the notification subscribed. */
static bool open_output(uint64_t badge, bool patient, struct output *out_output)
{
    uint64_t endpoint = services_endpoint("console");
    struct mnos_message message = {
        .label = STREAM_LABEL(STREAM_SUBSCRIBE, 0), .words = {1}, .length = 1};
    uint32_t bytes;

    *out_output =
        (struct output){.slot = INIT_SLOT_SCRATCH,
                        .deadline_ns = patient ? 0 : mnos_clock_ns() + WAIT_NS};
    if (endpoint == 0 ||
        sys_mint_cap(endpoint, INIT_SLOT_SCRATCH, MN_RIGHT_WRITE, badge, 0) != MN_OK) {
        return false;
    }
    mnos_message_add_cap(&message, INIT_SLOT_OUTPUT_EVENT, MN_RIGHT_WRITE);
    if (call(out_output, &message, &bytes) != STREAM_OK) {
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
        return false;
    }
    return true;
}

static void write_story(const struct output *output, const struct program *program)
{
    uint32_t at = 0;

    while (at < program->story_bytes) {
        uint32_t size = program->story_bytes - at;
        struct mnos_message message = {0};
        uint32_t written = 0;
        uint32_t code;

        if (size > STREAM_MESSAGE_BYTES) {
            size = STREAM_MESSAGE_BYTES;
        }
        message.label = STREAM_LABEL(STREAM_WRITE, size);
        message.length = (size + 7) / 8;
        memcpy(message.words, program->story + at, size);
        code = call(output, &message, &written);
        at += code == STREAM_OK && written <= size ? written : 0;
        if (code != STREAM_OK &&
            (code != STREAM_WOULD_BLOCK || !wait_for_room(output))) {
            return;
        }
    }
}

/** False: nobody takes it. */
static bool send_status(const struct output *output, uint32_t status)
{
    uint32_t code;

    do {
        struct mnos_message message = {
            .label = STREAM_LABEL(CONSOLE_EXIT, 0), .words = {status}, .length = 1};
        uint32_t bytes;

        code = call(output, &message, &bytes);
    } while (code == STREAM_WOULD_BLOCK && wait_for_room(output));
    return code == STREAM_OK;
}

bool program_console_open(void)
{
    return sys_create_notification(MN_INIT_SLOT_MEMORY, INIT_SLOT_OUTPUT_EVENT) ==
           MN_OK;
}

void program_console_end(struct init *init, const struct program *program,
                         uint32_t status)
{
    struct output output;

    if (open_output(CONSOLE_BADGE(program->client, CONSOLE_LOG), init->runs_program,
                    &output)) {
        write_story(&output, program);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    if (!init->runs_program) {
        return;
    }
    if (!open_output(CONSOLE_BADGE(program->client, CONSOLE_CONTROL), true, &output) ||
        !send_status(&output, status)) {
        (void)init_fail(init, "%s: nobody takes its exit status", program->name);
        (void)mnos_console_drain(&init->console);
        (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_FAILED);
    }
    (void)sys_drop_cap(INIT_SLOT_SCRATCH);
}
