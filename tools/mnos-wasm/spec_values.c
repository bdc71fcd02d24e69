/**
 * spec_values.c - values of the tests: read from JSON, compared, printed.
 *
 * Numbers are decimal, integers signed or not, floats as the bits of an integer;
 * "nan:canonical" and "nan:arithmetic" are patterns (spec 4.3.3). A reference without a value
 * stands for any that is not null.
 */
#include "spec.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum nan_pattern { NAN_NONE, NAN_CANONICAL, NAN_ARITHMETIC };

/* One lane or scalar: bits, or a NaN pattern. */
struct lane {
    uint64_t bits;
    enum nan_pattern pattern;
};

struct lane_type {
    const char *name;
    enum wasm_value_kind kind;
    unsigned width; /* bits */
    bool is_float;
};

static const struct lane_type lane_types[] = {
    {"i8", WASM_V128, 8, false},  {"i16", WASM_V128, 16, false},
    {"i32", WASM_I32, 32, false}, {"i64", WASM_I64, 64, false},
    {"f32", WASM_F32, 32, true},  {"f64", WASM_F64, 64, true},
};

static const struct lane_type *find_lane_type(const char *name)
{
    for (size_t i = 0; name != NULL && i < sizeof(lane_types) / sizeof(lane_types[0]);
         i++) {
        if (strcmp(name, lane_types[i].name) == 0) {
            return &lane_types[i];
        }
    }
    return NULL;
}

static uint64_t mask_of(unsigned width)
{
    return width == 64 ? UINT64_MAX : ((uint64_t)1 << width) - 1;
}

static bool parse_integer(const char *text, unsigned width, uint64_t *out_bits)
{
    bool is_negative = *text == '-';
    uint64_t number;

    if (!parse_number(text + (is_negative ? 1 : 0), &number)) {
        return false;
    }
    uint64_t limit = is_negative ? (uint64_t)1 << (width - 1) : mask_of(width);
    if (number > limit) {
        return false;
    }
    *out_bits = (is_negative ? 0 - number : number) & mask_of(width);
    return true;
}

static bool parse_lane(const char *text, const struct lane_type *type, struct lane *out)
{
    *out = (struct lane){.pattern = NAN_NONE};
    if (text == NULL) {
        return false;
    }
    if (type->is_float && strcmp(text, "nan:canonical") == 0) {
        out->pattern = NAN_CANONICAL;
        return true;
    }
    if (type->is_float && strcmp(text, "nan:arithmetic") == 0) {
        out->pattern = NAN_ARITHMETIC;
        return true;
    }
    return parse_integer(text, type->width, &out->bits);
}

static bool lane_matches(const struct lane *expected, unsigned width, uint64_t bits)
{
    uint64_t quiet = width == 32 ? 0x7FC00000 : 0x7FF8000000000000;
    uint64_t sign = (uint64_t)1 << (width - 1);

    switch (expected->pattern) {
    case NAN_CANONICAL:
        return (bits & ~sign) == quiet;
    case NAN_ARITHMETIC:
        return (bits & quiet) == quiet;
    case NAN_NONE:
        break;
    }
    return bits == expected->bits;
}

static uint64_t scalar_bits(enum wasm_value_kind kind, const union wasm_value *value)
{
    return kind == WASM_I32 || kind == WASM_F32 ? value->i32 : value->i64;
}

static uint64_t lane_bits(const union wasm_value *value, unsigned width, unsigned index)
{
    unsigned bit = index * width;

    return value->v128[bit / 64] >> (bit % 64) & mask_of(width);
}

/* Calls for each lane; the number of lanes must be the type's. */
static bool parse_vector(const struct json_node *node, union wasm_value *out_value)
{
    const struct lane_type *type = find_lane_type(json_text(node, "lane_type"));
    const struct json_node *lanes = json_member(node, "value");
    unsigned index = 0;

    if (type == NULL || lanes == NULL || lanes->kind != JSON_ARRAY) {
        return false;
    }
    out_value->v128[0] = 0;
    out_value->v128[1] = 0;
    for (const struct json_node *i = lanes->first; i != NULL; i = i->next, index++) {
        struct lane lane;
        unsigned bit = index * type->width;
        if (bit >= 128 || !parse_lane(i->text, type, &lane) ||
            lane.pattern != NAN_NONE) {
            return false;
        }
        out_value->v128[bit / 64] |= lane.bits << (bit % 64);
    }
    return index * type->width == 128;
}

static bool vector_matches(const struct json_node *node, const union wasm_value *value)
{
    const struct lane_type *type = find_lane_type(json_text(node, "lane_type"));
    const struct json_node *lanes = json_member(node, "value");
    unsigned index = 0;

    if (type == NULL || lanes == NULL || lanes->kind != JSON_ARRAY) {
        return false;
    }
    for (const struct json_node *i = lanes->first; i != NULL; i = i->next, index++) {
        struct lane lane;
        if ((index + 1) * type->width > 128 || !parse_lane(i->text, type, &lane) ||
            !lane_matches(&lane, type->width, lane_bits(value, type->width, index))) {
            return false;
        }
    }
    return index * type->width == 128;
}

