/**
 * ops_call.c - handlers of calls: direct, indirect, by reference, tail calls, into another
 * instance, into the host.
 *
 * Interface: interp_call and its siblings; the code that stands in for functions which are
 * not translated yet or are the host's. A call lays down a link in the frame that begins
 * at its arguments and goes on at function->code with the function in acc.
 *
 * A call into another instance goes through a bridge: an inner frame behind the outer link
 * that keeps the caller's instance in its first slot and returns to `bridge_code`, which
 * puts the instance back. Both instances' frames so look the same to themselves.
 */
#include "calls.h"
#include "handlers.h"
#include "translate.h"

#define CALL_LINK(size)                                                  \
    struct interp_link *link = (struct interp_link *)(frame + pc->c);    \
    link->pc = (const struct interp_op *)((const uint8_t *)pc + (size)); \
    link->frame = frame;                                                 \
    link->caller = (struct wasm_function *)pc->more[1];                  \
    link->x = x;                                                         \
    link->y = y;                                                         \
    link->fx = fx[0];                                                    \
    link->fy = fy[0];                                                    \
    fuel = (uint32_t)fuel - (uint32_t)pc->immediate;                     \
    frame += pc->a

/* Direct: arguments at a, link at c, charge, then callee and caller. */
INTERP_HANDLER(interp_call)
{
    struct wasm_function *function = (struct wasm_function *)pc->more[0];

    CALL_LINK(32);
    acc = (uint64_t)function;
    pc = function->code;
    INTERP_NEXT(0);
}

/* acc: a function of any instance; the link is laid down. */
static INTERP_HANDLER(call_any)
{
    struct wasm_function *function = (struct wasm_function *)acc;

    if (function->instance != NULL && function->instance != instance->instance) {
        INTERP_GOTO(interp_bridge);
    }
    pc = function->code;
    INTERP_NEXT(0);
}

INTERP_HANDLER(interp_call_import)
{
    acc = pc->more[0];
    CALL_LINK(32);
    INTERP_GOTO(call_any);
}

/* The reference's slot stands in the first word. */
INTERP_HANDLER(interp_call_reference)
{
    acc = frame[pc->more[0]];
    if (__builtin_expect(acc == 0, 0)) {
        INTERP_GOTO(interp_trap_null_function);
    }
    CALL_LINK(32);
    INTERP_GOTO(call_any);
}

/*
 * Indirect: behind callee's slot and caller stand the table and the type id. The index
 * is zero-extended, so that tables with 64-bit indices need nothing more.
 */
