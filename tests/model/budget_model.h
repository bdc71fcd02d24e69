/**
 * budget_model.h - core/time_budget beside a budget that lives through each period one by
 * one.
 */
#ifndef TESTS_BUDGET_MODEL_H
#define TESTS_BUDGET_MODEL_H

#include "model/choices.h"

/** Lets time pass, charges, takes shares and gives them back as @p choices says, for at
 *  most @p steps. Ends by abort() where the two differ. */
void budget_model_run(struct choices *choices, unsigned steps);

#endif