static enum wasm_value_kind reference_kind(const char *name)
{
    static const struct {
        const char *name;
        enum wasm_value_kind kind;
    } kinds[] = {{"funcref", WASM_FUNCREF},     {"nullfuncref", WASM_FUNCREF},
                 {"externref", WASM_EXTERNREF}, {"nullexternref", WASM_EXTERNREF},
                 {"exnref", WASM_EXNREF},       {"nullexnref", WASM_EXNREF}};

    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        if (strcmp(name, kinds[i].name) == 0) {
            return kinds[i].kind;
        }
    }
    return (enum wasm_value_kind)0;
}

/* An external reference N of the tests is N + 1 here, as 0 is null. */
static bool parse_reference(const char *type, const char *text,
                            union wasm_value *out_value)
{
    uint64_t number;

    out_value->ref = 0;
    if (strcmp(type, "refnull") == 0) {
        return true;
    }
    if (reference_kind(type) == 0 || text == NULL) {
        return false;
    }
    if (strcmp(text, "null") == 0) {
        return true;
    }
    if (reference_kind(type) != WASM_EXTERNREF || !parse_number(text, &number)) {
        return false;
    }
    out_value->ref = number + 1;
    return true;
}

bool spec_value_parse(const struct json_node *node, union wasm_value *out_value)
{
    const char *type = json_text(node, "type");
    const struct lane_type *scalar = find_lane_type(type);
    struct lane lane;

    *out_value = (union wasm_value){.v128 = {0, 0}};
    if (type == NULL) {
        return false;
    }
    if (strcmp(type, "v128") == 0) {
        return parse_vector(node, out_value);
    }
    if (scalar == NULL) {
        return parse_reference(type, json_text(node, "value"), out_value);
    }
    if (!parse_lane(json_text(node, "value"), scalar, &lane) ||
        lane.pattern != NAN_NONE) {
        return false;
    }
    out_value->i64 = lane.bits;
    return true;
}

static bool is_reference(enum wasm_value_kind kind)
{
    return kind == WASM_FUNCREF || kind == WASM_EXTERNREF || kind == WASM_EXNREF;
}

static bool reference_matches(const char *type, const char *text,
                              const struct typed_value *actual)
{
    union wasm_value expected;

    if (!is_reference(actual->kind)) {
        return false;
    }
    if (strcmp(type, "refnull") == 0) {
        return actual->value.ref == 0;
    }
    if (reference_kind(type) != actual->kind) {
        return false;
    }
    if (strncmp(type, "null", 4) == 0) {
        return actual->value.ref == 0;
    }
    if (text == NULL) {
        return actual->value.ref != 0;
    }
    if (actual->kind != WASM_EXTERNREF && strcmp(text, "null") != 0) {
        return actual->value.ref != 0;
    }
    return parse_reference(type, text, &expected) && actual->value.ref == expected.ref;
}

bool spec_value_matches_any(const struct json_node *list,
                            const struct typed_value *actual)
{
    for (const struct json_node *i = list != NULL ? list->first : NULL; i != NULL;
         i = i->next) {
        const char *type = json_text(i, "type");
        if (type != NULL && strcmp(type, "either") != 0 &&
            spec_value_matches(i, actual)) {
            return true;
        }
    }
    return false;
}

bool spec_value_matches(const struct json_node *expected,
                        const struct typed_value *actual)
{
    const char *type = json_text(expected, "type");
    const struct lane_type *scalar = find_lane_type(type);
    struct lane lane;

    if (type == NULL) {
        return false;
    }
    if (strcmp(type, "either") == 0) {
        return spec_value_matches_any(json_member(expected, "values"), actual);
    }
    if (strcmp(type, "v128") == 0) {
        return actual->kind == WASM_V128 && vector_matches(expected, &actual->value);
    }
    if (scalar == NULL) {
        return reference_matches(type, json_text(expected, "value"), actual);
    }
    return actual->kind == scalar->kind &&
           parse_lane(json_text(expected, "value"), scalar, &lane) &&
           lane_matches(&lane, scalar->width,
                        scalar_bits(actual->kind, &actual->value));
}

void spec_value_print(const struct typed_value *value, char *buffer, size_t size)
{
    const union wasm_value *v = &value->value;

    switch (value->kind) {
    case WASM_I32:
        snprintf(buffer, size, "i32 %" PRIu32, v->i32);
        return;
    case WASM_I64:
        snprintf(buffer, size, "i64 %" PRIu64, v->i64);
        return;
    case WASM_F32:
        snprintf(buffer, size, "f32 %" PRIu32 " (%.9g)", v->i32, (double)v->f32);
        return;
    case WASM_F64:
        snprintf(buffer, size, "f64 %" PRIu64 " (%.17g)", v->i64, v->f64);
        return;
    case WASM_V128:
        snprintf(buffer, size, "v128 0x%016" PRIx64 "%016" PRIx64, v->v128[1],
                 v->v128[0]);
        return;
    case WASM_FUNCREF:
    case WASM_EXTERNREF:
    case WASM_EXNREF:
        snprintf(buffer, size, "reference 0x%" PRIx64, v->ref);
        return;
    }
    snprintf(buffer, size, "a value of unknown kind");
}
