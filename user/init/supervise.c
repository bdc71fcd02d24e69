/**
 * supervise.c - what Init does once its phases are over.
 *
 * A thread of its own prints the kernel's log, line by line, as it grows; the first thread
 * is the supervisor's (supervisor.h). Where the initrd has no system.manifest it reads what is typed
 * and says what it read. Without serial_drv nothing can be read, and the first thread prints
 * the log.
 */
#include "init/init.h"
#include "init/layout.h"
#include "init/supervisor.h"
#include "mnos/machine.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"
#include "mnos/thread.h"

enum { LOG_LINE_BYTES = 200, LOG_PIECE_BYTES = 512, TYPED_LINE_BYTES = 257 };

/** How far the kernel's log is printed. One thread at a time uses it. */
static struct {
    uint64_t offset; /**< of the next byte to be read */
    char line[LOG_LINE_BYTES];
    size_t length;
} kernel_log;

static void print_log_line(struct mnos_console *console)
{
    mn_status status;

    do {
        status = mnos_console_printf(console, "%.*s\n", (int)kernel_log.length,
                                     kernel_log.line);
    } while (init_console_recover(console, status));
    kernel_log.length = 0;
}

/** Prints the lines that a piece of the log completes; long ones are cut in two. */
static void print_log_piece(struct mnos_console *console, const char *bytes,
                            const struct mnos_log_piece *piece)
{
    if (piece->offset > kernel_log.offset) {
        (void)mnos_console_printf(
            console, "[init] kernel log: %llu bytes were overwritten\n",
            (unsigned long long)(piece->offset - kernel_log.offset));
        kernel_log.length = 0;
    }
    for (uint64_t i = 0; i < piece->size; i++) {
        if (bytes[i] != '\n') {
            kernel_log.line[kernel_log.length++] = bytes[i];
        }
        if (bytes[i] == '\n' || kernel_log.length == LOG_LINE_BYTES) {
            print_log_line(console);
        }
    }
    kernel_log.offset = piece->offset + piece->size;
}

/** Prints the log until READ_LOG with @p flags gives nothing more, or an error. */
static mn_status print_log(struct mnos_console *console, uint64_t flags)
{
    char bytes[LOG_PIECE_BYTES];
    struct mnos_log_piece piece;
    mn_status status;

    do {
        status = sys_read_log(MN_INIT_SLOT_MACHINE, bytes, sizeof(bytes),
                              kernel_log.offset, flags, &piece);
        if (status == MN_OK) {
            print_log_piece(console, bytes, &piece);
        }
    } while (status == MN_OK && piece.size > 0);
    return status;
}

void supervise_skip_log(void)
{
    char bytes[LOG_PIECE_BYTES];
    struct mnos_log_piece piece;

    while (sys_read_log(MN_INIT_SLOT_MACHINE, bytes, sizeof(bytes), kernel_log.offset,
                        0, &piece) == MN_OK &&
           piece.size > 0) {
        kernel_log.offset = piece.offset + piece.size;
    }
}

void supervise_print_log(struct init *init)
{
    (void)print_log(&init->console, 0);
    if (kernel_log.length > 0) {
        print_log_line(&init->console);
    }
}

static void log_thread(void *argument)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_DRIVER,
                                   .requests = INIT_SLOT_LOG_CONSOLE};

    (void)argument;
    (void)print_log(&console, MN_READ_LOG_WAIT);
}

/** Starts the log thread on a stack with a guard page under it. */
static mn_status start_log_thread(void)
{
    const struct mnos_memory_source source = {.account = MN_INIT_SLOT_MEMORY,
                                              .process = MN_INIT_SLOT_SELF,
                                              .scratch_slot = INIT_SLOT_SCRATCH};
    const struct mnos_thread thread = {
        .function = log_thread,
        .stack = (void *)INIT_LOG_STACK,
        .stack_size = INIT_LOG_STACK_PAGES * MN_PAGE_SIZE};
    mn_status status =
        mnos_memory_map(&source, INIT_LOG_STACK, INIT_LOG_STACK_PAGES, MN_MAP_WRITABLE);

    if (status != MN_OK) {
        return status;
    }
    status = mnos_thread_start(MN_INIT_SLOT_SELF, &thread);
    return mn_is_error(status) ? status : MN_OK;
}

/** Says what is typed, line by line, until the console is gone. */
static void read_lines(struct init *init)
{
    char line[TYPED_LINE_BYTES];

    while (mnos_console_read_line(&init->console, line, sizeof(line)) == MN_OK) {
        init_say(init, "read: %s", line);
    }
}

_Noreturn void supervise(struct init *init)
{
    mn_status started = MN_ERROR_INVALID_SLOT;

    if (init->console.way == MNOS_CONSOLE_DRIVER) {
        started = start_log_thread();
        if (started != MN_OK) {
            (void)init_fail(init, "log thread: %s", mnos_status_text(started));
        }
        if (supervisor_open(init)) {
            supervisor_serve(init);
        } else {
            read_lines(init);
        }
    }
    if (started != MN_OK) {
        (void)print_log(&init->console, MN_READ_LOG_WAIT);
    }
    sys_exit(0);
}
