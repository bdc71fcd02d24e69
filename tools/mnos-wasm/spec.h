/**
 * spec.h - the parts of `mnos-wasm spec`: skip list, values, the spectest module, commands.
 *
 * Two dialects of JSON are understood, wabt's wast2json and wasm-tools' json-from-wast. They
 * differ in: names with or without `$`, a `binary_filename` beside a text module, lanes and
 * integers written signed or unsigned, `refnull`, `either`, module definitions and instances.
 */
#ifndef MNOS_WASM_SPEC_H
#define MNOS_WASM_SPEC_H

#include "command.h"
#include "json.h"
#include <stdio.h>

/* --- spec_skip.c --- */

/** What is not run: lines "FILE[:LINE] reason", FILE as the end of a test file's path. */
struct skip_list;

/** Reads @p path. NULL: it said why (unreadable, a line without a reason). */
struct skip_list *skip_list_load(const char *path);
void skip_list_release(struct skip_list *list);

/** The reason to skip the command on @p line of @p test, or NULL. @p list may be NULL. */
const char *skip_list_reason(const struct skip_list *list, const char *test,
                             uint64_t line);

/* --- spec_values.c --- */

/** What a call or a global gave: a value with its kind. */
struct typed_value {
    enum wasm_value_kind kind;
    union wasm_value value;
};

/** Reads an argument. False: its kind or its number is not understood. */
bool spec_value_parse(const struct json_node *node, union wasm_value *out_value);

/** Is @p actual what @p expected (one element of "expected") asks for? */
bool spec_value_matches(const struct json_node *expected,
                        const struct typed_value *actual);

/** Is @p actual one of the values in the array @p list (may be NULL)? */
bool spec_value_matches_any(const struct json_node *list,
                            const struct typed_value *actual);

/** Prints a value for a failure's report, cut to @p size. */
void spec_value_print(const struct typed_value *value, char *buffer, size_t size);

/* --- spec_host.c --- */

/** Defines the test suite's host module `spectest`. False: out of memory. */
bool spec_host_define(struct wasm_store *store, struct wasm_linker *linker);

/* --- spec_run.c --- */

struct spec_counts {
    uint64_t passed;
    uint64_t failed;
    uint64_t skipped;
};

struct spec_options {
    struct engine_options engine;
    const struct skip_list *skips;
    bool verbose; /**< say what is skipped too */
};

/** Runs one converted test file, adds to *@p counts, prints failures. */
void spec_run_file(const char *path, const struct spec_options *options,
                   struct spec_counts *counts);

#endif
