/**
 * calls.h - what handlers of calls need besides each other: the host's functions, bridges,
 * and the way out of frames.
 */
#ifndef WASM_INTERP_CALLS_H
#define WASM_INTERP_CALLS_H

#include "state.h"

/** Calls function acc of another instance through a bridge; the outer link is laid down. */
INTERP_DECLARE(interp_bridge);

/** Leaves the frame of a host function that failed with shared->trap, then traps or unwinds. */
INTERP_DECLARE(interp_host_failed);

/** Hands store->exception to the innermost frame that catches it; pc where it was thrown. */
INTERP_DECLARE(interp_unwind);

/** Is it the link of a bridge's inner frame? Then link->x is the outer link. */
bool interp_link_is_bridge(const struct interp_link *link);

/**
 * Calls the host function @p function with the arguments in @p frame and puts its results
 * there. *@p slice is the fuel register, settled before and taken again behind. Returns what
 * the host returned, or a trap of the engine's own.
 */
enum wasm_trap_kind interp_call_host(struct interp_instance *instance,
                                     const struct wasm_function *function,
                                     uint64_t *frame, uint32_t *slice);

/**
 * Takes the next slice for *@p slice, which is negative. False: shared->trap says why
 * there is none.
 */
bool interp_slice_refill(struct interp_store *shared, uint32_t *slice);

/** Gives what is left of @p slice back to the store. */
void interp_slice_settle(struct interp_store *shared, uint32_t slice);

/** A slice for an activation that begins. */
uint32_t interp_slice_begin(struct interp_store *shared);

/** The block whose code @p pc lies in, among those of @p instance, or NULL. */
const struct interp_block *interp_find_block(const struct interp_instance *instance,
                                             const struct interp_op *pc);

/** Records the trap shared->trap with its backtrace in the store. */
void interp_record_trap(struct interp_store *shared);

#endif
