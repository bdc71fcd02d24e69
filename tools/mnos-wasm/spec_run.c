/**
 * spec_run.c - runs the commands of one converted test file; see spec_state.h.
 */
#include "spec_state.h"
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum outcome spec_report(struct run *run, enum outcome outcome, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(run->message, sizeof(run->message), format, arguments);
    va_end(arguments);
    return outcome;
}

static enum outcome run_command(struct run *run, const struct json_node *command)
{
    static const struct {
        const char *type;
        spec_handler function;
    } handlers[] = {{"module", spec_module},
                    {"module_definition", spec_module_definition},
                    {"module_instance", spec_module_instance},
                    {"register", spec_register},
                    {"action", spec_action},
                    {"assert_return", spec_assert_return},
                    {"assert_trap", spec_assert_trap},
                    {"assert_exhaustion", spec_assert_exhaustion},
                    {"assert_exception", spec_assert_exception},
                    {"assert_invalid", spec_assert_refused},
                    {"assert_malformed", spec_assert_refused},
                    {"assert_invalid_custom", spec_assert_refused},
                    {"assert_malformed_custom", spec_assert_refused},
                    {"assert_unlinkable", spec_assert_unlinkable},
                    {"assert_uninstantiable", spec_assert_uninstantiable}};
    const char *type = json_text(command, "type");

    for (size_t i = 0; type != NULL && i < sizeof(handlers) / sizeof(handlers[0]);
         i++) {
        if (strcmp(type, handlers[i].type) == 0) {
            return handlers[i].function(run, command);
        }
    }
    return spec_report(run, FAILED, "unknown command %s", type != NULL ? type : "");
}

static bool makes_current(const struct json_node *command)
{
    const char *type = json_text(command, "type");

    return type != NULL &&
           (strcmp(type, "module") == 0 || strcmp(type, "module_instance") == 0);
}

/* By the skip file: what acts on a skipped module is skipped with it. */
static enum outcome skip_command(struct run *run, const struct json_node *command,
                                 const char *reason)
{
    if (makes_current(command)) {
        const char *name = json_text(command, "name");
        spec_skip_module(run, name != NULL ? name : json_text(command, "instance"));
    }
    return spec_report(run, SKIPPED, "%s", reason);
}

/** Runs or skips one command, and says so where it is worth a line. */
static enum outcome run_or_skip(struct run *run, const struct json_node *command)
{
    const char *line_text = json_text(command, "line");
    const char *type = json_text(command, "type");
    uint64_t line = 0;

    if (line_text == NULL || !parse_number(line_text, &line)) {
        line = 0;
    }
    const char *reason = skip_list_reason(run->options->skips, run->path, line);
    enum outcome outcome =
        reason != NULL ? skip_command(run, command, reason) : run_command(run, command);
    if (outcome == FAILED || (outcome == SKIPPED && run->options->verbose)) {
        printf("%s:%llu: %s: %s: %s\n", run->path, (unsigned long long)line,
               type != NULL ? type : "?", outcome == FAILED ? "failed" : "skipped",
               run->message);
    }
    return outcome;
}

static void run_commands(struct run *run, const struct json_node *commands,
                         struct spec_counts *counts)
{
    for (const struct json_node *i = commands->first; i != NULL; i = i->next) {
        enum outcome outcome = run_or_skip(run, i);

        counts->passed += outcome == PASSED ? 1 : 0;
        counts->failed += outcome == FAILED ? 1 : 0;
        counts->skipped += outcome == SKIPPED ? 1 : 0;
    }
}

static bool run_open(struct run *run)
{
    run->engine = engine_open(&run->options->engine);
    if (run->engine == NULL) {
        return false;
    }
    if (wasm_store_create(run->engine, NULL, &run->store) != WASM_OK ||
        wasm_linker_create(run->store, &run->linker) != WASM_OK ||
        !spec_host_define(run->store, run->linker)) {
        refuse("out of memory");
        return false;
    }
    return true;
}

static void run_close(struct run *run)
{
    wasm_linker_release(run->linker);
    wasm_store_release(run->store);
    spec_modules_release(run);
    wasm_engine_release(run->engine);
}

static void run_document(struct run *run, const struct json_document *document,
                         struct spec_counts *counts)
{
    const struct json_node *commands = json_member(json_root(document), "commands");

    if (commands == NULL || commands->kind != JSON_ARRAY) {
        printf("%s: failed: no list of commands\n", run->path);
        counts->failed++;
        return;
    }
    if (!run_open(run)) {
        counts->failed++;
    } else {
        run_commands(run, commands, counts);
    }
    run_close(run);
}

void spec_run_file(const char *path, const struct spec_options *options,
                   struct spec_counts *counts)
{
    static struct run run; /* its arrays are large */
    struct file file;
    struct spec_counts own = {0};
    const char *message;
    size_t offset;

    run = (struct run){.path = path, .options = options};
    if (!file_open(path, &file)) {
        counts->failed++;
        return;
    }
    struct json_document *document =
        json_parse((const char *)file.bytes, file.size, &message, &offset);
    if (document == NULL) {
        printf("%s: failed: not JSON at byte %zu: %s\n", path, offset, message);
        own.failed++;
    } else {
        run_document(&run, document, &own);
        json_release(document);
    }
    file_close(&file);
    if (own.passed == 0 && own.failed == 0 &&
        skip_list_reason(options->skips, path, 0) == NULL) {
        printf("%s: failed: nothing in it passed\n", path);
        own.failed++;
    }
    counts->passed += own.passed;
    counts->failed += own.failed;
    counts->skipped += own.skipped;
}
