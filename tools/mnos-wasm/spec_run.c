/**
 * spec_run.c - runs the commands of one converted test file.
 *
 * A file has one store. What was loaded stays until the end of the file, as later modules may
 * import it. A command passes, fails or is skipped; one that acts on a module which was
 * skipped is skipped, one that acts on a module which failed fails.
 */
#include "spec.h"
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { VALUES_MAX = 1024, NAME_MAX_BYTES = 256 };

enum outcome { PASSED, FAILED, SKIPPED };

/* A module of the test file, and its instance if it has one. */
struct loaded {
    char name[NAME_MAX_BYTES]; /* without `$`; "" for none */
    struct file file;
    struct wasm_module *module;
    struct wasm_instance *instance;
    bool is_definition;
    bool was_skipped;
    struct loaded *next; /* newest first */
};

struct run {
    const char *path;
    const struct spec_options *options;
    struct wasm_engine *engine;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct loaded *loaded;
    struct loaded *current; /* NULL: none, or the last one failed */
    bool current_was_skipped;
    char message[512]; /* of the last FAILED or SKIPPED */
    union wasm_value arguments[VALUES_MAX];
    union wasm_value results[VALUES_MAX];
};

MN_PRINTF(3, 4)
static enum outcome report(struct run *run, enum outcome outcome, const char *format,
                           ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(run->message, sizeof(run->message), format, arguments);
    va_end(arguments);
    return outcome;
}

/* --- modules --- */

static const char *plain_name(const char *name)
{
    return name == NULL ? "" : name + (name[0] == '$' ? 1 : 0);
}

static struct loaded *find_loaded(const struct run *run, const char *name,
                                  bool is_definition)
{
    for (struct loaded *i = run->loaded; i != NULL; i = i->next) {
        if (i->is_definition == is_definition &&
            (name == NULL || strcmp(i->name, plain_name(name)) == 0)) {
            return i;
        }
    }
    return NULL;
}

/* The binary file of a command's module: NULL when it is text only. */
static const char *binary_file(const struct json_node *command)
{
    const char *binary = json_text(command, "binary_filename");
    const char *type = json_text(command, "module_type");

    if (binary != NULL) {
        return binary;
    }
    if (type != NULL && strcmp(type, "text") == 0) {
        return NULL;
    }
    return json_text(command, "filename");
}

static bool open_beside(const struct run *run, const char *name, struct file *out_file)
{
    char path[PATH_MAX];
    const char *slash = strrchr(run->path, '/');
    int folder = slash == NULL ? 0 : (int)(slash - run->path) + 1;

    int length = snprintf(path, sizeof(path), "%.*s%s", folder, run->path, name);
    return length > 0 && (size_t)length < sizeof(path) && file_open(path, out_file);
}

static struct loaded *add_loaded(struct run *run, const char *name, bool is_definition)
{
    struct loaded *loaded = calloc(1, sizeof(*loaded));

    if (loaded == NULL) {
        return NULL;
    }
    snprintf(loaded->name, sizeof(loaded->name), "%s", plain_name(name));
    loaded->is_definition = is_definition;
    loaded->next = run->loaded;
    run->loaded = loaded;
    return loaded;
}

/* Opens and loads the command's module into *loaded; the error is the caller's to judge. */
static enum wasm_status load(struct run *run, const struct json_node *command,
                             struct loaded *loaded, struct wasm_error *error)
{
    const char *name = binary_file(command);

    if (name == NULL || !open_beside(run, name, &loaded->file)) {
        *error = (struct wasm_error){.status = WASM_NOT_FOUND,
                                     .section = WASM_SECTION_NONE,
                                     .function = WASM_NO_INDEX};
        snprintf(error->message, sizeof(error->message), "no module file");
        return WASM_NOT_FOUND;
    }
    return wasm_module_load(run->engine, loaded->file.bytes, loaded->file.size,
                            &loaded->module, error);
}

static void describe(const struct wasm_error *error, char *buffer, size_t size)
{
    char text[384];

    wasm_error_print(error, NULL, text, sizeof(text));
    snprintf(buffer, size, "%s: %s", wasm_status_text(error->status), text);
}

static enum outcome instantiate(struct run *run, const struct wasm_module *module,
                                struct loaded *loaded)
{
    struct wasm_error error;
    char text[448];
    enum wasm_status status =
        wasm_instantiate(run->linker, module, &loaded->instance, &error);

