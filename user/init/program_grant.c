/**
 * program_grant.c - from the lines of a manifest to capabilities; see program.h.
 *
 * Each line gives what it says and nothing else; without a line nothing is given but the
 * console.
 */
#include "abi/rights.h"
#include "core/format.h"
#include "core/manifest.h"
#include "init/layout.h"
#include "init/program.h"
#include "init/services.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/heap.h"
#include "mnos/process.h"
#include "mnos/status.h"
#include "protocols/console_service.h"

/** Memory of a program beside its linear memories: engine, code that was translated,
 *  tables, stack. */
#define PROGRAM_BASE_BYTES    UINT64_C(1572864)
#define PROGRAM_MODULE_FACTOR 8u
/** Of what Init has, the part of a program whose manifest sets no limit: 7 / 8. */
#define PROGRAM_SHARE_OF_FREE 8u

/** Hands each line of the manifest to @p take, until it returns false. False with the
 *  error, or what @p take wrote, in plan->problem. */
static bool for_each(struct program_plan *plan, const struct tar_file *file,
                     bool (*take)(struct program_plan *plan,
                                  const struct manifest_grant *grant))
{
    char *buffer = malloc(file->size + 1);
    struct manifest manifest;
    struct manifest_grant grant;
    enum manifest_status status;
    bool taken = true;

    if (buffer == NULL) {
        format_buffer(plan->problem, sizeof(plan->problem), "out of memory");
        return false;
    }
    manifest =
        manifest_open((const char *)file->data, file->size, buffer, file->size + 1);
    while (taken && (status = manifest_next(&manifest, &grant)) == MANIFEST_GRANT) {
        taken = take(plan, &grant);
    }
    if (taken && status == MANIFEST_ERROR) {
        size_t length =
            format_buffer(plan->problem, sizeof(plan->problem), "its manifest, ");
        manifest_error_print(&manifest, plan->problem + length,
                             sizeof(plan->problem) - length);
        taken = false;
    }
    free(buffer);
    return taken;
}

static bool take_memory(struct program_plan *plan, const struct manifest_grant *grant)
{
    if (grant->kind == MANIFEST_MEMORY) {
        plan->block.start.memory_bytes = grant->value;
    }
    return true;
}

uint64_t program_memory(const struct init *init, const struct tar_file *manifest,
                        uint64_t module_bytes)
{
    struct program_plan plan = {.init = init};
    struct mn_cap_info info;
    uint64_t bytes = PROGRAM_BASE_BYTES + PROGRAM_MODULE_FACTOR * module_bytes;

    if (sys_cap_info(MN_INIT_SLOT_MEMORY, &info) != MN_OK) {
        return 0;
    }
    info.a = (info.a - info.b) * MN_PAGE_SIZE; /* what is free */
    if (for_each(&plan, manifest, take_memory) && plan.block.start.memory_bytes != 0) {
        bytes += plan.block.start.memory_bytes;
        return bytes < info.a ? bytes : info.a;
    }
    return info.a - info.a / PROGRAM_SHARE_OF_FREE;
}

static bool fail(struct program_plan *plan, const char *what, const char *cause)
{
    format_buffer(plan->problem, sizeof(plan->problem), "%s: %s", what, cause);
    return false;
}

/** The next slot for a grant; 0 with the problem told: there are no more. */
static uint64_t next_slot(struct program_plan *plan)
{
    if (plan->next_slot > PROGRAM_SLOT_LAST_GRANT) {
        (void)fail(plan, "its manifest", "it has more grants than a program can have");
        return 0;
    }
    return plan->next_slot++;
}

/** Gives the badged endpoint of a service. 0 with the problem told. */
static uint64_t give_service(struct program_plan *plan, const char *service,
                             uint64_t badge)
{
    uint64_t endpoint = services_endpoint(service);
    uint64_t slot = next_slot(plan);
    struct mnos_process_error error;

    if (slot == 0) {
        return 0;
    }
    if (endpoint == 0) {
        (void)fail(plan, service, "this service does not run");
        return 0;
    }
    if (!instance_give_endpoint(plan->instance, endpoint, badge, slot, &error)) {
        (void)fail(plan, error.step, error.cause);
        return 0;
    }
    return slot;
}

