/**
 * arguments.h - the words of another program's command line, one after the other.
 *
 * Words are made with printf formats, so no shell ever reads them. Running out of
 * memory ends the command.
 */
#ifndef MNOS_ARGUMENTS_H
#define MNOS_ARGUMENTS_H

#include <stddef.h>

/** All zero is an empty command line. Owns its words. */
struct arguments {
    char **words; /**< NULL behind the last: fit for execvp() once there is a word */
    size_t count;
    size_t capacity;
};

/** Appends one word. */
__attribute__((format(printf, 2, 3))) void arguments_add(struct arguments *arguments,
                                                         const char *format, ...);

/** Appends two words: an option and its value, borrowed and copied as they are. */
void arguments_add_pair(struct arguments *arguments, const char *option,
                        const char *value);

/** Prints the words as one line that a shell would take, on standard error. */
void arguments_print(const struct arguments *arguments);

/** Gives back what arguments_add() took; the command line is empty then. */
void arguments_release(struct arguments *arguments);

/** The text of a printf format, owned by the caller: free(). */
__attribute__((format(printf, 1, 2))) char *text_of(const char *format, ...);

#endif
