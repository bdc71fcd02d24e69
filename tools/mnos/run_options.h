/**
 * run_options.h - the options of `mnos run`, checked.
 */
#ifndef MNOS_RUN_OPTIONS_H
#define MNOS_RUN_OPTIONS_H

#include "grants.h"
#include <stdbool.h>
#include <stdint.h>

struct run_options {
    const char *path;     /**< the .wasm file, borrowed from argv */
    const char *manifest; /**< borrowed from argv; NULL: none */
    struct grants grants; /**< of the manifest, the options and the arguments */
    bool verbose;
};

/** Reads the words behind `run`; false after a complaint. In both cases the caller
 *  releases @p out_options. */
bool run_options_parse(int argc, char **argv, struct run_options *out_options);

void run_options_release(struct run_options *options);

void run_options_print_help(void);

#endif
