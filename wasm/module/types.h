/**
 * types.h - value types, function types, limits as the engine keeps them (spec 2.3).
 *
 * A value type is one 32-bit word, so that equal words are equal types within one index
 * space of types:
 *   bits 0-7   a wasm_value_kind; of a reference, the top of its heap type; 0 is "bottom",
 *              the type of an operand of unreachable code
 *   bit  8     a reference that cannot be null
 *   bits 9-31  0, or 1 + the type index of a concrete function reference
 * In a module the index is the module's, replaced by the first equal type of the same module;
 * in a store it is the store's type id (runtime/type_registry.h).
 */
#ifndef WASM_MODULE_TYPES_H
#define WASM_MODULE_TYPES_H

#include "wasm/wasm.h"

typedef uint32_t wasm_type;

enum {
    TYPE_BOTTOM = 0,
    TYPE_I32 = WASM_I32,
    TYPE_I64 = WASM_I64,
    TYPE_F32 = WASM_F32,
    TYPE_F64 = WASM_F64,
    TYPE_V128 = WASM_V128,
    TYPE_FUNCREF = WASM_FUNCREF,
    TYPE_EXTERNREF = WASM_EXTERNREF,
    TYPE_EXNREF = WASM_EXNREF,
    TYPE_NON_NULL = 1 << 8, /**< flag: of reference types only */
    TYPE_INDEX_SHIFT = 9,
    TYPE_INDEX_LIMIT = (1 << 23) - 1,
    TYPES_MAX = 1 << 22 /**< types that a module or a store may have */
};

/** The kind of @p type; not for TYPE_BOTTOM. */
static inline enum wasm_value_kind type_kind(wasm_type type)
{
    return (enum wasm_value_kind)(type & 0xFF);
}

static inline bool type_is_reference(wasm_type type)
{
    uint32_t kind = type & 0xFF;
    return kind == WASM_FUNCREF || kind == WASM_EXTERNREF || kind == WASM_EXNREF;
}

/** May a local or table element of this type start out as zero or null? */
static inline bool type_is_defaultable(wasm_type type)
{
    return (type & TYPE_NON_NULL) == 0;
}

/** Is it a reference to one function type, (ref null? $t)? */
static inline bool type_is_concrete(wasm_type type)
{
    return type >> TYPE_INDEX_SHIFT != 0;
}

/** The type index of a concrete reference. */
static inline uint32_t type_index(wasm_type type)
{
    return (type >> TYPE_INDEX_SHIFT) - 1;
}

/** (ref null $index), or (ref $index) with TYPE_NON_NULL or'ed in. */
static inline wasm_type type_of_index(uint32_t index)
{
    return WASM_FUNCREF | (index + 1) << TYPE_INDEX_SHIFT;
}

/**
 * Is @p type a subtype of @p expected (spec 3.3.3)? Both from one index space. Bottom matches
 * everything.
 */
static inline bool type_matches(wasm_type type, wasm_type expected)
{
    if (type == expected || type == TYPE_BOTTOM) {
        return true;
    }
    if (!type_is_reference(type) || (type & 0xFF) != (expected & 0xFF)) {
        return false;
    }
    if ((expected & TYPE_NON_NULL) != 0 && (type & TYPE_NON_NULL) == 0) {
        return false;
    }
    return !type_is_concrete(expected) ||
           type >> TYPE_INDEX_SHIFT == expected >> TYPE_INDEX_SHIFT;
}

/** Interpreter slots of 8 bytes that a value of this type takes: 2 for v128, else 1. */
static inline uint32_t type_slots(wasm_type type)
{
    return type == TYPE_V128 ? 2 : 1;
}

/**
 * The index that stands for type @p position of a recursion group in references from inside
 * of it, while the group has no ids yet (runtime/type_registry.h).
 */
static inline uint32_t type_relative_index(uint32_t position)
{
    return TYPE_INDEX_LIMIT - 1 - position;
}

/** A function type; parameters first, then results, in `types`. */
struct wasm_function_type {
    const wasm_type *types;
    uint32_t parameter_count;
    uint32_t result_count;
    uint32_t parameter_slots; /**< sum of type_slots() */
    uint32_t result_slots;
    uint32_t group_first; /**< first type of its recursion group, in its index space */
    uint32_t group_size;  /**< 1 for an ordinary type */
};

/** Bounds of a memory (in pages) or a table (in elements). */
struct wasm_limits_spec {
    uint64_t minimum;
    uint64_t maximum; /**< without one: the largest that the address type allows */
    bool has_maximum;
    bool is_64; /**< address type i64 */
};

#define WASM_PAGE_SIZE 65536u

#endif
