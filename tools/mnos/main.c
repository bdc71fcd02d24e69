/**
 * main.c - mnos, the command on the host: runs the system in QEMU and makes images of it.
 *
 * Usage: mnos run|boot|build|image|check|help [options], mnos --version. The exit statuses stand in
 * complain.h.
 */
#include "boot.h"
#include "boot_options.h"
#include "build_command.h"
#include "check_command.h"
#include "complain.h"
#include "image_command.h"
#include "run_command.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/** The project's version, which make/config.mk defines without quotes, as a text. */
#define TEXT_OF(macro)  TEXT_OF_(macro)
#define TEXT_OF_(words) #words

static void print_help(void)
{
    puts(
        "mnos runs WebAssembly programs in MinimalOS, in QEMU, and makes images of it.\n"
        "\n"
        "  ./mnos run FILE.wasm [OPTIONS] [-- ARGUMENTS]   run a WASI command, confined:\n"
        "                               it gets what the options say and nothing else");
    run_command_print_help();
    puts("\n"
         "  ./mnos boot [OPTIONS]        boot; COM1 of the machine is this terminal");
    boot_options_print_help();
    puts("\n  ./mnos image [OPTIONS] FILE  write a bootable ISO image");
    image_command_print_help();
    puts(
        "\n  ./mnos build FILE.wasm... -o IMAGE.iso  write a bootable image with programs");
    build_command_print_help();
    puts(
        "\n  ./mnos check FILE.wasm       what a program imports, which grants it may need\n"
        "\n  ./mnos help                  this text\n"
        "  ./mnos --version\n"
        "\n"
        "Exit status of boot: 0 the machine ended in order, 1 the kernel panicked or a\n"
        "phase of Init failed. Of run: the program's own, 134 it trapped (with a Wasm\n"
        "backtrace), 130 Ctrl-C, 125 the system failed. Of all: 2 an option or a file is\n"
        "wrong and nothing was started, 124 time or fuel ran out.");
}

/** Opens descriptors 0 to 2 where the caller closed them, so that nothing that is opened
 *  later is taken for one of them. */
static void fill_standard_descriptors(void)
{
    int file;

    do {
        file = open("/dev/null", O_RDWR);
    } while (file >= 0 && file <= STDERR_FILENO);
    if (file >= 0) {
        close(file);
    }
}

int main(int argc, char **argv)
{
    const char *command = argc > 1 ? argv[1] : "help";

    fill_standard_descriptors();
    if (strcmp(command, "boot") == 0) {
        return boot_command(argc - 2, argv + 2);
    }
    if (strcmp(command, "image") == 0) {
        return image_command(argc - 2, argv + 2);
    }
    if (strcmp(command, "run") == 0) {
        return run_command(argc - 2, argv + 2);
    }
    if (strcmp(command, "build") == 0) {
        return build_command(argc - 2, argv + 2);
    }
    if (strcmp(command, "check") == 0) {
        return check_command(argc - 2, argv + 2);
    }
    if (strcmp(command, "help") == 0 || strcmp(command, "--help") == 0) {
        print_help();
        return EXIT_IN_ORDER;
    }
    if (strcmp(command, "--version") == 0) {
        puts("mnos " TEXT_OF(MN_VERSION));
        return EXIT_IN_ORDER;
    }
    complain("unknown command %s (./mnos help lists them)", command);
    return EXIT_USAGE;
}
