/**
 * cap_model.h - runs CNodes and capabilities beside a plain table.
 *
 * The table says what each slot holds, from which slot it was made, and so how many
 * capabilities name each object. All slots are compared after each step. The objects are
 * the model's own: object_ops is defined here.
 */
#ifndef TESTS_MODEL_CAP_MODEL_H
#define TESTS_MODEL_CAP_MODEL_H

#include "model/choices.h"

/** Runs at most @p steps copies, moves, drops, revokes and new roots; ends the process where the
 *  kernel's code and the table differ. */
void cap_model_run(struct choices *choices, unsigned steps);

#endif
