/**
 * programs.c - see programs.h.
 */
#include "init/programs.h"
#include "abi/rights.h"
#include "core/bytes.h"
#include "core/format.h"
#include "init/image.h"
#include "init/layout.h"
#include "init/program.h"
#include "init/program_console.h"
#include "init/services.h"
#include "mnos/cap.h"
#include "mnos/denial.h"
#include "mnos/heap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/program_image.h"
#include "mnos/signal.h"
#include "mnos/status.h"

enum {
    PROGRAMS_MAX = 256,
    STATUS_REFUSED = 2,
    STATUS_FAILED = 125,
    HOST_FILE_MAX = 100
};

static struct program programs[PROGRAMS_MAX];

/** The module that was started last, shared by all that run it. */
static struct {
    char name[PROGRAM_NAME_BYTES];
    struct image image;
} module;

/** wasm_host, which every program runs in. */
static struct mnos_program_image host_image;

static bool fail(struct program_plan *plan, const char *step, const char *cause)
{
    format_buffer(plan->problem, sizeof(plan->problem), "%s: %s", step, cause);
    return false;
}

static bool find_file(const struct init *init, const char *name, const char *suffix,
                      struct tar_file *out_file)
{
    char path[HOST_FILE_MAX];

    return format_buffer(path, sizeof(path), "%s%s", name, suffix) < sizeof(path) &&
           tar_find(init->initrd, init->boot_info->initrd_size, path, out_file) == NULL;
}

/** Sees to it that the module's image is there. */
static mn_status load_module(const char *name, const struct tar_file *file)
{
    if (module.image.bytes != 0 && strlen(name) == strlen(module.name) &&
        memcmp(name, module.name, strlen(name)) == 0) {
        return MN_OK;
    }
    image_release(&module.image);
    format_buffer(module.name, sizeof(module.name), "%s", name);
    return image_create(file->data, file->size, &module.image);
}

/** Maps the module read-only. */
static bool map_module(struct program_plan *plan, const char *name,
                       const struct tar_file *file)
{
    mn_status status = load_module(name, file);

    if (status == MN_OK) {
        status =
            image_map(&module.image, plan->instance->process.slot, plan->next_vaddr);
    }
    if (status != MN_OK) {
        return fail(plan, "mapping its module", mnos_status_text(status));
    }
    plan->block.start.module = plan->next_vaddr;
    plan->block.start.module_bytes = file->size;
    plan->next_vaddr += module.image.pages * MN_PAGE_SIZE;
    return true;
}

static uint64_t report_area(const struct program *program)
{
    return INIT_REPORT_AREA + (uint64_t)(program - programs) * PROGRAM_REPORT_BYTES;
}

