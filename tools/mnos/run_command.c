/**
 * run_command.c - see run_command.h.
 *
 * In this order: options and manifest, the module's check, the guardian, an initrd with the
 * program in it, QEMU, the verdict. Nothing is started for a program that is refused.
 */
#include "run_command.h"
#include "complain.h"
#include "files.h"
#include "guardian.h"
#include "initrd.h"
#include "link_host.h"
#include "machine.h"
#include "module.h"
#include "qemu.h"
#include "run_options.h"
#include "tool.h"
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/** RAM of the machine beside the program's own and twice its module; the host gives
 *  only what is touched. */
#define MACHINE_BYTES (UINT64_C(1) << 30)
/** How much longer than its program a machine may live: it boots, and ends it. */
#define MACHINE_GRACE_MS 10000u

/** The files of one run; the paths are owned. */
struct run {
    const struct run_options *options;
    const struct module *module;
    char *folder;
    char *kernel;
    char *base;   /**< the initrd without the program */
    char *initrd; /**< and with it */
    struct link_host *link;
    int link_qemu_end;
};

/** The system's manifest, with a driver and a file service for each directory. */
static bool make_system_manifest(const struct run *run, struct text *text)
{
    if (!initrd_read(run->base, "system.manifest", text)) {
        return false;
    }
    for (size_t i = 0; i < run->options->grants.directory_count; i++) {
        char *lines = text_of("service virtio_9p.%zu virtio_9p\n"
                              "optional\n"
                              "device 1af4:1049 %zu\n"
                              "service host_files.%zu host_files\n"
                              "memory 4M\n"
                              "files\n"
                              "optional\n"
                              "use virtio_9p.%zu\n",
                              i, i, i, i);

        text_add(text, lines);
        free(lines);
    }
    return true;
}

/** Writes the initrd that has the program, its manifest and the system's. */
static bool pack(const struct run *run)
{
    const struct text *manifest = &run->options->grants.manifest;
    struct text system = {0};
    bool packed = make_system_manifest(run, &system);

    if (packed) {
        const struct initrd_file files[] = {
            {"program.wasm", run->module->bytes, run->module->size},
            {"program.manifest", text_string(manifest), manifest->size},
            {"system.manifest", text_string(&system), system.size},
        };
        packed = initrd_write(run->base, files, sizeof(files) / sizeof(files[0]),
                              run->initrd);
    }
    text_release(&system);
    return packed;
}

/** The directory's real path, owned; NULL: it isn't there, of which the user is told. */
static char *directory_path(const struct grants_directory *directory)
{
    struct stat stat_of;
    char *path = realpath(directory->path, NULL);

    if (path != NULL && (stat(path, &stat_of) != 0 || !S_ISDIR(stat_of.st_mode))) {
        free(path);
        path = NULL;
        errno = ENOTDIR;
    }
    if (path == NULL) {
        complain_errno("the directory %s, as the program will see", directory->path);
    }
    return path;
}

/** A virtio-9p device for each directory of the host that is there. */
static void add_directories(const struct grants *grants, struct arguments *qemu)
{
    for (size_t i = 0; i < grants->directory_count; i++) {
        const struct grants_directory *directory = &grants->directories[i];
        char *path = directory_path(directory);

        if (path == NULL) {
            continue;
        }
        qemu_add_directory(qemu, path, i, directory->writable);
        free(path);
    }
}

static uint64_t machine_bytes(const struct run *run)
{
    const uint64_t page = 65536;
    uint64_t bytes = MACHINE_BYTES + 2 * run->module->size;

    if (__builtin_add_overflow(bytes, run->options->grants.memory_bytes, &bytes)) {
        bytes = UINT64_MAX;
    }
    return bytes / page * page;
}

static void make_command_line(const struct run *run, struct arguments *qemu)
{
    struct boot_options boot = {
        .memory_bytes = machine_bytes(run),
        .cpus = 1,
        .kernel = run->kernel,
        .initrd = run->initrd,
    };
    const struct qemu_media media = {.kernel_arguments = "debug_exit=0xf4 run=program"};

    qemu_command_line(&boot, &media, qemu);
    arguments_add_pair(qemu, "-device", "virtio-rng-pci");
    add_directories(&run->options->grants, qemu);
}

