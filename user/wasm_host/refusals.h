/**
 * refusals.h - from what WASI refused to the grant that is missing.
 */
#ifndef WASM_HOST_REFUSALS_H
#define WASM_HOST_REFUSALS_H

#include "core/attributes.h"
#include "protocols/program.h"
#include "wasi/wasi.h"

/** The denial behind @p refusal; false: none, as with a descriptor that is closed. @p no_rights_path is
 *  the name of the directory that stands for all that no grant covers. */
MN_MUST_CHECK bool refusal_to_denial(const struct wasi_refusal *refusal,
                                     const char *no_rights_path,
                                     struct program_denial *out_denial);

/** Denials that were told; zeroed at first. */
struct refusals_told {
    uint64_t hashes[256];
    uint32_t count;
};

/** Is this one new? Notes it. Once the table is full, nothing is. */
bool refusals_is_new(struct refusals_told *told, const struct program_denial *denial);

#endif
