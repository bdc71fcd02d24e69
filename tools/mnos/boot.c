/**
 * boot.c - see boot.h.
 *
 * In this order: options, the guardian, the run's files, QEMU, the verdict. Whatever
 * fails, the guardian puts the host back as it was.
 */
#include "boot.h"
#include "backtrace.h"
#include "boot_options.h"
#include "complain.h"
#include "files.h"
#include "guardian.h"
#include "image.h"
#include "machine.h"
#include "qemu.h"
#include "terminal.h"
#include "tool.h"
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#define FRESH_DISK_BYTES (UINT64_C(1) << 20)

/** The kernel's command line: `poweroff` has Init end the machine after its phases,
 *  `debug_exit` says at which I/O port a failing status can be written. Owned. */
static char *kernel_arguments(const struct boot_options *options)
{
    return text_of("debug_exit=0xf4%s%s%s", options->poweroff ? " poweroff" : "",
                   options->append != NULL ? " " : "",
                   options->append != NULL ? options->append : "");
}

/** The paths in @p media, owned, made by this run in its folder @p folder. */
struct run_files {
    char *kernel_arguments;
    char *disk;
    char *iso;
    char *variables;
};

static bool make_disk(const struct boot_options *options, const char *folder,
                      struct run_files *files)
{
    if (options->disk != NULL || options->no_disk ||
        options->machine == BOOT_MACHINE_MICROVM) {
        return true;
    }
    files->disk = text_of("%s/disk.img", folder);
    return file_create_sparse(files->disk, FRESH_DISK_BYTES);
}

static bool make_firmware_files(const struct boot_options *options, const char *folder,
                                struct run_files *files)
{
    struct image_request request = {
        .kernel = options->kernel,
        .initrd = options->initrd,
        .kernel_arguments = files->kernel_arguments,
    };

    if (options->firmware == BOOT_FIRMWARE_NONE) {
        return true;
    }
    files->iso = text_of("%s/mnos.iso", folder);
    request.output = files->iso;
    if (!image_write(&request, folder)) {
        return false;
    }
    if (options->firmware == BOOT_FIRMWARE_BIOS) {
        return true;
    }
    files->variables = text_of("%s/variables.fd", folder);
    return file_is_readable(UEFI_CODE, "the UEFI firmware (sh make/setup.sh run)") &&
           file_copy(UEFI_VARIABLES, files->variables);
}

static void run_files_release(struct run_files *files)
{
    free(files->kernel_arguments);
    free(files->disk);
    free(files->iso);
    free(files->variables);
}

/** Says why the machine ended, and what the command's exit status is for that. */
static int judge(const struct boot_options *options,
                 const struct machine_result *result)
{
    backtrace_print(&result->backtrace, options->kernel);
    switch (result->end) {
    case MACHINE_POWERED_OFF:
    case MACHINE_LEFT:
        return EXIT_IN_ORDER;
    case MACHINE_FAILED:
        complain(result->backtrace.panicked ? "the kernel panicked"
                                            : "a phase of Init failed");
        return EXIT_PANIC;
    case MACHINE_RESET:
        complain("the machine reset itself: a triple fault, most likely");
        return EXIT_PANIC;
    case MACHINE_TIMED_OUT:
        complain("time ran out after %u s", (unsigned)options->timeout_s);
        return EXIT_TIMED_OUT;
    case MACHINE_SIGNALLED:
        return 128 + result->value;
    case MACHINE_NOT_STARTED:
    case MACHINE_PROGRAM_ENDED:
    case MACHINE_LINK_BROKEN:
        break;
    }
    complain("QEMU ended without having run the machine to its end");
    return EXIT_USAGE;
}

/** Runs the machine on the files that stand ready. Returns its exit status. */
static int run_machine(const struct boot_options *options,
                       const struct run_files *files, struct machine_result *out_result)
{
    const struct qemu_media media = {
        .kernel_arguments = files->kernel_arguments,
        .iso = files->iso,
        .variables = files->variables,
        .disk = options->disk != NULL ? options->disk : files->disk,
    };
    struct arguments qemu = {0};
    bool interactive = terminal_is_there();
    const struct machine_config config = {.timeout_ms = options->timeout_s * 1000,
                                          .interactive = interactive};
    int status = EXIT_USAGE;

    qemu_command_line(options, &media, &qemu);
    if (options->verbose) {
        arguments_print(&qemu);
    }
    if (interactive) {
        printf("mnos: Ctrl-A X leaves\n");
        fflush(stdout);
    }
    if ((!interactive || terminal_make_raw()) &&
        machine_run(&qemu, &config, out_result)) {
        status = judge(options, out_result);
    }
    arguments_release(&qemu);
    return status;
}

/** The part that the guardian watches over. */
static int boot_in_folder(const struct boot_options *options, const char *folder,
                          struct machine_result *out_result)
{
    struct run_files files = {.kernel_arguments = kernel_arguments(options)};
    int status = EXIT_USAGE;

    if (tool_is_installed(QEMU_PROGRAM) && make_disk(options, folder, &files) &&
        make_firmware_files(options, folder, &files)) {
        status = run_machine(options, &files, out_result);
    }
    run_files_release(&files);
    return status;
}

static int boot(const struct boot_options *options)
{
    struct machine_result result = {0};
    struct guardian guardian;
    char *folder = run_folder_create();
    int status = EXIT_USAGE;

    if (folder == NULL) {
        return status;
    }
    if (guardian_start(&guardian, folder)) {
        status = boot_in_folder(options, folder, &result);
        guardian_finish(&guardian);
    } else {
        run_folder_remove(folder);
    }
    free(folder);
    if (result.end == MACHINE_SIGNALLED) {
        signal(result.value, SIG_DFL);
        raise(result.value);
    }
    return status;
}

int boot_command(int argc, char **argv)
{
    struct boot_options options;
    int status = EXIT_USAGE;

    if (boot_options_parse(argc, argv, &options)) {
        status = boot(&options);
    }
    boot_options_release(&options);
    return status;
}
