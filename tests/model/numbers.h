/**
 * numbers.h - a short list of numbers, as plain as can be: what a queue should hold.
 */
#ifndef TESTS_MODEL_NUMBERS_H
#define TESTS_MODEL_NUMBERS_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { NUMBERS_MAX = 16 };

struct numbers {
    int items[NUMBERS_MAX];
    int count;
};

/** Adds a number, at the front or at the end. */
static inline void numbers_push(struct numbers *list, int number, bool first)
{
    if (first) {
        memmove(list->items + 1, list->items, (size_t)list->count * sizeof(int));
        list->items[0] = number;
    } else {
        list->items[list->count] = number;
    }
    list->count++;
}

/** Takes the first number off; there is one. */
static inline int numbers_shift(struct numbers *list)
{
    int number = list->items[0];

    list->count--;
    memmove(list->items, list->items + 1, (size_t)list->count * sizeof(int));
    return number;
}

#endif