/** The report area: its account's frames, mapped there and here. */
static bool map_report(struct program_plan *plan)
{
    const struct instance *instance = plan->instance;
    mn_status status = sys_alloc_memory(instance->account_slot, INIT_SLOT_SCRATCH, 1);

    if (status == MN_OK) {
        status = sys_map_memory(instance->process.slot, INIT_SLOT_SCRATCH,
                                plan->next_vaddr, MN_MAP_WRITABLE);
        if (status == MN_OK) {
            status = sys_map_memory(MN_INIT_SLOT_SELF, INIT_SLOT_SCRATCH,
                                    report_area(plan->program), MN_MAP_WRITABLE);
        }
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    if (status != MN_OK) {
        return fail(plan, "sharing memory with it", mnos_status_text(status));
    }
    plan->block.start.report = plan->next_vaddr;
    plan->next_vaddr += PROGRAM_REPORT_BYTES;
    return true;
}

/** The slots that every program is born with. */
static bool equip(struct program_plan *plan)
{
    const struct instance *instance = plan->instance;
    struct mnos_process_error error;
    mn_status status;

    if (!instance_give(instance, instance->process.slot, PROGRAM_SLOT_SELF,
                       MN_RIGHT_WRITE | MN_RIGHT_EXEC | MN_RIGHT_REVOKE, &error) ||
        !instance_give(instance, instance->account_slot, PROGRAM_SLOT_MEMORY,
                       MN_RIGHT_WRITE, &error)) {
        return fail(plan, error.step, error.cause);
    }
    status = sys_create_notification(instance->account_slot, INIT_SLOT_SCRATCH);
    if (status == MN_OK) {
        status = sys_delegate(instance->process.slot, INIT_SLOT_SCRATCH,
                              PROGRAM_SLOT_CONTROL, MN_RIGHT_READ | MN_RIGHT_WRITE);
        if (status == MN_OK) {
            plan->program->control_slot = instance_find_slot();
            status = sys_move_cap(0, INIT_SLOT_SCRATCH, plan->program->control_slot);
        }
    }
    return status == MN_OK ||
           fail(plan, "giving it its notification", mnos_status_text(status));
}

/** Writes the start block into frames of the program's; its address there, or 0. */
static uint64_t map_block(struct program_plan *plan)
{
    size_t size = start_block_size(&plan->block);
    uint64_t vaddr = plan->next_vaddr;
    unsigned order = 0;
    mn_status status;

    while (MN_PAGE_SIZE << order < size && order < MN_ORDER_MAX) {
        order++;
    }
    if (size == 0 || MN_PAGE_SIZE << order < size) {
        (void)fail(plan, "its arguments", "they are too long");
        return 0;
    }
    status = sys_alloc_memory(plan->instance->account_slot, INIT_SLOT_SCRATCH, order);
    if (status == MN_OK) {
        status = sys_map_memory(MN_INIT_SLOT_SELF, INIT_SLOT_SCRATCH, INIT_BLOCK_AREA,
                                MN_MAP_WRITABLE);
    }
    if (status == MN_OK) {
        start_block_write(&plan->block, (void *)INIT_BLOCK_AREA);
        (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_BLOCK_AREA, 1ull << order);
        status =
            sys_map_memory(plan->instance->process.slot, INIT_SLOT_SCRATCH, vaddr, 0);
    }
    (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    if (status != MN_OK) {
        (void)fail(plan, "mapping its start block", mnos_status_text(status));
        return 0;
    }
    return vaddr;
}

/** Sees to it that wasm_host is in memory: its code and constants once for all. */
static bool load_host(const struct tar_file *host, struct mnos_process_error *out_error)
{
    const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                       .self = MN_INIT_SLOT_SELF,
                                       .scratch_slot = INIT_SLOT_SCRATCH,
                                       .scratch_vaddr = INIT_SCRATCH_PAGE};
    const struct mnos_program_room room = {.first_slot = instance_find_slot(),
                                           .window = INIT_IMAGE_AREA};

    return host_image.elf != NULL ||
           mnos_program_image_create(&loader, &room, host->data, host->size,
                                     &host_image, out_error);
}

/** Loads wasm_host and starts it. */
static bool run(struct program_plan *plan)
{
    struct mnos_loader loader = instance_loader(plan->instance);
    struct mnos_process process = plan->instance->process;
    struct mnos_process_error error;
    struct tar_file host;
    uint64_t block;

    if (!find_file(plan->init, "wasm_host", "", &host)) {
        return fail(plan, "wasm_host", "it is not in the initrd");
    }
    block = map_block(plan);
    if (block == 0) {
        return false;
    }
    if (!load_host(&host, &error) ||
        !mnos_program_image_load(&loader, &process, &host_image, &error) ||
        !mnos_process_map_stack(&loader, &process, PROGRAM_STACK_TOP,
                                PROGRAM_STACK_PAGES, &error) ||
        !mnos_process_start(&process, block, &error)) {
        return fail(plan, error.step, error.cause);
    }
    return true;
}

/** Fills the process and starts it. */
static bool fill(struct program_plan *plan, const char *name,
                 const struct tar_file *manifest, const struct tar_file *file)
{
    return equip(plan) && map_module(plan, name, file) && map_report(plan) &&
           program_grant(plan, manifest) && run(plan);
}

static void close_sessions(struct program *program)
{
    for (uint32_t i = 0; i < program->session_count; i++) {
        file_session_close(&program->sessions[i]);
    }
    free(program->sessions);
    program->sessions = NULL;
    program->session_count = 0;
}

/** Forgets a program whose process is gone. */
static void release(struct program *program)
{
    close_sessions(program);
    (void)sys_unmap_memory(MN_INIT_SLOT_SELF, report_area(program),
                           PROGRAM_REPORT_BYTES / MN_PAGE_SIZE);
    if (program->control_slot != 0) {
        (void)sys_drop_cap(program->control_slot);
    }
    free(program->story);
    *program = (struct program){0};
}

/** Makes and fills the process; what was made is taken back when that fails. */
static bool start(struct program_plan *plan, const char *name,
                  const struct tar_file *manifest, const struct tar_file *file)
{
    const struct instance_request request = {
        .kind = INSTANCE_PROGRAM,
        .index = (uint32_t)(plan->program - programs),
        .memory_bytes = program_memory(plan->init, manifest, file->size),
        .life_slot = PROGRAM_SLOT_SUPERVISOR};
    struct mnos_process_error error;
    struct instance *instance = instance_create(&request, &error);
    bool started;

    if (instance == NULL) {
        return fail(plan, error.step, error.cause);
    }
    plan->instance = instance;
    start_block_init(&plan->block);
    started = fill(plan, name, manifest, file);
    start_block_release(&plan->block);
    if (!started) {
        close_sessions(plan->program);
        (void)instance_end(instance);
        return false;
    }
    plan->program->badge = instance->badge;
    return true;
}

static struct program *find_free(void)
{
    for (unsigned i = 0; i < PROGRAMS_MAX; i++) {
        if (programs[i].badge == 0) {
            programs[i] = (struct program){.client = i + 1};
            return &programs[i];
        }
    }
    return NULL;
}

/** Adds a line to what is told at the program's end. */
MN_PRINTF(2, 3) static void tell(struct program *program, const char *format, ...)
{
    va_list arguments;
    size_t room = PROGRAM_STORY_BYTES - program->story_bytes;
    size_t size;

    if (program->story == NULL) {
        program->story = malloc(PROGRAM_STORY_BYTES);
    }
    if (program->story == NULL) {
        return; /* what is told here stands in Init's log, too */
    }
    va_start(arguments, format);
    size =
        format_buffer_v(program->story + program->story_bytes, room, format, arguments);
    va_end(arguments);
    program->story_bytes += (uint32_t)(size < room ? size : room - 1);
}

bool programs_start(struct init *init, const char *name)
{
    struct program *program = find_free();
    struct program_plan plan = {.init = init,
                                .program = program,
                                .next_slot = PROGRAM_SLOT_FIRST_GRANT,
                                .next_vaddr = PROGRAM_MAPPINGS};
    struct tar_file manifest = {.data = (const uint8_t *)""};
    struct tar_file file;
    bool started;

    if (program == NULL) {
        return init_fail(init, "%s: there are as many programs as can be", name);
    }
    format_buffer(program->name, sizeof(program->name), "%s", name);
    (void)find_file(init, name, ".manifest", &manifest);
    started = find_file(init, name, ".wasm", &file)
                  ? start(&plan, name, &manifest, &file)
                  : fail(&plan, "its module", "it is not in the initrd");
    if (started) {
        return true;
    }
    init_say(init, "%s: not started: %s", program->name, plan.problem);
    tell(program, "mnos: %s: not started: %s\n", program->name, plan.problem);
    program_console_end(init, program, STATUS_FAILED);
    release(program);
    return false;
}

/** A denial: a line for Init's log, and one of the first for the program's. */
static void take_denial(struct init *init, struct program *program)
{
    struct program_denial denial;
    char line[PROGRAM_SUBJECT_MAX + 512];

    mnos_denial_copy(&denial, (const void *)report_area(program));
    mnos_denial_print(&denial, line, sizeof(line));
    init_say(init, "%s: denied: %s", program->name, line);
    program->denials++;
    if (program->denials <= PROGRAM_DENIALS_TOLD) {
        tell(program, "mnos: denied: %s\n", line);
    }
}

/** Its last report: the status, and a text. */
static void take_end(struct program *program, const struct mnos_message *message)
{
    char text[PROGRAM_TEXT_MAX + 1];
    uint64_t size =
        message->words[2] < PROGRAM_TEXT_MAX ? message->words[2] : PROGRAM_TEXT_MAX;

    memcpy(text, (const void *)report_area(program), size);
    text[size] = '\0';
    program->told_end = true;
    program->status = (uint32_t)message->words[1] & 0xff;
    if (size > 0) {
        tell(program, "mnos: %s: %s%s", program->name, text,
             text[size - 1] == '\n' ? "" : "\n");
    }
}

void programs_report(struct init *init, const struct instance *instance,
                     const struct mnos_message *message)
{
    struct program *program = &programs[instance->index];

    if (message->label == PROGRAM_DENIED) {
        take_denial(init, program);
    } else if (message->label == PROGRAM_ENDED && !program->told_end) {
        take_end(program, message);
    }
}

void programs_ended(struct init *init, struct instance *instance)
{
    struct program *program = &programs[instance->index];
    uint64_t exit_code;

    close_sessions(program);
    exit_code = instance_end(instance);
    if (!program->told_end) {
        program->status = STATUS_FAILED;
        tell(program,
             "mnos: %s: its process ended with %llu, which is a fault of the "
             "system's\n",
             program->name, (unsigned long long)exit_code);
    }
    if (program->denials > PROGRAM_DENIALS_TOLD) {
        tell(program, "mnos: denied: %u more\n",
             (unsigned)(program->denials - PROGRAM_DENIALS_TOLD));
    }
    program_console_end(init, program, program->status);
    release(program);
}
