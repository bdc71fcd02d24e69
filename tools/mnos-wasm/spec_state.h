/**
 * spec_state.h - the state of one test file's run, between spec_run.c, spec_modules.c and
 * spec_assert.c.
 *
 * A file has one store. What was loaded stays until the end of the file, as later modules may
 * import it. A command passes, fails or is skipped; one that acts on a module which was
 * skipped is skipped, one that acts on a module which failed fails.
 */
#ifndef MNOS_WASM_SPEC_STATE_H
#define MNOS_WASM_SPEC_STATE_H

#include "spec.h"

enum { SPEC_VALUES_MAX = 1024, SPEC_NAME_MAX = 256 };

enum outcome { PASSED, FAILED, SKIPPED };

enum loaded_kind {
    LOADED_INSTANCE,   /**< a module with its instance */
    LOADED_DEFINITION, /**< a module that "module_instance" instantiates */
    LOADED_ATTEMPT     /**< of an assertion: nothing refers to it */
};

/** A module of the test file, and its instance if it has one. */
struct loaded {
    enum loaded_kind kind;
    char name[SPEC_NAME_MAX]; /**< without `$`; "" for none */
    struct file file;
    struct wasm_module *module;
    struct wasm_instance *instance;
    bool was_skipped;
    struct loaded *next; /**< newest first */
};

struct run {
    const char *path;
    const struct spec_options *options;
    struct wasm_engine *engine;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct loaded *loaded;
    struct loaded *current; /**< NULL: none, or the last one failed */
    bool current_was_skipped;
    char message[512]; /**< of the last FAILED or SKIPPED */
    union wasm_value arguments[SPEC_VALUES_MAX];
    union wasm_value results[SPEC_VALUES_MAX];
    struct typed_value values[SPEC_VALUES_MAX]; /**< what the last action gave */
};

/** Keeps the reason of an outcome; returns the outcome. */
MN_PRINTF(3, 4)
enum outcome spec_report(struct run *run, enum outcome outcome, const char *format,
                         ...);

/** A command's handler. */
typedef enum outcome (*spec_handler)(struct run *run, const struct json_node *command);

/* --- spec_modules.c --- */

enum outcome spec_module(struct run *run, const struct json_node *command);
enum outcome spec_module_definition(struct run *run, const struct json_node *command);
enum outcome spec_module_instance(struct run *run, const struct json_node *command);
enum outcome spec_register(struct run *run, const struct json_node *command);
enum outcome spec_assert_refused(struct run *run, const struct json_node *command);

/** Notes a module that is left out, so that what acts on it is skipped too. */
void spec_skip_module(struct run *run, const char *name);

/** The instance that a command names, or the current one; NULL: *@p out_outcome says why. */
struct loaded *spec_target(struct run *run, const char *name,
                           enum outcome *out_outcome);

/**
 * Loads the module of an assert_unlinkable or assert_uninstantiable and instantiates it:
 * PASSED means only that there is a *@p out_status.
 */
enum outcome spec_try_instantiate(struct run *run, const struct json_node *command,
                                  enum wasm_status *out_status,
                                  struct wasm_error *out_error);

/** What went wrong and where, in words. */
void spec_describe(const struct wasm_error *error, char *buffer, size_t size);

/** Releases all modules; the store is gone before. */
void spec_modules_release(struct run *run);

/* --- spec_assert.c --- */

enum outcome spec_action(struct run *run, const struct json_node *command);
enum outcome spec_assert_return(struct run *run, const struct json_node *command);
enum outcome spec_assert_trap(struct run *run, const struct json_node *command);
enum outcome spec_assert_exhaustion(struct run *run, const struct json_node *command);
enum outcome spec_assert_exception(struct run *run, const struct json_node *command);
enum outcome spec_assert_unlinkable(struct run *run, const struct json_node *command);
enum outcome spec_assert_uninstantiable(struct run *run,
                                        const struct json_node *command);

#endif
