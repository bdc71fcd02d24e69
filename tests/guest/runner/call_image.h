/**
 * call_image.h - what the tests of CALL fill registers with, and what must be left of it.
 */
#ifndef GUEST_RUNNER_CALL_IMAGE_H
#define GUEST_RUNNER_CALL_IMAGE_H

#include "guest/common/call_all.h"
#include <stdbool.h>

/** What a thread's one call answered; 1 until then. */
struct outcome {
    volatile uint64_t status;
};

/** Words and state that another seed's differ from in every byte. */
void image_fill(struct call_image *image, uint64_t slot, uint8_t seed);

/** Is all kept that a call keeps: RBP, R15, MXCSR, the control word? And is in the vector
 *  registers nothing but what was there, or 0? */
bool image_is_kept(const struct call_image *image, uint8_t seed);

#endif
