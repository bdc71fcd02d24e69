/**
 * frame.h - a block of physical frames that somebody may map: what MemoryFrame names.
 *
 * Capabilities and mappings refer to it; with the last of them the frames go back to the
 * account that paid. Lock: the kernel's.
 */
#ifndef CAP_FRAME_H
#define CAP_FRAME_H

#include <stdint.h>

#include "cap/capability.h"
#include "mem/account.h"

struct frame {
    uint64_t address;    /**< physical, of the first frame */
    uint64_t pages;      /**< how many frames */
    uint32_t references; /**< capabilities and mappings */
    uint32_t writable;   /**< mappings that let ring 3 write */
    uint32_t executable; /**< mappings that let ring 3 execute; one of both is 0 */
    uint32_t mappings;
};

extern const struct object_ops frame_ops;

/** Makes a block of 2^order frames, content undefined, without references. NULL: the
 *  account can't pay, or no such block is free. */
MN_MUST_CHECK struct frame *frame_create(struct account *account, unsigned order);

/** Makes an object of frames that are in use already (the initrd) and lie outside of the
 *  free memory; @p account is charged for them. NULL: out of memory. */
MN_MUST_CHECK struct frame *frame_adopt(struct account *account, uint64_t address,
                                        uint64_t pages);

/** One more refers to it. */
void frame_retain(struct frame *frame);

/** One less refers to it; with the last one the frames are given back. */
void frame_release(struct frame *frame);

#endif
