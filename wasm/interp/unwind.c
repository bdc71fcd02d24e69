/**
 * unwind.c - out of frames: exceptions to the code that catches them (spec 4.4.8.11), traps
 * to a backtrace.
 *
 * A link says which function its caller is; which function the innermost pc belongs to is
 * found among the blocks of translated code.
 */
#include "calls.h"
#include "handlers.h"
#include "runtime/exception.h"
#include "runtime/trap.h"
#include "translate.h"

enum { BACK = 8 }; /**< from a return address into the call */

const struct interp_block *interp_find_block(const struct interp_instance *instance,
                                             const struct interp_op *pc)
{
    const uint8_t *target = (const uint8_t *)pc;

    for (const struct interp_chunk *chunk = instance->chunks; chunk != NULL;
         chunk = chunk->next) {
        const uint8_t *position = (const uint8_t *)(chunk + 1);
        const uint8_t *end = (const uint8_t *)chunk + chunk->used;
        if (target < position || target >= end) {
            continue;
        }
        while (position != end) {
            const struct interp_block *block = (const struct interp_block *)position;
            position += sizeof(*block) + block->code_size +
                        block->catch_count * sizeof(struct interp_catch);
            if (target < position) {
                return block;
            }
        }
    }
    return NULL;
}

static const struct interp_block *block_of(const struct wasm_function *function)
{
    return (const struct interp_block *)function->code - 1;
}

static uint32_t code_offset(const struct interp_block *block,
                            const struct interp_op *pc)
{
    return (uint32_t)((const uint8_t *)pc - (const uint8_t *)interp_block_code(block));
}

/* The link above a frame of @p block; a bridge's own links are stepped over. */
static const struct interp_link *link_above(const struct interp_block *block,
                                            uint64_t *frame)
{
    return (const struct interp_link *)(frame + block->link_slot);
}

/* --- Traps ------------------------------------------------------------------------------ */

static void record_frame(struct wasm_store *store, const struct interp_block *block,
                         const struct interp_op *pc)
{
    struct wasm_function *function = block->function;
    uint64_t offset = 0;

    if (store->trap.depth < WASM_BACKTRACE_FRAMES) {
        offset = interp_locate(function->instance->executor_data, function,
                               code_offset(block, pc));
    }
    wasm_trap_frame(store, function, offset);
}

void interp_record_trap(struct interp_store *shared)
{
    struct wasm_store *store = shared->store;
    const struct interp_op *pc = shared->pc;
    uint64_t *frame = shared->frame;
    const struct interp_block *block = interp_find_block(shared->instance, pc);
    const struct interp_link *link;

    wasm_trap_begin(store, shared->trap);
    while (block != NULL) {
        record_frame(store, block, pc);
        link = link_above(block, frame);
        if (interp_link_is_bridge(link)) {
            link = (const struct interp_link *)link->x;
        }
        pc = (const struct interp_op *)((const uint8_t *)link->pc - BACK);
        frame = link->frame;
        block = link->caller != NULL ? block_of(link->caller) : NULL;
    }
}

/* --- Exceptions --------------------------------------------------------------------------- */

/* The catch of @p block for @p exception thrown at @p offset, or NULL. */
static const struct interp_catch *find_catch(const struct interp_block *block,
                                             uint32_t offset,
                                             const struct wasm_exception *exception)
{
    const struct interp_catch *catches = interp_block_catches(block);
    struct wasm_tag **tags = block->function->instance->tags;
    uint32_t depth = UINT32_MAX;

    for (uint32_t i = 0; i < block->catch_count; i++) {
        const struct interp_catch *catch = &catches[i];
        if (offset < catch->begin || offset >= catch->end || catch->depth > depth) {
            continue;
        }
        if (catch->target == WASM_NO_INDEX) {
            depth = catch->refund;
        } else if (catch->tag == WASM_NO_INDEX || tags[catch->tag] == exception->tag) {
            return catch;
        }
    }
    return NULL;
}

static void land(struct interp_resume *resume, const struct interp_block *block,
                 const struct interp_catch *catch,
                 const struct wasm_exception *exception)
{
    uint64_t *slots = resume->frame + catch->slot;
    uint32_t count = catch->wants_values ? exception->slot_count : 0;

    for (uint32_t i = 0; i < count; i++) {
        slots[i] = exception->slots[i];
    }
    if (catch->wants_reference) {
        slots[count] = (uint64_t)(uintptr_t)exception;
    }
    if (catch->keep_slot != WASM_NO_INDEX) {
        resume->frame[catch->keep_slot] = (uint64_t)(uintptr_t)exception;
    }
    resume->pc = (const struct interp_op *)((const uint8_t *)interp_block_code(block) +
                                            catch->target);
    resume->refund = catch->refund;
}