/** Gives the streams from @p first on; those before are closed or (@p swallowed) empty. */
static bool give_console(struct program_plan *plan, enum manifest_console console)
{
    for (unsigned stream = CONSOLE_STDIN; stream <= CONSOLE_STDERR; stream++) {
        struct program_stream *out = &plan->block.start.streams[stream];
        bool given = console == MANIFEST_CONSOLE_ALL ||
                     (console == MANIFEST_CONSOLE_OUTPUT && stream != CONSOLE_STDIN);
        uint64_t slot;

        *out = (struct program_stream){0};
        if (!given) {
            out->flags = console == MANIFEST_CONSOLE_OUTPUT ? PROGRAM_STREAM_EMPTY : 0;
            continue;
        }
        slot =
            give_service(plan, "console", CONSOLE_BADGE(plan->program->client, stream));
        if (slot == 0) {
            return false;
        }
        out->slot = (uint32_t)slot;
        out->flags = plan->init->runs_program ? 0 : PROGRAM_STREAM_TERMINAL;
    }
    return true;
}

static bool give_clock(struct program_plan *plan, bool real)
{
    struct program_start *start = &plan->block.start;

    start->flags |= PROGRAM_CLOCK_MONOTONIC;
    if (!real) {
        return true;
    }
    start->wall_time_ns = services_wall_time_ns();
    if (start->wall_time_ns == 0) {
        return fail(plan, "clock real", "this machine does not know the time of day");
    }
    start->flags |= PROGRAM_CLOCK_REAL;
    return true;
}

