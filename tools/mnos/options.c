/**
 * options.c - see options.h.
 */
#include "options.h"
#include "complain.h"
#include "core/checked_math.h"
#include <stdio.h>
#include <string.h>

/** The row of the option in @p word, of which the first @p length bytes are the name. */
static const struct option_row *find_row(const struct option_table *table,
                                         const char *word, size_t length)
{
    for (size_t i = 0; i < table->count; i++) {
        const char *name = table->rows[i].name;
        if (strlen(name) == length && memcmp(name, word, length) == 0) {
            return &table->rows[i];
        }
    }
    return NULL;
}

static bool is_optional(const struct option_row *row)
{
    return row->value != NULL && row->value[0] == '[';
}

/** Parses the option at argv[*index] and moves *index to its last word. */
static bool parse_option(const struct option_table *table, void *target, int argc,
                         char **argv, int *index)
{
    const char *word = argv[*index];
    const char *equals = strchr(word, '=');
    size_t length = equals != NULL ? (size_t)(equals - word) : strlen(word);
    const struct option_row *row = find_row(table, word, length);

    if (row == NULL) {
        complain("unknown option %s (./mnos help lists them)", word);
        return false;
    }
    if (row->value == NULL) {
        if (equals != NULL) {
            complain("%s takes no value", row->name);
            return false;
        }
        return row->take(target, NULL);
    }
    if (equals != NULL) {
        return row->take(target, equals + 1);
    }
    if (is_optional(row)) {
        return row->take(target, NULL);
    }
    if (*index + 1 >= argc) {
        complain("%s needs a value: %s %s", row->name, row->name, row->value);
        return false;
    }
    (*index)++;
    return row->take(target, argv[*index]);
}

bool options_parse(const struct option_table *table, void *target, int argc,
                   char **argv)
{
    size_t operands = 0;

    for (int i = 0; i < argc; i++) {
        if (argv[i][0] == '-') {
            if (!parse_option(table, target, argc, argv, &i)) {
                return false;
            }
        } else if (operands++ >= table->operand_max) {
            complain("what is '%s'? (./mnos help)", argv[i]);
            return false;
        } else if (!table->take_operand(target, argv[i])) {
            return false;
        }
    }
    return true;
}

void options_print_help(const struct option_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        const struct option_row *row = &table->rows[i];
        char left[48];

        snprintf(left, sizeof(left), "%s%s%s", row->name,
                 row->value != NULL && !is_optional(row) ? " " : "",
                 row->value != NULL ? row->value : "");
        printf("  %-28s %s\n", left, row->help);
    }
}

/** Reads digits up to @p end; false where there are none, others, or too many. */
static bool parse_digits(const char *text, const char *end, uint64_t *out_value)
{
    uint64_t value = 0;

    if (text == end) {
        return false;
    }
    for (; text < end; text++) {
        if (*text < '0' || *text > '9' || !checked_mul(value, 10, &value) ||
            !checked_add(value, (uint64_t)(*text - '0'), &value)) {
            return false;
        }
    }
    *out_value = value;
    return true;
}

bool parse_count(const char *text, uint64_t minimum, uint64_t maximum,
                 uint64_t *out_count)
{
    uint64_t count;

    if (!parse_digits(text, text + strlen(text), &count) || count < minimum ||
        count > maximum) {
        return false;
    }
    *out_count = count;
    return true;
}

/** Bytes in one unit of a size, 0 where @p letter names none. */
static uint64_t unit_bytes(char letter)
{
    switch (letter) {
    case 'K':
        return UINT64_C(1) << 10;
    case 'M':
        return UINT64_C(1) << 20;
    case 'G':
        return UINT64_C(1) << 30;
    default:
        return 0;
    }
}

bool parse_size(const char *text, uint64_t minimum, uint64_t maximum,
                uint64_t *out_bytes)
{
    size_t length = strlen(text);
    uint64_t bytes;

    if (length == 0 || unit_bytes(text[length - 1]) == 0 ||
        !parse_digits(text, text + length - 1, &bytes) ||
        !checked_mul(bytes, unit_bytes(text[length - 1]), &bytes) || bytes < minimum ||
        bytes > maximum) {
        return false;
    }
    *out_bytes = bytes;
    return true;
}
