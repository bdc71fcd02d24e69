/**
 * run_options.c - see run_options.h.
 *
 * Each option is a line of the manifest; docs/manifest.md says what the lines mean.
 */
#include "run_options.h"
#include "arguments.h"
#include "complain.h"
#include "options.h"
#include <stdlib.h>
#include <string.h>

static bool take_file(void *target, const char *value)
{
    struct run_options *options = target;

    options->path = value;
    return true;
}

static bool take_manifest(void *target, const char *value)
{
    struct run_options *options = target;

    if (options->manifest != NULL) {
        complain("--manifest stands twice");
        return false;
    }
    options->manifest = value;
    return grants_add_file(&options->grants, value);
}

/** Adds the line of @p text, which it releases. */
static bool add_line(struct run_options *options, const char *option, const char *value,
                     struct text *text)
{
    bool good = grants_add_line(&options->grants, option, value, text_string(text));

    text_release(text);
    return good;
}

/** Adds the line "WORD VALUE". */
static bool add_word(void *target, const char *option, const char *word,
                     const char *value)
{
    struct text text = {0};

    text_add(&text, word);
    text_add_word(&text, value);
    return add_line(target, option, value, &text);
}

/** HOST::GUEST[:ro]; HOST alone stands for HOST::HOST. */
static bool take_directory(void *target, const char *value)
{
    static const char read_only[] = ":ro";
    const char *colons = strstr(value, "::");
    size_t size = strlen(value);
    bool is_read_only = size >= sizeof(read_only) &&
                        strcmp(value + size - (sizeof(read_only) - 1), read_only) == 0;
    int end = (int)(is_read_only ? size - (sizeof(read_only) - 1) : size);
    int host = colons != NULL ? (int)(colons - value) : end;
    int guest = colons != NULL ? host + 2 : 0;
    char *source = text_of("host:%.*s", host, value);
    char *path = text_of("%.*s", end > guest ? end - guest : 0, value + guest);
    struct text text = {0};

    text_add(&text, "dir");
    text_add_word(&text, source);
    text_add_word(&text, path);
    text_add(&text, is_read_only ? " ro" : " rw");
    free(source);
    free(path);
    return add_line(target, "--dir", value, &text);
}

static bool take_environment(void *target, const char *value)
{
    return add_word(target, "--env", "env", value);
}

static bool take_memory(void *target, const char *value)
{
    return add_word(target, "--memory", "memory", value);
}

static bool take_cpu(void *target, const char *value)
{
    return add_word(target, "--cpu", "cpu", value);
}

static bool take_fuel(void *target, const char *value)
{
    return add_word(target, "--fuel", "fuel", value);
}

static bool take_timeout(void *target, const char *value)
{
    return add_word(target, "--timeout", "timeout", value);
}

static bool take_random(void *target, const char *value)
{
    struct run_options *options = target;

    (void)value;
    return grants_add_line(&options->grants, "--random", NULL, "random");
}

static bool take_clock(void *target, const char *value)
{
    struct run_options *options = target;

    if (value != NULL) {
        return add_word(target, "--clock", "clock", value);
    }
    return grants_add_line(&options->grants, "--clock", NULL, "clock");
}

static bool take_allow(void *target, const char *value)
{
    struct run_options *options = target;

    if (strchr(value, '\n') != NULL) {
        complain("--allow takes one line of a manifest at a time");
        return false;
    }
    return grants_add_line(&options->grants, "--allow", value, value);
}

static bool take_verbose(void *target, const char *value)
{
    struct run_options *options = target;

    (void)value;
    options->verbose = true;
    return true;
}

static const struct option_row ROWS[] = {
    {"--dir", "HOST::GUEST[:ro]", take_directory,
     "gives it the folder HOST as GUEST, :ro to read only"},
    {"--env", "K=V", take_environment, "sets an environment variable"},
    {"--memory", "SIZE", take_memory, "its most linear memory, like 64M"},
    {"--cpu", "PERCENT", take_cpu, "its share of a processor"},
    {"--fuel", "N", take_fuel, "ends it after N units of work, with status 124"},
    {"--timeout", "SECONDS", take_timeout, "ends it then, with status 124"},
    {"--random", NULL, take_random, "gives it random bytes"},
    {"--clock", "[=real]", take_clock, "gives it a clock; real: the time of day too"},
    {"--allow", "'LINE'", take_allow, "gives it what this line of a manifest says"},
    {"--manifest", "FILE", take_manifest, "gives it what the manifest FILE says"},
    {"--verbose", NULL, take_verbose, "the system's messages, on standard error"},
};

static const struct option_table TABLE = {
    .rows = ROWS,
    .count = sizeof(ROWS) / sizeof(ROWS[0]),
    .operand_max = 1,
    .take_operand = take_file,
};

void run_options_print_help(void)
{
    options_print_help(&TABLE);
}

/** How many words of @p argv stand before `--`. */
static int words_before_arguments(int argc, char **argv)
{
    int count = 0;

    while (count < argc && strcmp(argv[count], "--") != 0) {
        count++;
    }
    return count;
}

bool run_options_parse(int argc, char **argv, struct run_options *out_options)
{
    int count = words_before_arguments(argc, argv);
    const char *slash;

    *out_options = (struct run_options){0};
    if (!options_parse(&TABLE, out_options, count, argv)) {
        return false;
    }
    if (out_options->path == NULL) {
        complain("run: which file? ./mnos run FILE.wasm [OPTIONS] [-- ARGUMENTS]");
        return false;
    }
    for (int i = count + 1; i < argc; i++) {
        grants_add_argument(&out_options->grants, argv[i]);
    }
    slash = strrchr(out_options->path, '/');
    return grants_finish(&out_options->grants,
                         slash != NULL ? slash + 1 : out_options->path);
}

void run_options_release(struct run_options *options)
{
    grants_release(&options->grants);
}
