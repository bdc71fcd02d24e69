/**
 * decode.h - the binary format's decoder: its state, and what its files call of each other.
 *
 * One pass over the sections (decode.c), a file for each group of sections. Function bodies
 * are measured here and looked at by validate/. Every function that may fail returns
 * false with the error filled.
 *
 * Source: spec chapter 5.
 */
#ifndef WASM_MODULE_DECODE_H
#define WASM_MODULE_DECODE_H

#include "module/error.h"
#include "module/module.h"
#include "module/reader.h"

struct wasm_decoder {
    struct wasm_module *module;
    const struct wasm_platform *platform;
    struct wasm_reader reader; /**< of the section that is being read */
    enum wasm_section section;
    struct wasm_error *error; /**< may be NULL */
};

/** Decodes everything but the bodies' instructions. */
WASM_MUST_CHECK bool wasm_decode(struct wasm_decoder *decoder);

/** Fills the error for the reader's position; returns false. */
MN_PRINTF(3, 4)
bool wasm_decode_fail(struct wasm_decoder *decoder, enum wasm_status status,
                      const char *format, ...);

/** WASM_OUT_OF_MEMORY for @p what; returns false. */
bool wasm_decode_no_memory(struct wasm_decoder *decoder, const char *what);

/** Notes that the module uses a proposal; false: it is switched off. */
WASM_MUST_CHECK bool wasm_decode_feature(struct wasm_decoder *decoder,
                                         uint32_t feature);

/* Primitives; @p what names the thing in errors. */
WASM_MUST_CHECK bool wasm_decode_byte(struct wasm_decoder *decoder, const char *what,
                                      uint8_t *out_byte);
WASM_MUST_CHECK bool wasm_decode_u32(struct wasm_decoder *decoder, const char *what,
                                     uint32_t *out_value);
WASM_MUST_CHECK bool wasm_decode_name(struct wasm_decoder *decoder, const char *what,
                                      struct wasm_span *out_name);
/** The length of a vector, at most the bytes that are left (an element takes one). */
WASM_MUST_CHECK bool wasm_decode_count(struct wasm_decoder *decoder, const char *what,
                                       uint32_t *out_count);
/** An index below @p limit. */
WASM_MUST_CHECK bool wasm_decode_index(struct wasm_decoder *decoder, const char *what,
                                       uint32_t limit, uint32_t *out_index);

/** Makes room for @p needed elements of @p size in a growing array of the module. */
WASM_MUST_CHECK bool wasm_decode_reserve(struct wasm_decoder *decoder, void **array,
                                         uint32_t *capacity, uint64_t needed,
                                         size_t size);

/* decode_type_section.c */
WASM_MUST_CHECK bool wasm_decode_type_section(struct wasm_decoder *decoder);

/* decode_types.c */
/** Fails for a type code that means nothing here, or is of a proposal that is refused. */
bool wasm_decode_unknown_type(struct wasm_decoder *decoder, const char *what,
                              uint8_t byte);
/** A value type whose type indices must be below @p type_limit. */
WASM_MUST_CHECK bool wasm_decode_value_type_below(struct wasm_decoder *decoder,
                                                  uint32_t type_limit,
                                                  wasm_type *out_type);
WASM_MUST_CHECK bool wasm_decode_value_type(struct wasm_decoder *decoder,
                                            wasm_type *out_type);
WASM_MUST_CHECK bool wasm_decode_reference_type(struct wasm_decoder *decoder,
                                                wasm_type *out_type);
/** A heap type as the nullable reference to it; an index must be below @p type_limit. */
WASM_MUST_CHECK bool wasm_decode_heap_type(struct wasm_decoder *decoder,
                                           uint32_t type_limit, wasm_type *out_type);
WASM_MUST_CHECK bool wasm_decode_table_type(struct wasm_decoder *decoder,
                                            struct wasm_table_type *out_type);
WASM_MUST_CHECK bool wasm_decode_memory_type(struct wasm_decoder *decoder,
                                             struct wasm_limits_spec *out_limits);
WASM_MUST_CHECK bool wasm_decode_global_type(struct wasm_decoder *decoder,
                                             struct wasm_global_type *out_type);
WASM_MUST_CHECK bool wasm_decode_tag_type(struct wasm_decoder *decoder,
                                          uint32_t *out_type_index);

/* decode_index_spaces.c */
WASM_MUST_CHECK bool wasm_decode_import_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_function_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_table_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_memory_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_tag_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_global_section(struct wasm_decoder *decoder);

/* decode_exports.c */
WASM_MUST_CHECK bool wasm_decode_export_section(struct wasm_decoder *decoder);

/* decode_segments.c */
WASM_MUST_CHECK bool wasm_decode_start_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_element_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_data_count_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_data_section(struct wasm_decoder *decoder);
WASM_MUST_CHECK bool wasm_decode_code_section(struct wasm_decoder *decoder);

/* decode_constant.c */
/** Measures a constant expression: only instructions that may stand in one. */
WASM_MUST_CHECK bool wasm_decode_constant(struct wasm_decoder *decoder,
                                          struct wasm_span *out_expression);

/** Marks function @p index, in range, as one that ref.func may name. */
WASM_MUST_CHECK bool wasm_decode_declare_function(struct wasm_decoder *decoder,
                                                  uint32_t index);

#endif
