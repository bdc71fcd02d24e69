/**
 * qemu.c - see qemu.h.
 */
#include "qemu.h"
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

const char QEMU_PROGRAM[] = "qemu-system-x86_64";
const char UEFI_CODE[] = "/usr/share/OVMF/OVMF_CODE_4M.fd";
const char UEFI_VARIABLES[] = "/usr/share/OVMF/OVMF_VARS_4M.fd";

static const char *machine_name(enum boot_machine machine)
{
    switch (machine) {
    case BOOT_MACHINE_PC:
        return "pc";
    case BOOT_MACHINE_MICROVM:
        return "microvm";
    case BOOT_MACHINE_Q35:
        break;
    }
    return "q35";
}

/** Has this processor virtualisation, by the flags of /proc/cpuinfo? */
static bool host_has_virtualisation(void)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char *line = NULL;
    size_t size = 0;
    bool found = false;

    while (file != NULL && !found && getline(&line, &size, file) > 0) {
        found = strncmp(line, "flags", 5) == 0 &&
                (strstr(line, " vmx") != NULL || strstr(line, " svm") != NULL);
    }
    free(line);
    if (file != NULL) {
        fclose(file);
    }
    return found;
}

/** KVM where it works. A /dev/kvm on a processor without the flags takes a machine and
 *  then lets it hang, so both are asked. */
static const char *accelerator(void)
{
    int kvm = -1;

    if (host_has_virtualisation()) {
        kvm = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    }
    if (kvm < 0) {
        return "tcg";
    }
    close(kvm);
    return "kvm";
}

/** Appends @p option and "PREFIX<path>", the path with its commas doubled as QEMU reads
 *  lists of settings. */
static void add_path(struct arguments *qemu, const char *option, const char *prefix,
                     const char *path)
{
    char *escaped = calloc(2, strlen(path) + 1);
    char *out = escaped;

    for (; escaped != NULL && *path != '\0'; path++) {
        if (*path == ',') {
            *out++ = ',';
        }
        *out++ = *path;
    }
    arguments_add(qemu, "%s", option);
    arguments_add(qemu, "%s%s", prefix, escaped != NULL ? escaped : "");
    free(escaped);
}

static void add_boot_source(const struct boot_options *options,
                            const struct qemu_media *media, struct arguments *qemu)
{
    if (media->iso == NULL) {
        arguments_add_pair(qemu, "-kernel", options->kernel);
        arguments_add_pair(qemu, "-initrd", options->initrd);
        arguments_add_pair(qemu, "-append", media->kernel_arguments);
        return;
    }
    if (media->variables != NULL) {
        add_path(qemu, "-drive",
                 "if=pflash,unit=0,format=raw,readonly=on,file=", UEFI_CODE);
        add_path(qemu, "-drive", "if=pflash,unit=1,format=raw,file=", media->variables);
    }
    /* For the firmware's text mode and the framebuffer that boot loaders ask for. */
    arguments_add_pair(qemu, "-vga", "std");
    add_path(qemu, "-drive", "media=cdrom,format=raw,readonly=on,file=", media->iso);
    arguments_add_pair(qemu, "-boot", "d");
}

void qemu_command_line(const struct boot_options *options,
                       const struct qemu_media *media, struct arguments *out_qemu)
{
    arguments_add(out_qemu, "%s", QEMU_PROGRAM);
    arguments_add(out_qemu, "-nodefaults");
    arguments_add(out_qemu, "-no-user-config");
    arguments_add(out_qemu, "-no-reboot");
    arguments_add_pair(out_qemu, "-machine", machine_name(options->machine));
    arguments_add_pair(out_qemu, "-accel", accelerator());
    arguments_add_pair(out_qemu, "-cpu", "max");
    arguments_add(out_qemu, "-smp");
    arguments_add(out_qemu, "%" PRIu64, options->cpus);
    arguments_add(out_qemu, "-m");
    arguments_add(out_qemu, "%" PRIu64 "K", options->memory_bytes / 1024);
    arguments_add_pair(out_qemu, "-display", "none");
    arguments_add_pair(out_qemu, "-device", "isa-debug-exit,iobase=0xf4,iosize=0x04");
    add_boot_source(options, media, out_qemu);
    if (media->disk != NULL) {
        add_path(out_qemu, "-drive", "if=none,id=disk,format=raw,file=", media->disk);
        arguments_add_pair(out_qemu, "-device",
                           "virtio-blk-pci,drive=disk,disable-modern=on");
    }
}

void qemu_add_directory(struct arguments *qemu, const char *path, size_t index,
                        bool writable)
{
    char *prefix =
        text_of("local,id=dir%zu,security_model=none,multidevs=remap,%spath=", index,
                writable ? "" : "readonly=on,");

    add_path(qemu, "-fsdev", prefix, path);
    arguments_add(qemu, "-device");
    arguments_add(qemu, "virtio-9p-pci,fsdev=dir%zu,mount_tag=dir%zu", index, index);
    free(prefix);
}

void qemu_add_link(struct arguments *qemu, int socket)
{
    arguments_add(qemu, "-chardev");
    arguments_add(qemu, "socket,id=link,fd=%d", socket);
    arguments_add_pair(qemu, "-device", "virtio-serial-pci");
    arguments_add_pair(qemu, "-device", "virtserialport,chardev=link,name=mnos.link");
}