/* Steps to the caller's frame; false: the activation ends here. */
static bool leave_frame(struct interp_resume *resume, const struct interp_link *link)
{
    if (interp_link_is_bridge(link)) {
        const struct interp_link *outer = (const struct interp_link *)link->x;
        resume->instance = (struct interp_instance *)*(const uint64_t *)(outer + 1);
        link = outer;
    }
    if (link->caller == NULL) {
        return false;
    }
    resume->pc = (const struct interp_op *)((const uint8_t *)link->pc - BACK);
    resume->frame = link->frame;
    resume->x = link->x;
    resume->y = link->y;
    resume->fx = link->fx;
    resume->fy = link->fy;
    return true;
}

/* Finds where store->exception is caught; shared->resume says where control goes. */
static bool find_handler(struct interp_store *shared)
{
    const struct wasm_exception *exception = shared->store->exception;
    struct interp_resume *resume = &shared->resume;
    const struct interp_block *block = interp_find_block(resume->instance, resume->pc);

    while (block != NULL) {
        const struct interp_catch *catch =
            find_catch(block, code_offset(block, resume->pc), exception);
        const struct interp_link *link = link_above(block, resume->frame);
        if (catch != NULL) {
            land(resume, block, catch, exception);
            shared->store->exception = NULL;
            return true;
        }
        if (!leave_frame(resume, link)) {
            return false;
        }
        if (interp_link_is_bridge(link)) {
            link = (const struct interp_link *)link->x;
        }
        block = block_of(link->caller);
    }
    return false;
}

INTERP_HANDLER(interp_unwind)
{
    struct interp_store *shared = instance->shared;
    struct interp_resume *resume = &shared->resume;

    resume->pc = pc;
    resume->frame = frame;
    resume->instance = instance;
    resume->x = x;
    resume->y = y;
    resume->fx = fx[0];
    resume->fy = fy[0];
    if (!find_handler(shared)) {
        shared->trap = WASM_TRAP_EXCEPTION;
        INTERP_GOTO(interp_trap_recorded);
    }
    resume = &instance->shared->resume;
    pc = resume->pc;
    frame = resume->frame;
    instance = resume->instance;
    memory = instance->memory0->data;
    x = resume->x;
    y = resume->y;
    fx = (interp_vector){resume->fx, 0};
    fy = (interp_vector){resume->fy, 0};
    fuel = (uint32_t)fuel + resume->refund;
    INTERP_NEXT(0);
}

/* The tag's values in slots from a on; `immediate` the frame's size, then tag and charge. */
INTERP_HANDLER(interp_throw)
{
    struct interp_store *shared = instance->shared;
    struct wasm_tag *tag = (struct wasm_tag *)pc->more[0];
    uint64_t *top = shared->top;
    struct wasm_exception *exception;

    fuel = (uint32_t)fuel - (uint32_t)pc->more[1];
    shared->top = frame + pc->immediate;
    exception = wasm_exception_create(shared->store, tag, frame + pc->a);
    shared->top = top;
    if (exception == NULL) {
        shared->trap = WASM_TRAP_OUT_OF_MEMORY;
        INTERP_GOTO(interp_trap_recorded);
    }
    shared->store->exception = exception;
    INTERP_GOTO(interp_unwind);
}

INTERP_HANDLER(interp_throw_reference)
{
    uint64_t reference = frame[pc->a];

    fuel = (uint32_t)fuel - (uint32_t)pc->more[1];
    if (reference == 0) {
        instance->shared->trap = WASM_TRAP_NULL_EXCEPTION_REFERENCE;
        INTERP_GOTO(interp_trap_recorded);
    }
    instance->shared->store->exception = (struct wasm_exception *)reference;
    INTERP_GOTO(interp_unwind);
}

/* acc: the host function; its frame is left, the trap is the caller's. */
INTERP_HANDLER(interp_host_failed)
{
    const struct wasm_function *function = (const struct wasm_function *)acc;
    const struct interp_link *link =
        (const struct interp_link *)(frame + interp_link_slot(function->type));

    pc = (const struct interp_op *)((const uint8_t *)link->pc - BACK);
    frame = link->frame;
    x = link->x;
    y = link->y;
    fx = (interp_vector){link->fx, 0};
    fy = (interp_vector){link->fy, 0};
    if (instance->shared->trap == WASM_TRAP_EXCEPTION) {
        INTERP_GOTO(interp_unwind);
    }
    INTERP_GOTO(interp_trap_recorded);
}
