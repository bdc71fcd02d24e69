/**
 * boot_options.c - see boot_options.h.
 */
#include "boot_options.h"
#include "arguments.h"
#include "complain.h"
#include "files.h"
#include "options.h"
#include <stdlib.h>
#include <string.h>

/** The kernel is loaded at 2 MiB and needs some more. */
#define MEMORY_MIN    (UINT64_C(3) << 20)
#define MEMORY_MAX    (UINT64_C(1) << 40)
#define CPUS_MAX      255
#define TIMEOUT_S_MAX 86400

static void replace_text(char **field, const char *value)
{
    free(*field);
    *field = text_of("%s", value);
}

static bool take_memory(void *target, const char *value)
{
    struct boot_options *options = target;

    if (!parse_size(value, MEMORY_MIN, MEMORY_MAX, &options->memory_bytes)) {
        complain("--memory %s: a size is a number and K, M or G, from 3M to 1024G",
                 value);
        return false;
    }
    return true;
}

static bool take_cpus(void *target, const char *value)
{
    struct boot_options *options = target;

    if (!parse_count(value, 1, CPUS_MAX, &options->cpus)) {
        complain("--cpus %s: a number from 1 to %d is wanted", value, CPUS_MAX);
        return false;
    }
    return true;
}

static bool take_machine(void *target, const char *value)
{
    struct boot_options *options = target;

    if (strcmp(value, "q35") == 0) {
        options->machine = BOOT_MACHINE_Q35;
    } else if (strcmp(value, "pc") == 0) {
        options->machine = BOOT_MACHINE_PC;
    } else if (strcmp(value, "microvm") == 0) {
        options->machine = BOOT_MACHINE_MICROVM;
    } else {
        complain("--machine %s: there are q35, pc and microvm", value);
        return false;
    }
    return true;
}

static bool take_firmware(void *target, const char *value)
{
    struct boot_options *options = target;

    if (strcmp(value, "none") == 0) {
        options->firmware = BOOT_FIRMWARE_NONE;
    } else if (strcmp(value, "bios") == 0) {
        options->firmware = BOOT_FIRMWARE_BIOS;
    } else if (strcmp(value, "uefi") == 0) {
        options->firmware = BOOT_FIRMWARE_UEFI;
    } else {
        complain("--firmware %s: there are none, bios and uefi", value);
        return false;
    }
    return true;
}

static bool take_disk(void *target, const char *value)
{
    struct boot_options *options = target;

    replace_text(&options->disk, value);
    return file_is_readable(value, "the disk image");
}

static bool take_no_disk(void *target, const char *value)
{
    struct boot_options *options = target;

    (void)value;
    options->no_disk = true;
    return true;
}

static bool take_kernel(void *target, const char *value)
{
    struct boot_options *options = target;

    replace_text(&options->kernel, value);
    return file_is_readable(value, "the kernel");
}

static bool take_initrd(void *target, const char *value)
{
    struct boot_options *options = target;

    replace_text(&options->initrd, value);
    return file_is_readable(value, "the initrd");
}

bool kernel_words_are_plain(const char *text)
{
    for (const char *c = text; *c != '\0'; c++) {
        if (*c < ' ' || *c > '~' || strchr("\"'\\$", *c) != NULL) {
            complain("--append: only printable ASCII, no quotes, no backslash, no $");
            return false;
        }
    }
    return true;
}

static bool take_append(void *target, const char *value)
{
    struct boot_options *options = target;

    replace_text(&options->append, value);
    return kernel_words_are_plain(value);
}

static bool take_timeout(void *target, const char *value)
{
    struct boot_options *options = target;

    if (!parse_count(value, 1, TIMEOUT_S_MAX, &options->timeout_s)) {
        complain("--timeout %s: whole seconds from 1 to %d are wanted", value,
                 TIMEOUT_S_MAX);
        return false;
    }
    return true;
}

