/**
 * supervisor.c - see supervisor.h.
 */
#include "init/supervisor.h"
#include "init/command_line.h"
#include "init/instance.h"
#include "init/layout.h"
#include "init/program_console.h"
#include "init/programs.h"
#include "init/services.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/status.h"

/** Takes all badges that are gone: each was an instance's. */
static void take_gone(struct init *init)
{
    uint64_t badge;

    while (sys_take_gone_badge(INIT_SLOT_SUPERVISOR, &badge) == MN_OK) {
        struct instance *instance = instance_find(badge);

        if (instance == NULL) {
            continue; /* ended by Init itself */
        }
        if (instance->kind == INSTANCE_SERVICE) {
            services_ended(init, instance);
        } else {
            programs_ended(init, instance);
        }
    }
}

static void take_signals(struct init *init, uint64_t bits)
{
    if ((bits & INIT_EVENT_GONE) != 0) {
        take_gone(init);
    }
    if ((bits & INIT_EVENT_TIMER) != 0) {
        services_tick(init);
    }
}

/** A CALL by an instance. The reply is empty. */
static void take_report(struct init *init, const struct mnos_message *message)
{
    const struct instance *instance = instance_find(message->badge);

    if (instance != NULL && instance->kind == INSTANCE_PROGRAM) {
        programs_report(init, instance, message);
    }
}

/** Starts the programs of the system's manifest. */
static void start_programs(struct init *init)
{
    const struct system_manifest *manifest = services_manifest();

    for (uint32_t i = 0; i < manifest->program_count; i++) {
        for (uint32_t k = 0; k < manifest->programs[i].copies; k++) {
            (void)programs_start(init, manifest->programs[i].name);
        }
    }
}

bool supervisor_open(struct init *init)
{
    struct mnos_process_error error;
    char program[COMMAND_LINE_VALUE_BYTES];

    init->runs_program =
        command_line_value(init->boot_info->command_line, "run=", program);
    if (!instances_open(&error)) {
        return init_fail(init, "%s: %s", error.step, error.cause);
    }
    if (!program_console_open()) {
        return init_fail(init, "supervisor: out of memory");
    }
    if (!services_start(init)) {
        return false;
    }
    if (init->runs_program) {
        (void)programs_start(init, program);
    }
    start_programs(init);
    return true;
}

void supervisor_serve(struct init *init)
{
    struct mnos_message message = {0};
    mn_status status = MN_OK;

    while (status == MN_OK) {
        status = mnos_message_reply_recv(&init_buffer, INIT_SLOT_SUPERVISOR, &message);
        if (status == MN_OK && message.signalled) {
            take_signals(init, message.badge);
        } else if (status == MN_OK) {
            take_report(init, &message);
        }
        message = (struct mnos_message){0};
    }
    (void)init_fail(init, "supervisor: %s", mnos_status_text(status));
}
