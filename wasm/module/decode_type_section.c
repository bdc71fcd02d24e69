/**
 * decode_type_section.c - function types and their recursion groups (spec 5.5.4, 5.3.6).
 *
 * Types are made canonical here: canonical_types[i] is the first type equal to type i, and
 * concrete references are written with canonical indices, so that equal words are equal
 * types in the whole module.
 */
#include "module/decode.h"

#include "module/allocate.h"

enum {
    PARAMETERS_MAX = 1000, /* and results: this engine's choice (spec 7.2) */
    FORM_FUNCTION = 0x60,
    FORM_RECURSIVE = 0x4E
};

/** A recursion group, in the hash table that finds equal ones. */
struct type_group {
    uint32_t first;
    uint32_t next; /* group in the chain, or WASM_NO_INDEX */
};

struct type_builder {
    uint32_t words;    /* used of the module's type words */
    uint32_t *buckets; /* first group of each chain, or WASM_NO_INDEX */
    uint64_t seed;     /* an address: no module knows it, and can fill one chain */
    uint32_t bucket_count;
    struct type_group *groups;
    uint32_t group_count;
    uint32_t group_capacity;
};

/** @p word of a type: references inside of its group by their place, with no kind. */
static wasm_type comparable(const struct wasm_function_type *type, wasm_type word)
{
    uint32_t place;

    if (!type_is_concrete(word)) {
        return word;
    }
    place = type_index(word) - type->group_first;
    if (place >= type->group_size) {
        return word;
    }
    return (place + 1) << TYPE_INDEX_SHIFT | (word & TYPE_NON_NULL);
}

static uint64_t type_hash(uint64_t hash, const struct wasm_function_type *type)
{
    uint32_t count = type->parameter_count + type->result_count;

    hash = (hash ^ type->parameter_count) * 0x9E3779B97F4A7C15ull + type->result_count;
    for (uint32_t i = 0; i < count; i++) {
        hash = (hash ^ comparable(type, type->types[i])) * 0x9E3779B97F4A7C15ull;
        hash ^= hash >> 29;
    }
    return hash;
}

static bool types_equal(const struct wasm_function_type *left,
                        const struct wasm_function_type *right)
{
    uint32_t count = left->parameter_count + left->result_count;

    if (left->parameter_count != right->parameter_count ||
        left->result_count != right->result_count) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (comparable(left, left->types[i]) != comparable(right, right->types[i])) {
            return false;
        }
    }
    return true;
}

static bool groups_equal(const struct wasm_module *module, uint32_t a, uint32_t b)
{
    uint32_t size = module->types[a].group_size;

    if (module->types[b].group_size != size) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (!types_equal(&module->types[a + i], &module->types[b + i])) {
            return false;
        }
    }
    return true;
}

/** Makes the group at @p first stand for the equal one at @p other, references included. */
static void replace_group(struct wasm_module *module, uint32_t first, uint32_t other)
{
    uint32_t size = module->types[first].group_size;

    for (uint32_t i = 0; i < size; i++) {
        const struct wasm_function_type *type = &module->types[first + i];
        uint32_t count = type->parameter_count + type->result_count;
        wasm_type *words = module->type_words + (type->types - module->type_words);

        for (uint32_t k = 0; k < count; k++) {
            if (type_is_concrete(words[k]) && type_index(words[k]) - first < size) {
                words[k] = type_of_index(type_index(words[k]) - first + other) |
                           (words[k] & TYPE_NON_NULL);
            }
        }
        module->canonical_types[first + i] = other + i;
    }
    for (uint32_t i = 0; i < size; i++) {
        module->types[first + i].group_first = other;
    }
}

/** Finds an equal group before the one at @p first, or enters it in the table. */
static bool canonicalize(struct wasm_decoder *decoder, struct type_builder *builder,
                         uint32_t first)
{
    struct wasm_module *module = decoder->module;
    uint32_t size = module->types[first].group_size;
    uint64_t hash = builder->seed + size;
    uint32_t *bucket;

    for (uint32_t i = 0; i < size; i++) {
        hash = type_hash(hash, &module->types[first + i]);
    }
    bucket = &builder->buckets[(hash >> 32) & (builder->bucket_count - 1)];
    for (uint32_t g = *bucket; g < builder->group_count; g = builder->groups[g].next) {
        if (groups_equal(module, builder->groups[g].first, first)) {
            replace_group(module, first, builder->groups[g].first);
            return true;
        }
    }
    if (!wasm_decode_reserve(
            decoder, (void **)&builder->groups, &builder->group_capacity,
            (uint64_t)builder->group_count + 1, sizeof(*builder->groups))) {
        return false;
    }
    builder->groups[builder->group_count] = (struct type_group){first, *bucket};
    *bucket = builder->group_count++;
    return true;
}

/** Reads one list of types, whose indices are below @p limit, to the module's type words. */
static bool decode_type_list(struct wasm_decoder *decoder, struct type_builder *builder,
                             uint32_t limit, uint32_t *out_count)
{
    struct wasm_module *module = decoder->module;

    if (!wasm_decode_count(decoder, "value types", out_count)) {
        return false;
    }
    if (*out_count > PARAMETERS_MAX) {
        return wasm_decode_fail(decoder, WASM_TOO_LARGE,
                                "%u parameters or results: at most %d are supported",
                                *out_count, PARAMETERS_MAX);
    }
    if (!wasm_decode_reserve(
            decoder, (void **)&module->type_words, &module->type_word_capacity,
            (uint64_t)builder->words + *out_count + 1, sizeof(wasm_type))) {
        return false;
    }
    for (uint32_t i = 0; i < *out_count; i++) {
        if (!wasm_decode_value_type_below(decoder, limit,
                                          &module->type_words[builder->words + i])) {
            return false;
        }
    }
    builder->words += *out_count;
    return true;
}