/** A share of a processor, which lasts as long as the process that lives on it. */
static bool give_cpu(struct program_plan *plan, const struct manifest_grant *grant)
{
    uint64_t budget_ns = grant->period_ns / MANIFEST_CPU_PERCENT_MAX * grant->value;
    mn_status status = sys_create_budget(
        plan->instance->account_slot, INIT_SLOT_SCRATCH, budget_ns, grant->period_ns);

    if (status == MN_OK) {
        status = sys_set_budget(plan->instance->process.slot, INIT_SLOT_SCRATCH);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    return status == MN_OK || fail(plan, "cpu", mnos_status_text(status));
}

static bool give_random(struct program_plan *plan)
{
    uint64_t slot = give_service(plan, "random", 0);

    plan->block.start.random_slot = (uint32_t)slot;
    return slot != 0;
}

/** The file service that serves a source, and the path there. */
static void find_source(struct program_plan *plan, const struct manifest_grant *grant,
                        struct file_session_request *request, char *service,
                        size_t service_size)
{
    request->service = service;
    request->path = grant->source_name;
    switch (grant->source) {
    case MANIFEST_SOURCE_HOST:
        format_buffer(service, service_size, "host_files.%u",
                      (unsigned)plan->host_directory++);
        request->path = ""; /* the device serves that folder alone */
        break;
    case MANIFEST_SOURCE_RAM:
        format_buffer(service, service_size, "ramfs");
        request->flags |= FILE_ATTACH_CREATE;
        break;
    case MANIFEST_SOURCE_INITRD:
        format_buffer(service, service_size, "initrd_files");
        break;
    }
    while (*request->path == '/') {
        request->path++;
    }
}

/** Makes room for one more session. */
static bool reserve_session(struct program *program)
{
    struct file_session *sessions = realloc(
        program->sessions, (program->session_count + 1) * sizeof(program->sessions[0]));

    if (sessions != NULL) {
        program->sessions = sessions;
    }
    return sessions != NULL;
}

static bool give_directory(struct program_plan *plan,
                           const struct manifest_grant *grant)
{
    struct program *program = plan->program;
    struct file_session session;
    char service[sizeof(session.service)];
    char source[512];
    struct file_session_request request = {
        .flags = grant->writable ? 0 : FILE_ATTACH_READ_ONLY,
        .quota_bytes = grant->quota_bytes,
        .slot = next_slot(plan),
        .buffer_vaddr = plan->next_vaddr};
    struct program_directory directory = {
        .flags = grant->writable ? 0 : PROGRAM_DIRECTORY_READ_ONLY,
        .buffer = plan->next_vaddr,
        .buffer_bytes = FILE_SESSION_BUFFER_BYTES};
    static const char *const kinds[] = {[MANIFEST_SOURCE_HOST] = "host",
                                        [MANIFEST_SOURCE_RAM] = "ram",
                                        [MANIFEST_SOURCE_INITRD] = "initrd"};

    if (request.slot == 0) {
        return false;
    }
    format_buffer(source, sizeof(source), "%s:%s", kinds[grant->source],
                  grant->source_name);
    find_source(plan, grant, &request, service, sizeof(service));
    if (!reserve_session(program)) {
        return fail(plan, source, "out of memory");
    }
    if (file_session_open(plan->instance, &request, &session) == FILE_OK) {
        program->sessions[program->session_count++] = session;
        directory.slot = (uint32_t)request.slot;
        plan->next_vaddr += FILE_BUFFER_STRIDE;
    } else if (grant->source != MANIFEST_SOURCE_HOST) {
        return fail(plan, source, "there is no such directory");
    }
    directory.path = start_block_string(&plan->block, grant->path);
    directory.source = start_block_string(&plan->block, source);
    return start_block_directory(&plan->block, &directory) ||
           fail(plan, "its manifest",
                "it has more directories than a program can have");
}

static bool take_grant(struct program_plan *plan, const struct manifest_grant *grant)
{
    struct program_start *start = &plan->block.start;

    switch (grant->kind) {
    case MANIFEST_ARGUMENT:
        start_block_argument(&plan->block, grant->text);
        return true;
    case MANIFEST_ENVIRONMENT:
        start_block_variable(&plan->block, grant->text);
        return true;
    case MANIFEST_CLOCK:
        return give_clock(plan, grant->real);
    case MANIFEST_RANDOM:
        return give_random(plan);
    case MANIFEST_DIRECTORY:
        return give_directory(plan, grant);
    case MANIFEST_CPU:
        return give_cpu(plan, grant);
    case MANIFEST_MEMORY:
        start->memory_bytes = grant->value;
        return true;
    case MANIFEST_FUEL:
        start->fuel = grant->value;
        return true;
    case MANIFEST_TIMEOUT:
        start->deadline_ns = mnos_clock_ns() + grant->value;
        return true;
    case MANIFEST_NAME:
    case MANIFEST_CONSOLE:
    case MANIFEST_THREADS:
    case MANIFEST_KINDS:
        break;
    }
    return true;
}

/** What must be known before the rest: the program's name is its first argument. */
static bool take_name(struct program_plan *plan, const struct manifest_grant *grant)
{
    if (grant->kind == MANIFEST_NAME) {
        format_buffer(plan->program->name, sizeof(plan->program->name), "%s",
                      grant->text);
    }
    return true;
}

static bool take_console(struct program_plan *plan, const struct manifest_grant *grant)
{
    return grant->kind != MANIFEST_CONSOLE || give_console(plan, grant->console);
}

/** Is there a `console` line? */
static bool take_no_console(struct program_plan *plan,
                            const struct manifest_grant *grant)
{
    (void)plan;
    return grant->kind != MANIFEST_CONSOLE;
}

bool program_grant(struct program_plan *plan, const struct tar_file *manifest)
{
    bool by_line;

    if (!for_each(plan, manifest, take_name)) {
        return false;
    }
    start_block_argument(&plan->block, plan->program->name);
    plan->block.start.module_name =
        start_block_string(&plan->block, plan->program->name);
    by_line = !for_each(plan, manifest, take_no_console);
    return (by_line ? for_each(plan, manifest, take_console)
                    : give_console(plan, MANIFEST_CONSOLE_ALL)) &&
           for_each(plan, manifest, take_grant);
}
