/**
 * check_command.c - see check_command.h.
 */
#include "check_command.h"
#include "complain.h"
#include "module.h"
#include "options.h"
#include "wasi_grants.h"
#include <stdio.h>

struct check_options {
    const char *path; /**< borrowed from argv */
};

static bool take_file(void *target, const char *value)
{
    struct check_options *options = target;

    options->path = value;
    return true;
}

static const struct option_table TABLE = {
    .operand_max = 1,
    .take_operand = take_file,
};

void check_command_print_help(void)
{
    options_print_help(&TABLE);
}

/** What each grant is called: on its line, and as the command's option. */
static const struct {
    const char *serves;
    const char *line;
    const char *option;
} grant_texts[WASI_GRANTS] = {
    [WASI_GRANT_NONE] = {"without a grant", NULL, NULL},
    [WASI_GRANT_DIRECTORY] = {"in directories that it is given",
                              "dir host:FOLDER /FOLDER ro", "--dir FOLDER::/FOLDER:ro"},
    [WASI_GRANT_CLOCK] = {"with a clock", "clock real", "--clock=real"},
    [WASI_GRANT_RANDOM] = {"with random bytes", "random", "--random"},
    [WASI_GRANT_NETWORK] = {"by an error: there is no network", NULL, NULL},
};

static const struct wasi_function *function_of(const struct module *module,
                                               uint32_t index)
{
    struct wasm_import import = wasm_module_import(module->loaded, index);
    char type[256];

    wasm_module_type_print(module->loaded, import.kind, import.index, type,
                           sizeof(type));
    return wasi_grants_find(import.module, import.name, type);
}

/** Prints the imports that are served by one grant; returns how many there are. */
static unsigned print_imports(const struct module *module, enum wasi_grant grant)
{
    uint32_t count = wasm_module_import_count(module->loaded);
    unsigned printed = 0;

    for (uint32_t i = 0; i < count; i++) {
        const struct wasi_function *function = function_of(module, i);

        if (wasi_grants_needed(function) == grant) {
            printf(printed == 0 ? "  %s: " : ", ", grant_texts[grant].serves);
            printf("%s", function->name);
            printed++;
        }
    }
    if (printed > 0) {
        putchar('\n');
    }
    return printed;
}

/** Prints the lines of a manifest, or the options, that give the grants in @p needed. */
static void print_grants(unsigned needed, bool as_options)
{
    for (unsigned grant = 0; grant < WASI_GRANTS; grant++) {
        if ((needed >> grant & 1) != 0 && grant_texts[grant].line != NULL) {
            printf(as_options ? " %s" : "  %s\n",
                   as_options ? grant_texts[grant].option : grant_texts[grant].line);
        }
    }
}

static void print_report(const struct module *module)
{
    unsigned needed = 0;
    unsigned grantable = 0;

    printf("%s: a WASI command of %zu bytes, %u functions, %u imports, all served\n",
           module->path, module->size, wasm_module_function_count(module->loaded),
           wasm_module_import_count(module->loaded));
    for (unsigned grant = 0; grant < WASI_GRANTS; grant++) {
        if (print_imports(module, (enum wasi_grant)grant) > 0) {
            needed |= 1u << grant;
            grantable += grant_texts[grant].line != NULL;
        }
    }
    if (grantable == 0) {
        printf("It needs no grant: ./mnos run %s\n", module->path);
        return;
    }
    puts("It imports what these grants are for, and may run without them. A manifest:");
    print_grants(needed, false);
    printf("or ./mnos run %s", module->path);
    print_grants(needed, true);
    putchar('\n');
}

int check_command(int argc, char **argv)
{
    struct check_options options = {0};
    struct module module;
    int status = EXIT_USAGE;

    if (!options_parse(&TABLE, &options, argc, argv)) {
        return EXIT_USAGE;
    }
    if (options.path == NULL) {
        complain("check: which file? ./mnos check FILE.wasm");
        return EXIT_USAGE;
    }
    if (!module_open(options.path, &module)) {
        return EXIT_USAGE;
    }
    if (module_is_program(&module)) {
        print_report(&module);
        status = EXIT_IN_ORDER;
    }
    module_close(&module);
    return status;
}