static bool take_poweroff(void *target, const char *value)
{
    struct boot_options *options = target;

    (void)value;
    options->poweroff = true;
    return true;
}

static bool take_verbose(void *target, const char *value)
{
    struct boot_options *options = target;

    (void)value;
    options->verbose = true;
    return true;
}

static const struct option_row ROWS[] = {
    {"--memory", "SIZE", take_memory, "RAM of the machine, like 16M or 4G [128M]"},
    {"--cpus", "N", take_cpus, "processors [1]"},
    {"--machine", "TYPE", take_machine, "q35, pc or microvm [q35]"},
    {"--firmware", "KIND", take_firmware,
     "none (QEMU loads the kernel), bios or uefi (GRUB does) [none]"},
    {"--disk", "FILE", take_disk, "raw image behind virtio-blk [a fresh one of 1 MiB]"},
    {"--no-disk", NULL, take_no_disk, "no virtio-blk device"},
    {"--kernel", "FILE", take_kernel, "another kernel [build/kernel.elf]"},
    {"--initrd", "FILE", take_initrd, "another initrd [build/initrd.tar]"},
    {"--append", "TEXT", take_append, "more words for the kernel's command line"},
    {"--timeout", "SECONDS", take_timeout, "end the machine then, with status 124"},
    {"--poweroff", NULL, take_poweroff, "the machine ends after Init's phases"},
    {"--verbose", NULL, take_verbose, "print QEMU's command line first"},
};

static const struct option_table TABLE = {
    .rows = ROWS,
    .count = sizeof(ROWS) / sizeof(ROWS[0]),
};

void boot_options_print_help(void)
{
    options_print_help(&TABLE);
}

/** Refuses what does not go together. */
static bool options_agree(const struct boot_options *options)
{
    bool microvm = options->machine == BOOT_MACHINE_MICROVM;

    if (options->no_disk && options->disk != NULL) {
        complain("--disk and --no-disk exclude each other");
        return false;
    }
    if (microvm && options->firmware != BOOT_FIRMWARE_NONE) {
        complain("--machine microvm has no firmware that boots from an ISO");
        return false;
    }
    if (microvm && options->disk != NULL) {
        complain("--machine microvm has no PCI, so it takes no --disk");
        return false;
    }
    return true;
}

/** Is there room for the initrd, which QEMU puts at the end of memory whatever lies there,
 *  behind the kernel? */
static bool initrd_fits(const struct boot_options *options)
{
    uint64_t initrd = file_size(options->initrd);

    if (options->memory_bytes >= MEMORY_MIN &&
        options->memory_bytes - MEMORY_MIN >= initrd) {
        return true;
    }
    complain("--memory: the kernel and %s, of %llu KiB, need more: take %lluM or more",
             options->initrd, (unsigned long long)(initrd >> 10),
             (unsigned long long)((MEMORY_MIN + initrd + (1 << 20) - 1) >> 20));
    return false;
}

/** Puts the project's own file where the user named none. */
static bool default_file(char **field, const char *name, const char *what)
{
    if (*field != NULL) {
        return true;
    }
    *field = project_path(name);
    return file_is_readable(*field, what);
}

bool boot_options_parse(int argc, char **argv, struct boot_options *out_options)
{
    *out_options = (struct boot_options){
        .memory_bytes = UINT64_C(128) << 20,
        .cpus = 1,
    };
    return options_parse(&TABLE, out_options, argc, argv) &&
           options_agree(out_options) &&
           default_file(&out_options->kernel, "build/kernel.elf",
                        "the kernel (`make build` makes it)") &&
           default_file(&out_options->initrd, "build/initrd.tar",
                        "the initrd (`make build` makes it)") &&
           initrd_fits(out_options);
}

void boot_options_release(struct boot_options *options)
{
    free(options->disk);
    free(options->kernel);
    free(options->initrd);
    free(options->append);
}
