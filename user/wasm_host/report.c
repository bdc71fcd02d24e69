/**
 * report.c - see report.h. A supervisor that does not answer is gone; so is the program soon.
 */
#include "wasm_host/report.h"
#include "core/bytes.h"
#include "core/format.h"
#include "mnos/call.h"
#include "mnos/process.h"

static uint8_t *area;

void report_open(uint64_t address)
{
    area = (uint8_t *)address;
}

static void tell(enum program_report report, uint64_t a, uint64_t b, uint64_t c)
{
    struct mnos_call message = {.info = MN_MESSAGE_INFO(report), .words = {a, b, c}};

    (void)!sys_call(PROGRAM_SLOT_SUPERVISOR, &message);
}

void report_started(void)
{
    tell(PROGRAM_STARTED, 0, 0, 0);
}

void report_denied(const struct program_denial *denial)
{
    memcpy(area, denial, sizeof(*denial));
    tell(PROGRAM_DENIED, 0, 0, 0);
}

char *report_text(void)
{
    return (char *)area;
}

_Noreturn void report_ended(enum program_end end, int status, size_t text_size)
{
    tell(PROGRAM_ENDED, end, (uint64_t)(uint32_t)status, text_size);
    (void)sys_kill_process(PROGRAM_SLOT_SELF, (uint64_t)(uint32_t)status);
    sys_exit((uint64_t)(uint32_t)status);
}

_Noreturn void host_fail(const char *what, const char *cause)
{
    enum { STATUS_FAILED = 125 };
    size_t size = area == NULL ? 0
                               : format_buffer(report_text(), PROGRAM_TEXT_MAX,
                                               "%s: %s", what, cause);

    report_ended(PROGRAM_FAILED, STATUS_FAILED, size);
}