    if (status == WASM_OK) {
        run->current = loaded;
        return PASSED;
    }
    if (status == WASM_TRAPPED) {
        return report(run, FAILED, "instantiation trapped: %s",
                      wasm_trap_text(wasm_store_trap(run->store)->kind));
    }
    describe(&error, text, sizeof(text));
    return report(run, FAILED, "%s", text);
}

static enum outcome run_load(struct run *run, const struct json_node *command,
                             bool is_definition)
{
    struct loaded *loaded = add_loaded(run, json_text(command, "name"), is_definition);
    struct wasm_error error;
    char text[448];

    if (loaded == NULL) {
        return report(run, FAILED, "out of memory");
    }
    if (load(run, command, loaded, &error) != WASM_OK) {
        describe(&error, text, sizeof(text));
        return report(run, FAILED, "%s", text);
    }
    return is_definition ? PASSED : instantiate(run, loaded->module, loaded);
}

static enum outcome run_module(struct run *run, const struct json_node *command)
{
    run->current = NULL;
    run->current_was_skipped = false;
    if (binary_file(command) == NULL) {
        run->current_was_skipped = true;
        struct loaded *loaded = add_loaded(run, json_text(command, "name"), false);
        if (loaded != NULL) {
            loaded->was_skipped = true;
        }
        return report(run, SKIPPED, "a text module");
    }
    return run_load(run, command, false);
}

static enum outcome run_module_definition(struct run *run,
                                          const struct json_node *command)
{
    if (binary_file(command) == NULL) {
        return report(run, SKIPPED, "a text module");
    }
    return run_load(run, command, true);
}

static enum outcome run_module_instance(struct run *run,
                                        const struct json_node *command)
{
    const char *name = json_text(command, "module");
    struct loaded *definition = find_loaded(run, name, true);

    run->current = NULL;
    run->current_was_skipped = false;
    if (definition == NULL || definition->module == NULL) {
        return report(run, FAILED, "no module definition %s",
                      name != NULL ? name : "before");
    }
    struct loaded *loaded = add_loaded(run, json_text(command, "instance"), false);
    if (loaded == NULL) {
        return report(run, FAILED, "out of memory");
    }
    return instantiate(run, definition->module, loaded);
}

/* The instance that a command names, or the current one; NULL with *out_outcome set. */
static struct loaded *target(struct run *run, const char *name,
                             enum outcome *out_outcome)
{
    struct loaded *loaded = name != NULL ? find_loaded(run, name, false) : run->current;
    bool was_skipped =
        name == NULL ? run->current_was_skipped : loaded != NULL && loaded->was_skipped;

    if (loaded != NULL && loaded->instance != NULL) {
        return loaded;
    }
    *out_outcome = was_skipped ? report(run, SKIPPED, "its module was skipped")
                               : report(run, FAILED, "its module is not there");
    return NULL;
}

static enum outcome run_register(struct run *run, const struct json_node *command)
{
    const struct json_node *as = json_member(command, "as");
    enum outcome outcome;
    struct loaded *loaded = target(run, json_text(command, "name"), &outcome);

    if (loaded == NULL) {
        return outcome;
    }
    if (as == NULL || as->text == NULL) {
        return report(run, FAILED, "register without a name");
    }
    struct wasm_name name = {.bytes = as->text, .size = (uint32_t)as->size};
    if (wasm_linker_define_instance(run->linker, name, loaded->instance) != WASM_OK) {
        return report(run, FAILED, "out of memory");
    }
    return PASSED;
}

/* --- actions --- */

/* What an action gave: a trap, or results of the kinds of `function`, or of a global. */
struct action_result {
    enum wasm_trap_kind trap;
    uint32_t count;
    struct typed_value *values; /* count of them */
};

static struct typed_value action_values[VALUES_MAX];

static enum outcome parse_arguments(struct run *run, const struct json_node *action,
                                    struct wasm_function *function)
{
    const struct json_node *list = json_member(action, "args");
    uint32_t count = 0;

    for (const struct json_node *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next, count++) {
        if (count >= VALUES_MAX || !spec_value_parse(i, &run->arguments[count])) {
            return report(run, FAILED, "argument %u is not understood", count);
        }
    }
    if (count != wasm_function_parameter_count(function) ||
        wasm_function_result_count(function) > VALUES_MAX) {
        return report(run, FAILED, "%u arguments, the function takes %u", count,
                      wasm_function_parameter_count(function));
    }
    return PASSED;
}

