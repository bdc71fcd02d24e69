/**
 * program.h - a module made ready to run: options, engine, store, WASI, in one place.
 */
#ifndef MNOS_WASM_PROGRAM_H
#define MNOS_WASM_PROGRAM_H

#include "command.h"
#include "wasi/wasi.h"

/** --dir HOST::GUEST[:ro], split; the strings are in argv's memory. */
struct directory_option {
    char *host;
    char *guest;
    bool is_read_only;
};

struct program_options {
    struct engine_options engine;
    char *path;          /**< the module */
    const char *invoke;  /**< --invoke NAME, or NULL */
    uint64_t fuel;       /**< WASM_NO_FUEL: not counted */
    uint64_t memory_max; /**< bytes; 0: no limit */
    uint64_t stack_max;  /**< bytes */
    double timeout_s;    /**< 0: none */
    uint64_t repeat;     /**< bench only */
    bool is_quiet;       /**< standard streams are /dev/null (bench) */
    struct directory_option *directories;
    size_t directory_count;
    const char **environment;
    size_t environment_count;
    char **arguments; /**< those behind `--` */
    size_t argument_count;
};

/**
 * Parses the words behind `run` or `bench` (@p command). False: it said why. Release with
 * program_options_release() either way.
 */
bool program_options_parse(const char *command, int argc, char **argv,
                           struct program_options *out_options);
void program_options_release(struct program_options *options);

struct program {
    const struct program_options *options; /**< borrowed */
    struct file file;
    struct wasm_engine *engine;
    struct wasm_module *module;
    struct wasm_store *store;
    struct wasm_linker *linker;
    struct wasi *wasi;
    struct wasm_instance *instance;
    const char **arguments; /**< argv of the program */
};

/** Reads and validates the module. False: it said why. program_close() either way. */
bool program_load(struct program *program, const struct program_options *options);

/** Makes the store, WASI and the instance. What it answers is a trap of the start function. */
bool program_instantiate(struct program *program, enum wasm_trap_kind *out_trap);

/**
 * Calls what the options say: `_start`, or the export of --invoke with its arguments.
 * @p print: results go to standard output. False: there is no such function; it said so.
 */
bool program_call(struct program *program, bool print, enum wasm_trap_kind *out_trap);

void program_close(struct program *program);

#endif
