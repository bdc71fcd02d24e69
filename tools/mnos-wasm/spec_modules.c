/**
 * spec_modules.c - the commands that load, instantiate, define and register modules.
 */
#include "spec_state.h"
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *plain_name(const char *name)
{
    return name == NULL ? "" : name + (name[0] == '$' ? 1 : 0);
}

static struct loaded *find_loaded(const struct run *run, const char *name,
                                  enum loaded_kind kind)
{
    for (struct loaded *i = run->loaded; i != NULL; i = i->next) {
        if (i->kind == kind &&
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

static struct loaded *add_loaded(struct run *run, const char *name,
                                 enum loaded_kind kind)
{
    struct loaded *loaded = calloc(1, sizeof(*loaded));

    if (loaded == NULL) {
        return NULL;
    }
    snprintf(loaded->name, sizeof(loaded->name), "%s", plain_name(name));
    loaded->kind = kind;
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

void spec_describe(const struct wasm_error *error, char *buffer, size_t size)
{
    wasm_error_print(error, NULL, buffer, size);
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
        return spec_report(run, FAILED, "instantiation trapped: %s",
                           wasm_trap_text(wasm_store_trap(run->store)->kind));
    }
    spec_describe(&error, text, sizeof(text));
    return spec_report(run, FAILED, "%s", text);
}

static enum outcome run_load(struct run *run, const struct json_node *command,
                             enum loaded_kind kind)
{
    struct loaded *loaded = add_loaded(run, json_text(command, "name"), kind);
    struct wasm_error error;
    char text[448];

    if (loaded == NULL) {
        return spec_report(run, FAILED, "out of memory");
    }
    if (load(run, command, loaded, &error) != WASM_OK) {
        spec_describe(&error, text, sizeof(text));
        return spec_report(run, FAILED, "%s", text);
    }
    return kind == LOADED_DEFINITION ? PASSED
                                     : instantiate(run, loaded->module, loaded);
}

void spec_skip_module(struct run *run, const char *name)
{
    struct loaded *loaded = add_loaded(run, name, LOADED_INSTANCE);

    if (loaded != NULL) {
        loaded->was_skipped = true;
    }
    run->current = NULL;
    run->current_was_skipped = true;
}

enum outcome spec_module(struct run *run, const struct json_node *command)
{
    run->current = NULL;
    run->current_was_skipped = false;
    if (binary_file(command) == NULL) {
        spec_skip_module(run, json_text(command, "name"));
        return spec_report(run, SKIPPED, "a text module");
    }
    return run_load(run, command, LOADED_INSTANCE);
}

enum outcome spec_module_definition(struct run *run, const struct json_node *command)
{
    if (binary_file(command) == NULL) {
        return spec_report(run, SKIPPED, "a text module");
    }
    return run_load(run, command, LOADED_DEFINITION);
}

enum outcome spec_module_instance(struct run *run, const struct json_node *command)
{
    const char *name = json_text(command, "module");
    struct loaded *definition = find_loaded(run, name, LOADED_DEFINITION);

    run->current = NULL;
    run->current_was_skipped = false;
    if (definition == NULL || definition->module == NULL) {
        return spec_report(run, FAILED, "no module definition %s",
                           name != NULL ? name : "before");
    }
    struct loaded *loaded =
        add_loaded(run, json_text(command, "instance"), LOADED_INSTANCE);
    if (loaded == NULL) {
        return spec_report(run, FAILED, "out of memory");
    }
    return instantiate(run, definition->module, loaded);
}

/* The instance that a command names, or the current one; NULL with *out_outcome set. */
struct loaded *spec_target(struct run *run, const char *name, enum outcome *out_outcome)
{
    struct loaded *loaded =
        name != NULL ? find_loaded(run, name, LOADED_INSTANCE) : run->current;
    bool was_skipped =
        name == NULL ? run->current_was_skipped : loaded != NULL && loaded->was_skipped;

    if (loaded != NULL && loaded->instance != NULL) {
        return loaded;
    }
    *out_outcome = was_skipped ? spec_report(run, SKIPPED, "its module was skipped")
                               : spec_report(run, FAILED, "its module is not there");
    return NULL;
}

enum outcome spec_register(struct run *run, const struct json_node *command)
{
    const struct json_node *as = json_member(command, "as");
    enum outcome outcome;
    struct loaded *loaded = spec_target(run, json_text(command, "name"), &outcome);

    if (loaded == NULL) {
        return outcome;
    }
    if (as == NULL || as->text == NULL) {
        return spec_report(run, FAILED, "register without a name");
    }
    struct wasm_name name = {.bytes = as->text, .size = (uint32_t)as->size};
    if (wasm_linker_define_instance(run->linker, name, loaded->instance) != WASM_OK) {
        return spec_report(run, FAILED, "out of memory");
    }
    return PASSED;
}

/* Loads a module that must not be accepted. */
enum outcome spec_assert_refused(struct run *run, const struct json_node *command)
{
    struct wasm_error error;
    char text[448];
    struct loaded *loaded;

    if (binary_file(command) == NULL) {
        return spec_report(run, SKIPPED, "a text module");
    }
    loaded = add_loaded(run, NULL, LOADED_ATTEMPT);
    if (loaded == NULL) {
        return spec_report(run, FAILED, "out of memory");
    }
    switch (load(run, command, loaded, &error)) {
    case WASM_MALFORMED:
    case WASM_INVALID:
    case WASM_UNSUPPORTED:
    case WASM_TOO_LARGE:
        return PASSED;
    case WASM_OK:
        return spec_report(run, FAILED, "accepted; expected: %s",
                           json_text(command, "text") != NULL
                               ? json_text(command, "text")
                               : "refused");
    default:
        spec_describe(&error, text, sizeof(text));
        return spec_report(run, FAILED, "%s", text);
    }
}

/* Loads the module of an assert_unlinkable or assert_uninstantiable and instantiates it. */
enum outcome spec_try_instantiate(struct run *run, const struct json_node *command,
                                  enum wasm_status *out_status,
                                  struct wasm_error *out_error)
{
    struct wasm_instance *instance = NULL;
    struct loaded *loaded;
    char text[448];

    if (binary_file(command) == NULL) {
        return spec_report(run, SKIPPED, "a text module");
    }
    loaded = add_loaded(run, NULL, LOADED_ATTEMPT);
    if (loaded == NULL) {
        return spec_report(run, FAILED, "out of memory");
    }
    if (load(run, command, loaded, out_error) != WASM_OK) {
        spec_describe(out_error, text, sizeof(text));
        return spec_report(run, FAILED, "%s", text);
    }
    *out_status = wasm_instantiate(run->linker, loaded->module, &instance, out_error);
    return PASSED;
}

void spec_modules_release(struct run *run)
{
    while (run->loaded != NULL) {
        struct loaded *next = run->loaded->next;
        if (run->loaded->module != NULL) {
            wasm_module_release(run->loaded->module);
        }
        file_close(&run->loaded->file);
        free(run->loaded);
        run->loaded = next;
    }
}
