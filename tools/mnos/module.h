/**
 * module.h - a WebAssembly file before it is run: is it a program that can run here?
 *
 * What would be refused inside of the system is refused by the command, in one line that
 * says what to do, before anything is started.
 */
#ifndef MNOS_MODULE_H
#define MNOS_MODULE_H

#include "wasm/wasm.h"
#include <stdbool.h>
#include <stddef.h>

/** A file that was found to be a valid module. Owns what it points to. */
struct module {
    const char *path; /**< borrowed */
    const void *bytes;
    size_t size;
    struct wasm_engine *engine;
    struct wasm_module *loaded;
};

/** Reads, decodes and validates the file @p path; false after complaining. */
bool module_open(const char *path, struct module *out_module);

/** Inverse of module_open(). All zero is fine. */
void module_close(struct module *module);

/** Is it a WASI command: does it export `_start`, and import nothing but what is served?
 *  False after complaining of the first thing that is wrong. */
bool module_is_program(const struct module *module);

#endif