#define INDEX_a acc
#define INDEX_x x
#define INDEX_y y
#define INDEX_s frame[pc->more[0]]
#define CALL_INDIRECT(A)                                                         \
    static INTERP_HANDLER(call_indirect_##A)                                     \
    {                                                                            \
        const struct wasm_table *table = (const struct wasm_table *)pc->more[2]; \
        uint64_t index = INDEX_##A;                                              \
        if (__builtin_expect(index >= table->size, 0)) {                         \
            INTERP_GOTO(interp_trap_undefined_element);                          \
        }                                                                        \
        struct wasm_function *function =                                         \
            (struct wasm_function *)table->elements[index];                      \
        if (__builtin_expect(function == NULL, 0)) {                             \
            INTERP_GOTO(interp_trap_uninitialized_element);                      \
        }                                                                        \
        if (__builtin_expect(function->type_id != (uint32_t)pc->more[3], 0)) {   \
            INTERP_GOTO(interp_trap_indirect_type);                              \
        }                                                                        \
        CALL_LINK(48);                                                           \
        acc = (uint64_t)function;                                                \
        if (__builtin_expect(function->instance != instance->instance, 0)) {     \
            INTERP_GOTO(call_any);                                               \
        }                                                                        \
        pc = function->code;                                                     \
        INTERP_NEXT(0);                                                          \
    }
CALL_INDIRECT(a)
CALL_INDIRECT(x)
CALL_INDIRECT(y)
CALL_INDIRECT(s)
interp_handler *const interp_call_indirect[4] = {call_indirect_a, call_indirect_x,
                                                 call_indirect_y, call_indirect_s};

/*
 * Tail calls: acc holds the function, arguments lie at a, the link in slot c. Both move to
 * where the callee's type wants them, and the callee takes this frame over.
 */
static INTERP_HANDLER(tail_call)
{
    struct wasm_function *function = (struct wasm_function *)acc;
    struct interp_link link = *(const struct interp_link *)(frame + pc->c);
    const uint64_t *arguments = frame + pc->a;
    uint32_t count = function->type->parameter_slots;

    fuel = (uint32_t)fuel - (uint32_t)pc->immediate;
    for (uint32_t i = 0; i < count; i++) {
        frame[i] = arguments[i];
    }
    *(struct interp_link *)(frame + interp_link_slot(function->type)) = link;
    INTERP_GOTO(call_any);
}

INTERP_HANDLER(interp_return_call)
{
    acc = pc->more[0];
    INTERP_GOTO(tail_call);
}

INTERP_HANDLER(interp_return_call_reference)
{
    acc = frame[pc->more[0]];
    if (__builtin_expect(acc == 0, 0)) {
        INTERP_GOTO(interp_trap_null_function);
    }
    INTERP_GOTO(tail_call);
}

INTERP_HANDLER(interp_return_call_indirect)
{
    const struct wasm_table *table = (const struct wasm_table *)pc->more[2];
    uint64_t index = frame[pc->more[0]];

    if (index >= table->size) {
        INTERP_GOTO(interp_trap_undefined_element);
    }
    acc = table->elements[index];
    if (acc == 0) {
        INTERP_GOTO(interp_trap_uninitialized_element);
    }
    if (((struct wasm_function *)acc)->type_id != (uint32_t)pc->more[3]) {
        INTERP_GOTO(interp_trap_indirect_type);
    }
    INTERP_GOTO(tail_call);
}

/* Pops the link at slot @p slot of the frame; registers and pc become the caller's. */
#define LEAVE(slot)                                                                    \
    do {                                                                               \
        const struct interp_link *link = (const struct interp_link *)(frame + (slot)); \
        pc = link->pc;                                                                 \
        frame = link->frame;                                                           \
        x = link->x;                                                                   \
        y = link->y;                                                                   \
        fx = (interp_vector){link->fx, 0};                                             \
        fy = (interp_vector){link->fy, 0};                                             \
        INTERP_NEXT(0);                                                                \
    } while (0)

/* Back from another instance: x is the outer link, y the function that was called. */
static INTERP_HANDLER(bridge_return)
{
    const struct wasm_function *function = (const struct wasm_function *)y;
    const uint64_t *inner = (const uint64_t *)((struct interp_link *)x + 1);

    instance = (struct interp_instance *)inner[0];
    memory = instance->memory0->data;
    for (uint32_t i = 0; i < function->type->result_slots; i++) {
        frame[i] = inner[1 + i];
    }
    LEAVE(interp_link_slot(function->type));
}
static const struct interp_op bridge_code = {.handler = bridge_return};

INTERP_HANDLER(interp_bridge)
{
    struct wasm_function *function = (struct wasm_function *)acc;
    uint32_t link_slot = interp_link_slot(function->type);
    uint64_t *outer = frame + link_slot;
    uint64_t *inner = outer + INTERP_LINK_SLOTS + 1;
    struct interp_link *link = (struct interp_link *)(inner + link_slot);

    if (instance->stack_end - inner < (ptrdiff_t)link_slot + INTERP_LINK_SLOTS) {
        pc = ((struct interp_link *)outer)->pc;
        INTERP_GOTO(interp_trap_stack);
    }
    inner[-1] = (uint64_t)instance;
    for (uint32_t i = 0; i < function->type->parameter_slots; i++) {
        inner[i] = frame[i];
    }
    link->pc = &bridge_code;
    link->frame = frame;
    link->caller = function;
    link->x = (uint64_t)outer;
    link->y = acc;
    link->fx = 0;
    link->fy = 0;
    frame = inner;
    instance = function->instance->executor_data;
    memory = instance->memory0->data;
    pc = function->code;
    INTERP_NEXT(0);
}

bool interp_link_is_bridge(const struct interp_link *link)
{
    return link->pc == &bridge_code;
}

/* The first call of a function: translate it, then go on at its code. */
static INTERP_HANDLER(prepare)
{
    struct wasm_function *function = (struct wasm_function *)acc;

    pc = interp_translate(instance, function);
    if (pc == NULL) {
        pc = &interp_exit_code;
        instance->shared->trap = WASM_TRAP_OUT_OF_MEMORY;
        INTERP_GOTO(interp_trap_recorded);
    }
    acc = (uint64_t)function;
    INTERP_NEXT(0);
}
const struct interp_op interp_unprepared_code = {.handler = prepare};

/* A function of the host: its frame is here, the link laid down. */
static INTERP_HANDLER(call_host)
{
    const struct wasm_function *function = (const struct wasm_function *)acc;
    uint32_t slice = (uint32_t)fuel;
    enum wasm_trap_kind trap = interp_call_host(instance, function, frame, &slice);

    fuel = slice;
    memory = instance->memory0->data;
    if (trap == WASM_TRAP_NONE) {
        acc = frame[0];
        facc = (interp_vector){((const double *)frame)[0], 0};
        LEAVE(interp_link_slot(function->type));
    }
    instance->shared->trap = trap;
    INTERP_GOTO(interp_host_failed);
}
const struct interp_op interp_host_code = {.handler = call_host};
