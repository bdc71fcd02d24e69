/**
 * frame_model.h - runs the frame allocator beside a plain array of frames.
 *
 * The array says of each frame whether it is free, handed out, or never was memory. After
 * each step the counts agree; when the allocator says that no block is large enough, the
 * array is searched for one. At the end everything is given back, and the free blocks are
 * those of the beginning.
 */
#ifndef TESTS_MODEL_FRAME_MODEL_H
#define TESTS_MODEL_FRAME_MODEL_H

#include "model/choices.h"

enum { FRAME_MODEL_FRAMES_MAX = 1100 };

/** Runs at most @p steps steps on memory of @p frames frames (1 to the maximum) with a hole
 *  in it; ends the process where the allocator and the array differ. */
void frame_model_run(struct choices *choices, unsigned frames, unsigned steps);

#endif
