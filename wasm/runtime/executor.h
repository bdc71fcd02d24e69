/**
 * executor.h - what the runtime asks of whatever runs functions: the interpreter, the JIT.
 *
 * The runtime stands below the executors and knows them only by this table. One store has one
 * executor from its beginning to its end.
 *
 * Contract of an executor
 *  - `function->code` belongs to it. The runtime sets it to `unprepared_code` for Wasm functions
 *    and to `host_code` for host functions, so a call can always jump through it. Code is per
 *    instance: addresses of globals, memories and tables may be baked in, and whether
 *    memory 0 is guarded is known. The executor translates on first call.
 *  - The Wasm stack is its own allocation (limits.stack_bytes), never the host's. Nesting on
 *    the host's stack happens only by host functions that call wasm_call(), which counts
 *    store->host_depth.
 *  - At every throw, every host call and every call of wasm_exception_create(), all live
 *    exnrefs lie in 8-byte-aligned words that `visit_stack` reports.
 *  - It reads store->interrupt (relaxed) at function entries and loop heads; when it is set
 *    it clears it and traps WASM_TRAP_INTERRUPTED.
 *  - With store->counts_fuel it takes from store->fuel one unit an instruction that ran, and
 *    traps WASM_TRAP_OUT_OF_FUEL at a loop head or a function's entry that finds none left:
 *    the place depends on the code only.
 *  - On a trap it calls wasm_trap_begin() and then wasm_trap_frame() for each frame of its
 *    activation, innermost first. Frames of outer activations follow by themselves, as each
 *    invoke() unwinds with the trap that the host function returned.
 *  - A pending exception (store->exception) leaves invoke() as WASM_TRAP_EXCEPTION; the same
 *    from a host function is an exception that Wasm code may catch.
 */
#ifndef WASM_RUNTIME_EXECUTOR_H
#define WASM_RUNTIME_EXECUTOR_H

#include "runtime/objects.h"

/** Called with a range of words of which some may be references to exceptions. */
typedef void (*wasm_visit_words)(void *context, const uint64_t *words, size_t count);

struct wasm_executor {
    /** Makes store->executor_data. WASM_OUT_OF_MEMORY. */
    enum wasm_status (*attach)(struct wasm_store *store);
    /** Inverse of attach; all instances were detached before. */
    void (*detach)(struct wasm_store *store);
    /** A new instance, its objects all made, no code run yet. May be NULL. */
    enum wasm_status (*attach_instance)(struct wasm_instance *instance);
    /** Inverse; releases the code of its functions. May be NULL. */
    void (*detach_instance)(struct wasm_instance *instance);
    /**
     * Runs a Wasm function (not a host function) with arguments and results as in
     * wasm_call().
     */
    enum wasm_trap_kind (*invoke)(struct wasm_store *store,
                                  struct wasm_function *function,
                                  const union wasm_value *arguments,
                                  union wasm_value *results);
    /** Reports the live part of the Wasm stack of all activations. */
    void (*visit_stack)(struct wasm_store *store, wasm_visit_words visit,
                        void *context);
    const void *unprepared_code;
    const void *host_code;
};

/** The interpreter; wasm/interp/interp.c. The one upward reference of the runtime. */
extern const struct wasm_executor wasm_interpreter;

#endif