static uint32_t count_slots(const wasm_type *types, uint32_t count)
{
    uint32_t slots = 0;

    for (uint32_t i = 0; i < count; i++) {
        slots += type_slots(types[i]);
    }
    return slots;
}

/** Makes the words' final place known to the types that were read so far. */
static void rebase_types(struct wasm_module *module, uint32_t count)
{
    const wasm_type *words = module->type_words;

    for (uint32_t i = 0; i < count; i++) {
        module->types[i].types = words;
        words += module->types[i].parameter_count + module->types[i].result_count;
    }
}

/** Type @p index, of a group that ends before type @p limit. */
static bool decode_function_type(struct wasm_decoder *decoder,
                                 struct type_builder *builder, uint32_t index,
                                 uint32_t limit)
{
    struct wasm_module *module = decoder->module;
    struct wasm_function_type *type = &module->types[index];
    const wasm_type *old_words = module->type_words;
    uint32_t first = builder->words;
    uint8_t form;

    if (!wasm_decode_byte(decoder, "function type", &form)) {
        return false;
    }
    if (form != FORM_FUNCTION) {
        return wasm_decode_unknown_type(decoder, "function type", form);
    }
    if (!decode_type_list(decoder, builder, limit, &type->parameter_count) ||
        !decode_type_list(decoder, builder, limit, &type->result_count)) {
        return false;
    }
    if (type->result_count > 1 &&
        !wasm_decode_feature(decoder, WASM_FEATURE_MULTI_VALUE)) {
        return false;
    }
    if (module->type_words != old_words) {
        rebase_types(module, index);
    }
    type->types = module->type_words + first;
    type->parameter_slots = count_slots(type->types, type->parameter_count);
    type->result_slots =
        count_slots(type->types + type->parameter_count, type->result_count);
    return true;
}

/** Room for @p size types behind those there are, each standing for itself. */
static bool begin_group(struct wasm_decoder *decoder, uint32_t size)
{
    struct wasm_module *module = decoder->module;
    uint32_t first = module->type_count;
    uint64_t needed = (uint64_t)first + size;

    if (needed > TYPES_MAX) {
        return wasm_decode_fail(decoder, WASM_TOO_LARGE,
                                "too many types: at most %d are supported", TYPES_MAX);
    }
    if (!wasm_decode_reserve(decoder, (void **)&module->types, &module->type_capacity,
                             needed, sizeof(*module->types)) ||
        !wasm_decode_reserve(decoder, (void **)&module->canonical_types,
                             &module->canonical_capacity, needed,
                             sizeof(*module->canonical_types))) {
        return false;
    }
    for (uint32_t i = first; i < needed; i++) {
        module->canonical_types[i] = i;
        module->types[i] =
            (struct wasm_function_type){.group_first = first, .group_size = size};
    }
    return true;
}

/** One entry of the section: a type, or `rec` with a group of them. */
static bool decode_group(struct wasm_decoder *decoder, struct type_builder *builder)
{
    struct wasm_module *module = decoder->module;
    bool recursive = (module->engine->features & WASM_FEATURE_RECURSIVE_TYPES) != 0;
    uint32_t first = module->type_count;
    uint32_t size = 1;

    if (recursive && reader_left(&decoder->reader) > 0 &&
        *decoder->reader.position == FORM_RECURSIVE) {
        decoder->reader.position++;
        module->features |= WASM_FEATURE_RECURSIVE_TYPES;
        if (!wasm_decode_count(decoder, "types of a recursion group", &size)) {
            return false;
        }
    }
    if (!begin_group(decoder, size)) {
        return false;
    }
    for (uint32_t i = 0; i < size; i++) {
        if (!decode_function_type(decoder, builder, first + i,
                                  recursive ? first + size : first)) {
            return false;
        }
    }
    module->type_count = first + size;
    return size == 0 || canonicalize(decoder, builder, first);
}

static bool decode_groups(struct wasm_decoder *decoder, struct type_builder *builder,
                          uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (!decode_group(decoder, builder)) {
            return false;
        }
    }
    return true;
}

bool wasm_decode_type_section(struct wasm_decoder *decoder)
{
    struct wasm_module *module = decoder->module;
    struct type_builder builder = {.bucket_count = 16};
    uint32_t count;
    bool done = false;

    if (!wasm_decode_count(decoder, "types", &count) ||
        !wasm_decode_reserve(decoder, (void **)&module->types, &module->type_capacity,
                             count, sizeof(*module->types))) {
        return false;
    }
    while (builder.bucket_count < count) {
        builder.bucket_count *= 2;
    }
    builder.buckets = wasm_allocate(decoder->platform, builder.bucket_count,
                                    sizeof(*builder.buckets));
    if (builder.buckets == NULL) {
        wasm_decode_no_memory(decoder, "types");
    } else {
        builder.seed = (uintptr_t)builder.buckets;
        memset(builder.buckets, 0xFF, builder.bucket_count * sizeof(*builder.buckets));
        done = decode_groups(decoder, &builder, count);
    }
    wasm_release(decoder->platform, builder.groups, builder.group_capacity,
                 sizeof(*builder.groups));
    wasm_release(decoder->platform, builder.buckets, builder.bucket_count,
                 sizeof(*builder.buckets));
    return done;
}
