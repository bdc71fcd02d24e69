/**
 * command.h - what the sub-commands of mnos-wasm share: messages, files, options.
 *
 * Each sub-command is one function in a file of its own, called with the arguments behind
 * its name; what it returns is the process's exit status.
 */
#ifndef MNOS_WASM_COMMAND_H
#define MNOS_WASM_COMMAND_H

#include "core/attributes.h"
#include "wasm/wasm.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Exit statuses of the command itself; a program that runs gives its own. */
enum command_status {
    STATUS_OK = 0,
    STATUS_FAILED = 1, /**< tests failed */
    STATUS_REFUSED =
        2, /**< bad usage, an unreadable file, a module that is not accepted */
    STATUS_TIMEOUT = 124,
    STATUS_TRAP = 134
};

int command_run(int argc, char **argv);
int command_check(int argc, char **argv);
int command_spec(int argc, char **argv);
int command_bench(int argc, char **argv);

/** Prints "mnos-wasm: ..." and a newline on standard error; returns STATUS_REFUSED. */
MN_PRINTF(1, 2)
int refuse(const char *format, ...);

/** A file's bytes, mapped read-only. */
struct file {
    const uint8_t *bytes;
    size_t size;
};

/** Maps @p path. False: it said why on standard error. file_close() is the inverse. */
bool file_open(const char *path, struct file *out_file);
void file_close(struct file *file);

/** How to make the engine: the options that all sub-commands understand. */
struct engine_options {
    uint32_t features; /**< WASM_FEATURE_* bits */
    bool explicit_bounds;
};

/** The defaults: every proposal, guard pages. */
struct engine_options engine_options_default(void);

/**
 * Is argv[*index] one of --features V, --explicit-bounds? Then takes it, and its value, and
 * moves *index to the last word taken. @p out_refused is set for a bad value, which has
 * been reported.
 */
bool engine_options_take(struct engine_options *options, int argc, char **argv,
                         int *index, bool *out_refused);

/** Makes an engine on the Linux platform; NULL: it said why. */
struct wasm_engine *engine_open(const struct engine_options *options);

/** Reports a module or linking error with the file's name; returns STATUS_REFUSED. */
int refuse_module(const char *path, const struct wasm_module *module,
                  const struct wasm_error *error);

/** Parses a decimal number into *@p out_number. False: it is none, or does not fit. */
bool parse_number(const char *text, uint64_t *out_number);

/** Parses a size in bytes with an optional suffix K, M or G (powers of 1024). */
bool parse_size(const char *text, uint64_t *out_bytes);

#endif
