/**
 * options.h - reads "--name value", "--name=value" and "--name" by a table.
 *
 * A command states its options as rows; the row says what takes the value. The same
 * rows print the command's help. Every complaint is one line.
 */
#ifndef MNOS_OPTIONS_H
#define MNOS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** Puts @p value, borrowed from argv (NULL for an option without one), into the
 *  command's structure @p target; false after complaining that it does not fit. */
typedef bool (*option_taker)(void *target, const char *value);

struct option_row {
    const char *name;  /**< "--memory" */
    const char *value; /**< what the value is called in the help; NULL: none is taken;
                        *   "[=NAME]": it may be left out, and is read as --name=value
                        *   alone */
    option_taker take;
    const char *help;
};

/** One table, and the words that are no options: at most @p operand_max of them. */
struct option_table {
    const struct option_row *rows;
    size_t count;
    size_t operand_max;
    option_taker take_operand; /**< may be NULL where operand_max is 0 */
};

/** Hands each option of @p argv (the first @p argc words) to its row; false after a
 *  complaint: an unknown option, a missing or needless value, a word too many. */
bool options_parse(const struct option_table *table, void *target, int argc,
                   char **argv);

/** Prints a line for each option, on standard output. */
void options_print_help(const struct option_table *table);

/**
 * Reads a size, "128M": decimal digits and one of K, M, G (powers of 1024).
 *
 * False for everything else, and outside of [@p minimum, @p maximum], in bytes.
 */
bool parse_size(const char *text, uint64_t minimum, uint64_t maximum,
                uint64_t *out_bytes);

/** Reads a decimal number in [@p minimum, @p maximum]; false for everything else. */
bool parse_count(const char *text, uint64_t minimum, uint64_t maximum,
                 uint64_t *out_count);

#endif