static enum outcome invoke(struct run *run, const struct json_node *action,
                           struct wasm_function *function,
                           struct action_result *out_result)
{
    enum outcome outcome = parse_arguments(run, action, function);

    if (outcome != PASSED) {
        return outcome;
    }
    out_result->trap = wasm_call(run->store, function, run->arguments, run->results);
    out_result->count = 0;
    if (out_result->trap == WASM_TRAP_NONE) {
        out_result->count = wasm_function_result_count(function);
    }
    for (uint32_t i = 0; i < out_result->count; i++) {
        action_values[i] = (struct typed_value){
            .kind = wasm_function_result(function, i), .value = run->results[i]};
    }
    out_result->values = action_values;
    return PASSED;
}

static enum outcome get_global(struct wasm_global *global,
                               struct action_result *out_result)
{
    action_values[0] = (struct typed_value){.kind = wasm_global_kind(global),
                                            .value = wasm_global_get(global)};
    *out_result = (struct action_result){
        .trap = WASM_TRAP_NONE, .count = 1, .values = action_values};
    return PASSED;
}

static enum outcome act(struct run *run, const struct json_node *command,
                        struct action_result *out_result)
{
    const struct json_node *action = json_member(command, "action");
    const struct json_node *field = json_member(action, "field");
    const char *type = json_text(action, "type");
    struct wasm_extern found;
    enum outcome outcome;

    if (type == NULL || field == NULL || field->text == NULL) {
        return report(run, FAILED, "an action without type or field");
    }
    struct loaded *loaded = target(run, json_text(action, "module"), &outcome);
    if (loaded == NULL) {
        return outcome;
    }
    struct wasm_name name = {.bytes = field->text, .size = (uint32_t)field->size};
    if (wasm_instance_export(loaded->instance, name, &found) != WASM_OK) {
        return report(run, FAILED, "no export \"%s\"", field->text);
    }
    if (strcmp(type, "invoke") == 0 && found.kind == WASM_EXTERN_FUNCTION) {
        return invoke(run, action, found.function, out_result);
    }
    if (strcmp(type, "get") == 0 && found.kind == WASM_EXTERN_GLOBAL) {
        return get_global(found.global, out_result);
    }
    return report(run, FAILED, "\"%s\" is no target of %s", field->text, type);
}

static enum outcome run_action(struct run *run, const struct json_node *command)
{
    struct action_result result;
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_NONE) {
        return report(run, FAILED, "trapped: %s", wasm_trap_text(result.trap));
    }
    return outcome;
}

/* --- assertions --- */

static enum outcome run_assert_return(struct run *run, const struct json_node *command)
{
    const struct json_node *list = json_member(command, "expected");
    struct action_result result;
    char text[128];
    uint32_t index = 0;
    enum outcome outcome = act(run, command, &result);

    if (outcome != PASSED) {
        return outcome;
    }
    if (result.trap != WASM_TRAP_NONE) {
        return report(run, FAILED, "trapped: %s", wasm_trap_text(result.trap));
    }
    for (const struct json_node *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next, index++) {
        if (index >= result.count) {
            return report(run, FAILED, "only %u results", result.count);
        }
        if (!spec_value_matches(i, &result.values[index])) {
            spec_value_print(&result.values[index], text, sizeof(text));
            return report(run, FAILED, "result %u is %s; expected type %s value %s",
                          index, text, json_text(i, "type"),
                          json_text(i, "value") != NULL ? json_text(i, "value") : "?");
        }
    }
    if (index != result.count) {
        return report(run, FAILED, "%u results, %u expected", result.count, index);
    }
    return PASSED;
}

/*
 * Texts match when one begins with the other: the suite adds details ("uninitialized element 7"). Versions
 * of the suite name some traps differently; both names are listed here.
 */
