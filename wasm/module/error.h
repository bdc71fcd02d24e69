/**
 * error.h - filling struct wasm_error.
 */
#ifndef WASM_MODULE_ERROR_H
#define WASM_MODULE_ERROR_H

#include "core/attributes.h"
#include "wasm/wasm.h"

/** Where an error was found. */
struct wasm_place {
    enum wasm_section section;
    uint32_t function; /**< or WASM_NO_INDEX */
    uint64_t offset;
};

/** Fills *@p error (NULL is fine); the message as format.h understands it. */
MN_PRINTF(4, 5)
void wasm_error_set(struct wasm_error *error, enum wasm_status status,
                    struct wasm_place place, const char *format, ...);

/** WASM_SECTION_NONE, no function, offset 0. */
static inline struct wasm_place wasm_no_place(void)
{
    return (struct wasm_place){.section = WASM_SECTION_NONE, .function = WASM_NO_INDEX};
}

#endif
