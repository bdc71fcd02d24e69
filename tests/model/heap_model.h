/**
 * heap_model.h - core/leftist_heap beside a table of keys, by random operations.
 */
#ifndef TESTS_HEAP_MODEL_H
#define TESTS_HEAP_MODEL_H

#include "model/choices.h"

/** Inserts and removes as @p choices says, for at most @p steps; after each the first node
 *  has the table's smallest key, and the tree is a leftist one. Ends by abort() if not. */
void heap_model_run(struct choices *choices, unsigned steps);

#endif