static bool trap_text_matches(enum wasm_trap_kind kind, const char *expected)
{
    static const struct {
        const char *expected;
        enum wasm_trap_kind kind;
    } aliases[] = {{"undefined", WASM_TRAP_UNDEFINED_ELEMENT},
                   {"indirect call", WASM_TRAP_INDIRECT_CALL_TYPE},
                   {"null reference", WASM_TRAP_NULL_FUNCTION_REFERENCE},
                   {"null reference", WASM_TRAP_NULL_EXCEPTION_REFERENCE},
                   {"null function reference", WASM_TRAP_NULL_REFERENCE},
                   {"null exception reference", WASM_TRAP_NULL_REFERENCE},
                   {"data segment does not fit", WASM_TRAP_MEMORY_OUT_OF_BOUNDS},
                   {"elements segment does not fit", WASM_TRAP_TABLE_OUT_OF_BOUNDS}};
    const char *text = wasm_trap_text(kind);
    size_t length = strlen(text);

    if (strncmp(text, expected, length) == 0 ||
        strncmp(text, expected, strlen(expected)) == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
        if (kind == aliases[i].kind &&
            strncmp(expected, aliases[i].expected, strlen(aliases[i].expected)) == 0) {
            return true;
        }
    }
    return false;
}

static enum outcome judge_trap(struct run *run, const struct json_node *command,
                               enum wasm_trap_kind kind)
{
    const char *expected = json_text(command, "text");

    if (kind == WASM_TRAP_NONE) {
        return report(run, FAILED, "no trap; expected: %s",
                      expected != NULL ? expected : "one");
    }
    if (kind == WASM_TRAP_EXCEPTION || expected == NULL ||
        !trap_text_matches(kind, expected)) {
        return report(run, FAILED, "trap: %s; expected: %s", wasm_trap_text(kind),
                      expected != NULL ? expected : "a text");
    }
    return PASSED;
}

static enum outcome run_assert_trap(struct run *run, const struct json_node *command)
{
    struct action_result result;
    enum outcome outcome = act(run, command, &result);

    return outcome == PASSED ? judge_trap(run, command, result.trap) : outcome;
}

static enum outcome run_assert_exhaustion(struct run *run,
                                          const struct json_node *command)
{
    struct action_result result;
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_STACK_EXHAUSTED) {
        return report(run, FAILED, "stack not exhausted: %s",
                      wasm_trap_text(result.trap));
    }
    return outcome;
}

static enum outcome run_assert_exception(struct run *run,
                                         const struct json_node *command)
{
    struct action_result result;
    enum outcome outcome = act(run, command, &result);

    if (outcome == PASSED && result.trap != WASM_TRAP_EXCEPTION) {
        return report(run, FAILED, "no exception: %s", wasm_trap_text(result.trap));
    }
    return outcome;
}

/* Loads a module that must not be accepted. */
static enum outcome run_assert_refused(struct run *run, const struct json_node *command)
{
    struct wasm_error error;
    char text[448];
    struct loaded *loaded;

    if (binary_file(command) == NULL) {
        return report(run, SKIPPED, "a text module");
    }
    loaded = add_loaded(run, NULL, true);
    if (loaded == NULL) {
        return report(run, FAILED, "out of memory");
    }
    snprintf(loaded->name, sizeof(loaded->name), " refused");
    switch (load(run, command, loaded, &error)) {
    case WASM_MALFORMED:
    case WASM_INVALID:
    case WASM_UNSUPPORTED:
    case WASM_TOO_LARGE:
        return PASSED;
    case WASM_OK:
        return report(run, FAILED, "accepted; expected: %s",
                      json_text(command, "text") != NULL ? json_text(command, "text")
                                                         : "refused");
    default:
        describe(&error, text, sizeof(text));
        return report(run, FAILED, "%s", text);
    }
}

/* Loads the module of an assert_unlinkable or assert_uninstantiable and instantiates it. */
static enum outcome try_instantiate(struct run *run, const struct json_node *command,
                                    enum wasm_status *out_status,
                                    struct wasm_error *out_error)
{
    struct wasm_instance *instance = NULL;
    struct loaded *loaded;
    char text[448];

    if (binary_file(command) == NULL) {
        return report(run, SKIPPED, "a text module");
    }
    loaded = add_loaded(run, NULL, true);
    if (loaded == NULL) {
        return report(run, FAILED, "out of memory");
    }
    snprintf(loaded->name, sizeof(loaded->name), " not instantiated");
    if (load(run, command, loaded, out_error) != WASM_OK) {
        describe(out_error, text, sizeof(text));
        return report(run, FAILED, "%s", text);
    }
    *out_status = wasm_instantiate(run->linker, loaded->module, &instance, out_error);
    return PASSED;
}

static bool is_segment_text(const char *text)
{
    return text != NULL && strstr(text, "segment does not fit") != NULL;
}

