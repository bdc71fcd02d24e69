/**
 * file_model.h - the RAM file system beside a slow model of it, by the same random requests.
 */
#ifndef TESTS_MODEL_FILE_MODEL_H
#define TESTS_MODEL_FILE_MODEL_H

#include "model/choices.h"

/** Runs until the choices are used up, at most @p steps requests; aborts on a difference. */
void file_model_run(struct choices *choices, unsigned steps);

/** The same with the client of 9P, over a server of it. */
void file_model_run_p9(struct choices *choices, unsigned steps);

#endif
