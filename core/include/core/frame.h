/**
 * frame.h - a block of physical frames that somebody may map: what MemoryFrame names.
 *
 * Capabilities and mappings refer to it; with the last of them the frames go back to the
 * account that paid. But while a device may have the address of a frame (FRAME_ADDRESS),
 * it retires instead: it stays charged and unused until its account is closed.
 * A mapping of device memory has a frame object of its own, for pages that nobody pays.
 * Lock: the kernel's.
 */
#ifndef CORE_FRAME_H
#define CORE_FRAME_H

#include <stdint.h>

#include "core/account.h"
#include "core/capability.h"

struct frame {
    uint64_t address; /**< physical, of the first frame */
    uint64_t pages;   /**< how many frames */
    union {
        struct {
            uint32_t references; /**< capabilities and mappings */
            uint32_t writable;   /**< mappings that let ring 3 write */
            uint32_t
                executable; /**< mappings that let ring 3 execute; or writable is 0 */
            uint32_t mappings;
            bool is_device;    /**< no RAM: nobody's frames */
            bool address_told; /**< a device may read and write it */
        };
        struct cap_node retired; /**< CAP_NODE_RETIRED, below the account's anchor */
    };
};
_Static_assert(sizeof(struct frame) <= 64, "SLAB_64");

extern const struct object_ops frame_ops;

/** Makes a block of 2^order frames, content undefined, without references. NULL: the
 *  account can't pay, or no such block is free. */
MN_MUST_CHECK struct frame *frame_create(struct account *account, unsigned order);

/** Makes an object of frames that are in use already (the initrd) and lie outside of the
 *  free memory; @p account is charged for them. NULL: out of memory. */
MN_MUST_CHECK struct frame *frame_adopt(struct account *account, uint64_t address,
                                        uint64_t pages);

/** Makes an object of device memory, which @p account pays for. NULL: it can't. */
MN_MUST_CHECK struct frame *frame_of_device(struct account *account, uint64_t address,
                                            uint64_t pages);

/** Gives back a frame that has retired: its account is being closed. */
void frame_end_retired(struct frame *frame);

/** One more refers to it. */
void frame_retain(struct frame *frame);

/** One less refers to it; with the last one the frames are given back. */
void frame_release(struct frame *frame);

#endif