/* In WebAssembly 1.0 a segment that does not fit is a linking error, since then a trap. */
static enum outcome run_assert_unlinkable(struct run *run,
                                          const struct json_node *command)
{
    struct wasm_error error;
    enum wasm_status status;
    enum outcome outcome = try_instantiate(run, command, &status, &error);

    if (outcome != PASSED || status == WASM_UNLINKABLE) {
        return outcome;
    }
    if (status == WASM_TRAPPED && is_segment_text(json_text(command, "text"))) {
        return judge_trap(run, command, wasm_store_trap(run->store)->kind);
    }
    return report(run, FAILED, "%s; expected not linkable: %s",
                  status == WASM_OK ? "linked" : wasm_status_text(status),
                  json_text(command, "text") != NULL ? json_text(command, "text") : "");
}

static enum outcome run_assert_uninstantiable(struct run *run,
                                              const struct json_node *command)
{
    struct wasm_error error;
    char text[448];
    enum wasm_status status;
    enum outcome outcome = try_instantiate(run, command, &status, &error);

    if (outcome != PASSED) {
        return outcome;
    }
    if (status == WASM_OK) {
        return report(run, FAILED, "instantiated; expected a trap");
    }
    if (status != WASM_TRAPPED) {
        describe(&error, text, sizeof(text));
        return report(run, FAILED, "%s", text);
    }
    return judge_trap(run, command, wasm_store_trap(run->store)->kind);
}

/* --- a file --- */

static enum outcome run_command(struct run *run, const struct json_node *command)
{
    static const struct {
        const char *type;
        enum outcome (*function)(struct run *run, const struct json_node *command);
    } handlers[] = {{"module", run_module},
                    {"module_definition", run_module_definition},
                    {"module_instance", run_module_instance},
                    {"register", run_register},
                    {"action", run_action},
                    {"assert_return", run_assert_return},
                    {"assert_trap", run_assert_trap},
                    {"assert_exhaustion", run_assert_exhaustion},
                    {"assert_exception", run_assert_exception},
                    {"assert_invalid", run_assert_refused},
                    {"assert_malformed", run_assert_refused},
                    {"assert_invalid_custom", run_assert_refused},
                    {"assert_malformed_custom", run_assert_refused},
                    {"assert_unlinkable", run_assert_unlinkable},
                    {"assert_uninstantiable", run_assert_uninstantiable}};
    const char *type = json_text(command, "type");

    for (size_t i = 0; type != NULL && i < sizeof(handlers) / sizeof(handlers[0]);
         i++) {
        if (strcmp(type, handlers[i].type) == 0) {
            return handlers[i].function(run, command);
        }
    }
    return report(run, FAILED, "unknown command %s", type != NULL ? type : "");
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
        struct loaded *loaded = add_loaded(
            run, name != NULL ? name : json_text(command, "instance"), false);
        if (loaded != NULL) {
            loaded->was_skipped = true;
        }
        run->current = NULL;
        run->current_was_skipped = true;
    }
    return report(run, SKIPPED, "%s", reason);
}

static void run_commands(struct run *run, const struct json_node *commands,
                         struct spec_counts *counts)
{
    for (const struct json_node *i = commands->first; i != NULL; i = i->next) {
        const char *line_text = json_text(i, "line");
        const char *type = json_text(i, "type");
        uint64_t line = 0;
        if (line_text == NULL || !parse_number(line_text, &line)) {
            line = 0;
        }
        const char *reason = skip_list_reason(run->options->skips, run->path, line);
        enum outcome outcome =
            reason != NULL ? skip_command(run, i, reason) : run_command(run, i);
        counts->passed += outcome == PASSED ? 1 : 0;
        counts->failed += outcome == FAILED ? 1 : 0;
        counts->skipped += outcome == SKIPPED ? 1 : 0;
        if (outcome == FAILED || (outcome == SKIPPED && run->options->verbose)) {
            printf("%s:%llu: %s: %s: %s\n", run->path, (unsigned long long)line,
                   type != NULL ? type : "?", outcome == FAILED ? "failed" : "skipped",
                   run->message);
        }
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
    while (run->loaded != NULL) {
        struct loaded *next = run->loaded->next;
        if (run->loaded->module != NULL) {
            wasm_module_release(run->loaded->module);
        }
        file_close(&run->loaded->file);
        free(run->loaded);
        run->loaded = next;
    }
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
