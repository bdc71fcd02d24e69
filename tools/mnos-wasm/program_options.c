/**
 * program_options.c - the options of `run` and `bench`.
 */
#include "program.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { STACK_DEFAULT = 8 << 20, REPEAT_DEFAULT = 5 };

/* Splits HOST::GUEST[:ro] in place; HOST alone is HOST::HOST. */
static bool parse_directory(char *text, struct directory_option *out)
{
    size_t length = strlen(text);
    bool is_read_only = length > 3 && strcmp(text + length - 3, ":ro") == 0;

    if (is_read_only) {
        text[length - 3] = '\0';
    }
    char *separator = strstr(text, "::");
    *out = (struct directory_option){
        .host = text, .guest = text, .is_read_only = is_read_only};
    if (separator != NULL) {
        *separator = '\0';
        out->guest = separator + 2;
    }
    if (*out->host == '\0' || *out->guest == '\0') {
        refuse("--dir: give HOST::GUEST or HOST::GUEST:ro");
        return false;
    }
    return true;
}

static bool parse_timeout(const char *text, double *out_seconds)
{
    char *end;
    double seconds = strtod(text, &end);

    if (*text == '\0' || *end != '\0' || !isfinite(seconds) || seconds <= 0 ||
        seconds > 1e9) {
        refuse("--timeout %s: give seconds, more than 0", text);
        return false;
    }
    *out_seconds = seconds;
    return true;
}

static bool parse_environment(const char *text, struct program_options *options)
{
    if (strchr(text, '=') == NULL || text[0] == '=') {
        refuse("--env %s: give NAME=VALUE", text);
        return false;
    }
    options->environment[options->environment_count++] = text;
    return true;
}

static bool take_number(const char *name, const char *text, uint64_t *out_number)
{
    if (!parse_number(text, out_number)) {
        refuse("%s %s: give a whole number", name, text);
        return false;
    }
    return true;
}

static bool take_size(const char *name, const char *text, uint64_t *out_bytes)
{
    if (!parse_size(text, out_bytes) || *out_bytes == 0) {
        refuse("%s %s: give bytes, for instance 65536 or 64M", name, text);
        return false;
    }
    return true;
}

/* One option with its value. */
static bool take_option(const char *name, char *value, struct program_options *options)
{
    if (strcmp(name, "--dir") == 0) {
        return parse_directory(value,
                               &options->directories[options->directory_count++]);
    }
    if (strcmp(name, "--env") == 0) {
        return parse_environment(value, options);
    }
    if (strcmp(name, "--invoke") == 0) {
        options->invoke = value;
        return true;
    }
    if (strcmp(name, "--fuel") == 0) {
        return take_number(name, value, &options->fuel);
    }
    if (strcmp(name, "--memory-max") == 0) {
        return take_size(name, value, &options->memory_max);
    }
    if (strcmp(name, "--stack-max") == 0) {
        return take_size(name, value, &options->stack_max);
    }
    if (strcmp(name, "--repeat") == 0) {
        return take_number(name, value, &options->repeat);
    }
    return parse_timeout(value, &options->timeout_s);
}

static bool is_option(const char *command, const char *word)
{
    static const char *const names[] = {"--dir",    "--env",        "--invoke",
                                        "--fuel",   "--memory-max", "--stack-max",
                                        "--timeout"};

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strcmp(word, names[i]) == 0) {
            return true;
        }
    }
    return strcmp(word, "--repeat") == 0 && strcmp(command, "bench") == 0;
}

static bool take_word(const char *command, int argc, char **argv, int *index,
                      struct program_options *options)
{
    char *word = argv[*index];
    bool refused = false;

    if (engine_options_take(&options->engine, argc, argv, index, &refused)) {
        return !refused;
    }
    if (is_option(command, word)) {
        if (*index + 1 >= argc) {
            refuse("%s needs a value", word);
            return false;
        }
        *index += 1;
        return take_option(word, argv[*index], options);
    }
    if (word[0] == '-' && word[1] != '\0') {
        refuse("%s: unknown option %s; options of the program stand behind --", command,
               word);
        return false;
    }
    if (options->path != NULL) {
        refuse("%s: one file only; arguments of the program stand behind --", command);
        return false;
    }
    options->path = word;
    return true;
}

bool program_options_parse(const char *command, int argc, char **argv,
                           struct program_options *out_options)
{
    size_t room = (size_t)argc + 1;

    *out_options = (struct program_options){
        .engine = engine_options_default(),
        .fuel = WASM_NO_FUEL,
        .stack_max = STACK_DEFAULT,
        .repeat = REPEAT_DEFAULT,
        .directories = calloc(room, sizeof(struct directory_option)),
        .environment = calloc(room, sizeof(char *))};
    if (out_options->directories == NULL || out_options->environment == NULL) {
        refuse("out of memory");
        return false;
    }
    for (int i = 0; i < argc; i++) {
        if (strcmp(argv[i], "--") == 0) {
            out_options->arguments = argv + i + 1;
            out_options->argument_count = (size_t)(argc - i - 1);
            break;
        }
        if (!take_word(command, argc, argv, &i, out_options)) {
            return false;
        }
    }
    if (out_options->path == NULL) {
        refuse("%s: give the .wasm file", command);
        return false;
    }
    return true;
}

void program_options_release(struct program_options *options)
{
    free(options->directories);
    free(options->environment);
}
