/**
 * program.c - one program in a process of its own, as program.h of the protocols says; see guest_host.h.
 */
#include "core/bytes.h"
#include "core/format.h"
#include "guest_host/guest_host.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"
#include "mnos/program_image.h"
#include "mnos/signal.h"

#define SCRATCH_VADDR 0x73000000ul
#define BLOCK_VADDR   0x74000000ul /* in Init */
#define REPORT_VADDR  0x75000000ul
#define MODULE_VADDR  0x80000000ul

#define PROGRAM_MODULE    0x100000000ul
#define PROGRAM_BLOCK     0x180000000ul
#define PROGRAM_REPORT    0x181000000ul
#define PROGRAM_BUFFER(i) (0x190000000ul + (i)*0x1000000ul)

#define IMAGE_WINDOW 0x77000000ul

enum {
    FIRST_IMAGE_SLOT = 20,
    ACCOUNT_FRAMES = 16384,
    REPORT_ORDER = 1,
    FIRST_DIRECTORY_SLOT = 16
};

/** What of a program is to be taken back. */
struct program {
    struct mnos_process process;
    uint64_t account;
    uint64_t control;
    uint64_t block_frame;
    uint64_t report_frame;
    uint64_t module_frame;
    uint64_t module_pages;
    uint64_t badges[DIRECTORIES_MAX];
    size_t directory_count;
};

static unsigned order_of(size_t bytes)
{
    unsigned order = 0;

    while ((MN_PAGE_SIZE << order) < bytes) {
        order++;
    }
    return order;
}

/** A block of frames, mapped in Init; gives its slot. */
static uint64_t make_frames(unsigned order, uint64_t vaddr)
{
    uint64_t slot = take_slot();

    require(
        sys_alloc_memory(MN_INIT_SLOT_MEMORY, slot, order) == MN_OK &&
            sys_map_memory(MN_INIT_SLOT_SELF, slot, vaddr, MN_MAP_WRITABLE) == MN_OK,
        "frames for a program");
    return slot;
}

static void share(const struct program *program, uint64_t frame, uint64_t vaddr,
                  uint64_t flags)
{
    require(sys_map_memory(program->process.slot, frame, vaddr, flags) == MN_OK,
            "mapping into a program");
}

/** wasm_host, whose code all programs share. */
static const struct mnos_program_image *host_image(void)
{
    static struct mnos_program_image image;
    const struct mnos_program_room room = {.first_slot = FIRST_IMAGE_SLOT,
                                           .window = IMAGE_WINDOW};
    const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                       .self = MN_INIT_SLOT_SELF};
    struct mnos_process_error error = {"", ""};
    size_t size;

    if (image.block_count == 0) {
        const uint8_t *elf = initrd_file("wasm_host", &size);
        require(elf != NULL && mnos_program_image_create(&loader, &room, elf, size,
                                                         &image, &error),
                error.cause);
    }
    return &image;
}

static void make_process(const struct run *run, struct program *program)
{
    struct mnos_loader loader = {.self = MN_INIT_SLOT_SELF,
                                 .scratch_slot = take_slot(),
                                 .scratch_vaddr = SCRATCH_VADDR};
    struct mnos_process_error error = {"", ""};
    const struct mnos_program_image *image = host_image();

    program->account = take_slot();
    loader.account = program->account;
    require(sys_create_account(MN_INIT_SLOT_MEMORY, program->account,
                               run->account_frames != 0 ? run->account_frames
                                                        : ACCOUNT_FRAMES) == MN_OK,
            "a program's account");
    require(mnos_process_create(&loader, &program->process, &error) &&
                mnos_program_image_load(&loader, &program->process, image, &error) &&
                mnos_process_map_stack(&loader, &program->process, PROGRAM_STACK_TOP,
                                       PROGRAM_STACK_PAGES, &error),
            error.step);
    drop(loader.scratch_slot);
}

static void give(const struct program *program, uint64_t source, uint64_t target,
                 uint64_t rights)
{
    require(sys_delegate(program->process.slot, source, target, rights) == MN_OK,
            "a capability for a program");
}

/** Appends a string; gives its offset. */
static uint32_t put_string(struct program_start *start, const char *text)
{
    uint32_t offset = (uint32_t)start->size;

    memcpy((uint8_t *)start + offset, text, strlen(text) + 1);
    start->size += strlen(text) + 1;
    return offset;
}

static void align(struct program_start *start)
{
    start->size = (start->size + 7) & ~7ull;
}

static void put_arguments(struct program_start *start, const struct run *run)
{
    uint32_t offsets[ARGUMENTS_MAX + 1] = {put_string(start, run->module)};
    uint32_t count = 1;

    for (size_t i = 0; i < ARGUMENTS_MAX && run->arguments[i] != NULL; i++) {
        offsets[count++] = put_string(start, run->arguments[i]);
    }
    uint32_t variable = put_string(start, "NAME=a value");
    start->module_name = offsets[0];
    align(start);
    start->arguments = (uint32_t)start->size;
    start->argument_count = count;
    memcpy((uint8_t *)start + start->size, offsets, sizeof(offsets));
    start->size += sizeof(offsets);
    start->environment = (uint32_t)start->size;
    start->environment_count = 1;
    memcpy((uint8_t *)start + start->size, &variable, sizeof(variable));
    start->size += sizeof(variable);
}

static void put_directories(struct program_start *start, const struct run *run,
                            struct program *program)
{
    struct program_directory directories[DIRECTORIES_MAX];
    uint32_t count = 0;