/** The last lines that the system said, for whoever looks into its failure. */
static void print_kept(const struct machine_result *result)
{
    if (result->kept_bytes > 0) {
        fprintf(stderr, "mnos: the last that the system said:\n");
        fwrite(result->kept, 1, result->kept_bytes, stderr);
        fputc('\n', stderr);
    }
}

/** Says why the machine ended, where it is not the program's doing, and what the
 *  command's exit status is. */
static int judge(const struct run *run, const struct machine_result *result)
{
    switch (result->end) {
    case MACHINE_PROGRAM_ENDED:
        return result->value;
    case MACHINE_SIGNALLED:
        return 128 + result->value;
    case MACHINE_TIMED_OUT:
        complain("time ran out: the machine did not end its program");
        return EXIT_TIMED_OUT;
    case MACHINE_NOT_STARTED:
        complain("QEMU ended without having run the machine to its end");
        return EXIT_SYSTEM_FAILED;
    default:
        break;
    }
    complain(
        "the system ended without the program's exit status (--verbose shows more)");
    backtrace_print(&result->backtrace, run->kernel);
    if (!run->options->verbose) {
        print_kept(result);
    }
    return EXIT_SYSTEM_FAILED;
}

static int run_machine(const struct run *run, struct machine_result *out_result)
{
    const struct grants *grants = &run->options->grants;
    const struct machine_config config = {
        .timeout_ms = grants->timeout_ns > 0
                          ? grants->timeout_ns / 1000000 + MACHINE_GRACE_MS
                          : 0,
        .serial = run->options->verbose ? MACHINE_SERIAL_ERROR : MACHINE_SERIAL_KEPT,
        .link = run->link,
        .link_qemu_end = run->link_qemu_end,
    };
    struct arguments qemu = {0};
    int status = EXIT_SYSTEM_FAILED;

    make_command_line(run, &qemu);
    if (run->options->verbose) {
        arguments_print(&qemu);
    }
    if (machine_run(&qemu, &config, out_result)) {
        status = judge(run, out_result);
    }
    arguments_release(&qemu);
    return status;
}

/** The part that the guardian watches over. */
static int run_in_folder(struct run *run, struct machine_result *out_result)
{
    int status = EXIT_SYSTEM_FAILED;

    run->initrd = text_of("%s/initrd.tar", run->folder);
    if (tool_is_installed(QEMU_PROGRAM) && pack(run)) {
        run->link = link_host_open(STDIN_FILENO, &run->link_qemu_end);
        if (run->link != NULL) {
            status = run_machine(run, out_result);
            link_host_close(run->link);
        }
    }
    free(run->initrd);
    return status;
}

static int run_program(const struct run_options *options, const struct module *module)
{
    struct machine_result *result = calloc(1, sizeof(*result));
    struct run run = {.options = options,
                      .module = module,
                      .folder = run_folder_create(),
                      .kernel = project_path("build/kernel.elf"),
                      .base = project_path("build/initrd.tar")};
    struct guardian guardian;
    int status = EXIT_SYSTEM_FAILED;

    if (result == NULL) {
        out_of_memory();
    }
    if (run.folder != NULL &&
        file_is_readable(run.kernel, "the kernel (`make build` makes it)") &&
        file_is_readable(run.base, "the initrd (`make build` makes it)")) {
        if (guardian_start(&guardian, run.folder)) {
            status = run_in_folder(&run, result);
            guardian_finish(&guardian);
        } else {
            run_folder_remove(run.folder);
        }
    }
    free(run.folder);
    free(run.kernel);
    free(run.base);
    free(result);
    return status;
}

int run_command(int argc, char **argv)
{
    struct run_options options;
    struct module module;
    int status = EXIT_USAGE;

    if (run_options_parse(argc, argv, &options) && module_open(options.path, &module)) {
        if (module_is_program(&module)) {
            status = run_program(&options, &module);
        }
        module_close(&module);
    }
    run_options_release(&options);
    return status;
}

void run_command_print_help(void)
{
    run_options_print_help();
}
