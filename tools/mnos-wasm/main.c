/**
 * main.c - mnos-wasm: MinimalOS's WebAssembly engine as a Linux command.
 *
 *   mnos-wasm run|check|spec|bench ...      see print_help() below
 */
#include "command.h"
#include <stdio.h>
#include <string.h>

#ifndef MN_VERSION
#define MN_VERSION "unversioned"
#endif

static void print_help(void)
{
    fputs(
        "mnos-wasm: runs, checks and tests WebAssembly modules\n"
        "\n"
        "  mnos-wasm run FILE [options] [-- ARGUMENTS]\n"
        "      Runs a WASI preview 1 command; ends with the program's exit status.\n"
        "      --dir HOST::GUEST[:ro]  gives the folder HOST to it as GUEST, :ro for\n"
        "                              reading only; HOST alone stands for HOST::HOST\n"
        "      --env K=V               sets an environment variable\n"
        "      --invoke NAME           calls the export NAME with ARGUMENTS as its numbers\n"
        "                              and prints its results\n"
        "      --fuel N                stops it after N units of work\n"
        "      --memory-max SIZE       most linear memory, for instance 64M\n"
        "      --stack-max SIZE        most Wasm stack (default 8M)\n"
        "      --timeout S             stops it after S seconds\n"
        "      Exit status: the program's; 134 a trap (with a Wasm backtrace), 124 a\n"
        "      timeout, 2 the module or the options were refused.\n"
        "\n"
        "  mnos-wasm check FILE        validates; lists imports, exports, proposals used\n"
        "\n"
        "  mnos-wasm spec FILE.json ... [--skip FILE] [--verbose]\n"
        "      Runs specification tests as converted by wast2json or by\n"
        "      wasm-tools json-from-wast; ends with `N passed, N failed, N skipped`.\n"
        "\n"
        "  mnos-wasm bench FILE [--repeat N] [--invoke NAME] [-- ARGUMENTS]\n"
        "      Times validation, instantiation and a run of the module.\n"
        "\n"
        "  mnos-wasm help | --version\n"
        "\n"
        "Options of all of them:\n"
        "  --features 1.0|2.0|flat-types|all\n"
        "                              what modules may use (default: all; flat-types: all\n"
        "                              but recursive types)\n"
        "  --explicit-bounds           check memory bounds in code, not by guard pages\n",
        stdout);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        int (*function)(int argc, char **argv);
    } commands[] = {{"run", command_run},
                    {"check", command_check},
                    {"spec", command_spec},
                    {"bench", command_bench}};

    if (argc < 2) {
        return refuse("say what to do: run, check, spec, bench or help");
    }
    if (strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0 ||
        strcmp(argv[1], "-h") == 0) {
        print_help();
        return STATUS_OK;
    }
    if (strcmp(argv[1], "--version") == 0) {
        printf("mnos-wasm %s\n", MN_VERSION);
        return STATUS_OK;
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(argv[1], commands[i].name) == 0) {
            return commands[i].function(argc - 2, argv + 2);
        }
    }
    return refuse("unknown command %s; try: mnos-wasm help", argv[1]);
}