    for (; count < DIRECTORIES_MAX && run->directories[count].path != NULL; count++) {
        const struct grant *grant = &run->directories[count];
        uint64_t slot = take_slot();

        program->badges[count] =
            session_open(grant, program->process.slot, PROGRAM_BUFFER(count), slot);
        give(program, slot, FIRST_DIRECTORY_SLOT + count, MN_RIGHT_WRITE);
        drop(slot);
        directories[count] = (struct program_directory){
            .slot = FIRST_DIRECTORY_SLOT + count,
            .flags = grant->is_read_only ? PROGRAM_DIRECTORY_READ_ONLY : 0,
            .buffer = PROGRAM_BUFFER(count),
            .buffer_bytes = SESSION_BUFFER_BYTES,
            .path = put_string(start, grant->path),
            .source = put_string(start, grant->volume_path)};
    }
    align(start);
    start->directories = (uint32_t)start->size;
    start->directory_count = count;
    program->directory_count = count;
    memcpy((uint8_t *)start + start->size, directories, count * sizeof(*directories));
    start->size += count * sizeof(*directories);
}

static void put_streams(struct program_start *start, const struct run *run,
                        const struct program *program)
{
    for (uint32_t i = 0; i < 3 && !run->no_console; i++) {
        uint32_t slot = PROGRAM_SLOT_FIRST_GRANT + i;
        serve_grant(program->process.slot, slot, (enum serve_badge)(SERVE_STDIN + i));
        start->streams[i].slot = slot;
    }
}

static void make_block(const struct run *run, struct program *program, size_t size)
{
    struct program_start *start = (struct program_start *)BLOCK_VADDR;

    *start = (struct program_start){
        .magic = PROGRAM_START_MAGIC,
        .size = sizeof(*start),
        .module = PROGRAM_MODULE,
        .module_bytes = size,
        .report = PROGRAM_REPORT,
        .flags = run->flags,
        .memory_bytes = run->memory_bytes,
        .fuel = run->fuel != 0 ? run->fuel : UINT64_MAX,
        .deadline_ns = run->timeout_ns != 0 ? mnos_clock_ns() + run->timeout_ns : 0,
        .wall_time_ns = 1000000000000000000u};
    if (run->random) {
        start->random_slot = PROGRAM_SLOT_FIRST_GRANT + 3;
        serve_grant(program->process.slot, start->random_slot, SERVE_RANDOM);
    }
    put_arguments(start, run);
    put_directories(start, run, program);
    put_streams(start, run, program);
}

/** The frames of the module are mapped in the program, not copied for it. */
static void make_module(const struct run *run, struct program *program,
                        size_t *out_size)
{
    char name[64];
    const uint8_t *module;

    format_buffer(name, sizeof(name), "%s.wasm", run->module);
    module = initrd_file(name, out_size);
    require(module != NULL, name);
    program->module_frame = make_frames(order_of(*out_size), MODULE_VADDR);
    memcpy((void *)MODULE_VADDR, module, *out_size);
    program->module_pages = 1ull << order_of(*out_size);
    share(program, program->module_frame, PROGRAM_MODULE, 0);
}

static void take_back(struct program *program)
{
    for (size_t i = 0; i < program->directory_count; i++) {
        session_close(program->badges[i]);
    }
    drop(program->process.slot);
    require(sys_close_account(program->account) == MN_OK, "closing an account");
    drop(program->account);
    drop(program->control);
    (void)!sys_unmap_memory(MN_INIT_SLOT_SELF, BLOCK_VADDR, 1);
    (void)!sys_unmap_memory(MN_INIT_SLOT_SELF, REPORT_VADDR, 1u << REPORT_ORDER);
    (void)!sys_unmap_memory(MN_INIT_SLOT_SELF, MODULE_VADDR, program->module_pages);
    drop(program->block_frame);
    drop(program->report_frame);
    drop(program->module_frame);
}

void program_run(const struct run *run, struct outcome *out)
{
    struct program program = {.directory_count = 0};
    struct mnos_process_error error;
    size_t size;

    *out = (struct outcome){.status = -1};
    make_process(run, &program);
    make_module(run, &program, &size);
    program.block_frame = make_frames(0, BLOCK_VADDR);
    share(&program, program.block_frame, PROGRAM_BLOCK, 0);
    program.report_frame = make_frames(REPORT_ORDER, REPORT_VADDR);
    share(&program, program.report_frame, PROGRAM_REPORT, MN_MAP_WRITABLE);
    program.control = take_slot();
    require(sys_create_notification(MN_INIT_SLOT_MEMORY, program.control) == MN_OK,
            "a notification");
    give(&program, program.process.slot, PROGRAM_SLOT_SELF,
         MN_RIGHT_WRITE | MN_RIGHT_EXEC | MN_RIGHT_REVOKE);
    give(&program, program.account, PROGRAM_SLOT_MEMORY, MN_RIGHT_WRITE);
    give(&program, program.control, PROGRAM_SLOT_CONTROL,
         MN_RIGHT_READ | MN_RIGHT_WRITE);
    serve_grant(program.process.slot, PROGRAM_SLOT_SUPERVISOR, SERVE_REPORT);
    make_block(run, &program, size);
    require(mnos_process_start(&program.process, PROGRAM_BLOCK, &error), "its thread");
    serve(run, (const uint8_t *)REPORT_VADDR,
          (struct watched){program.control, program.account}, out);
    require(sys_wait_process(program.process.slot, &out->exit_code) == MN_OK,
            "the end of a process");
    take_back(&program);
}
