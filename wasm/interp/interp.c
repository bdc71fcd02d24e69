/**
 * interp.c - the interpreter as an executor (runtime/executor.h): its state for stores and
 * instances, activations, calls of host functions, fuel slices.
 *
 * Invariants. An activation begins at shared->top and everything below is in use by outer
 * ones. Threaded code is entered in run_code() only, which has no frame of its own to speak
 * of: callers with realigned frames and preserve_none do not go together.
 */
#include "calls.h"
#include "module/allocate.h"
#include "runtime/executor.h"
#include "runtime/trap.h"
#include "translate.h"

enum { STACK_MINIMUM_BYTES = 4096, SLOT_BYTES = 8, VALUE_SLOTS = 2 };
_Static_assert(sizeof(union wasm_value) == sizeof(uint64_t) * VALUE_SLOTS,
               "a value is two slots");

/* --- Stores and instances ----------------------------------------------------------- */

static uint64_t stack_slots(const struct wasm_store *store)
{
    uint64_t bytes = store->limits.stack_bytes;

    return (bytes < STACK_MINIMUM_BYTES ? STACK_MINIMUM_BYTES : bytes) / SLOT_BYTES;
}

static void detach(struct wasm_store *store)
{
    const struct wasm_platform *platform = store_platform(store);
    struct interp_store *shared = store->executor_data;

    if (shared == NULL) {
        return;
    }
    interp_translator_release(shared->translator);
    wasm_release(platform, shared->stack, stack_slots(store), SLOT_BYTES);
    wasm_release(platform, shared, 1, sizeof(*shared));
    store->executor_data = NULL;
}

static enum wasm_status attach(struct wasm_store *store)
{
    const struct wasm_platform *platform = store_platform(store);
    struct interp_store *shared = wasm_allocate_zeroed(platform, 1, sizeof(*shared));

    store->executor_data = shared;
    if (shared == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    shared->store = store;
    shared->stack = wasm_allocate(platform, stack_slots(store), SLOT_BYTES);
    shared->translator = interp_translator_create(store);
    if (shared->stack == NULL || shared->translator == NULL) {
        detach(store);
        return WASM_OUT_OF_MEMORY;
    }
    shared->stack_end = shared->stack + stack_slots(store);
    shared->top = shared->stack;
    return WASM_OK;
}

static enum wasm_status attach_instance(struct wasm_instance *instance)
{
    struct interp_store *shared = instance->store->executor_data;
    struct interp_instance *own =
        wasm_allocate_zeroed(store_platform(instance->store), 1, sizeof(*own));

    instance->executor_data = own;
    if (own == NULL) {
        return WASM_OUT_OF_MEMORY;
    }
    own->instance = instance;
    own->shared = shared;
    own->stack_end = shared->stack_end;
    own->memory0 =
        instance->module->memory_count != 0 ? instance->memories[0] : &own->no_memory;
    return WASM_OK;
}

static void detach_instance(struct wasm_instance *instance)
{
    const struct wasm_platform *platform = store_platform(instance->store);
    struct interp_instance *own = instance->executor_data;
    struct interp_chunk *next;

    if (own == NULL) {
        return;
    }
    for (struct interp_chunk *chunk = own->chunks; chunk != NULL; chunk = next) {
        next = chunk->next;
        wasm_release(platform, chunk, chunk->size, 1);
    }
    wasm_release(platform, own, 1, sizeof(*own));
    instance->executor_data = NULL;
}

/* --- Fuel ------------------------------------------------------------------------------ */

uint32_t interp_slice_begin(struct interp_store *shared)
{
    struct wasm_store *store = shared->store;
    uint64_t slice = INTERP_SLICE;

    if (store->counts_fuel) {
        slice = store->fuel < slice ? store->fuel : slice;
        store->fuel -= slice;
    }
    return (uint32_t)slice;
}

void interp_slice_settle(struct interp_store *shared, uint32_t slice)
{
    struct wasm_store *store = shared->store;
    int64_t left = (int32_t)slice;

    if (store->counts_fuel) {
        store->fuel = left < 0 && store->fuel < (uint64_t)-left
                          ? 0
                          : store->fuel + (uint64_t)left;
    }
}

bool interp_slice_refill(struct interp_store *shared, uint32_t *slice)
{
    struct wasm_store *store = shared->store;
    uint64_t overdraft = (uint64_t)(-(int64_t)(int32_t)*slice);

    if (atomic_load_explicit(&store->interrupt, memory_order_relaxed) != 0) {
        atomic_store_explicit(&store->interrupt, 0, memory_order_relaxed);
        shared->trap = WASM_TRAP_INTERRUPTED;
        return false;
    }
    if (store->counts_fuel && store->fuel < overdraft) {
        store->fuel = 0;
        *slice = 0;
        shared->trap = WASM_TRAP_OUT_OF_FUEL;
        return false;
    }
    if (store->counts_fuel) {
        store->fuel -= overdraft;
    }
    *slice = interp_slice_begin(shared);
    return true;
}

/* --- Values between slots and the embedder --------------------------------------------- */

static uint64_t *store_value(uint64_t *slot, wasm_type type,
                             const union wasm_value *value)
{
    switch (type & 0xFF) {
    case TYPE_I32:
    case TYPE_F32:
        slot[0] = value->i32;
        return slot + 1;
    case TYPE_V128:
        slot[0] = value->v128[0];
        slot[1] = value->v128[1];
        return slot + 2;
    default:
        slot[0] = value->i64;
        return slot + 1;
    }
}

static const uint64_t *load_value(const uint64_t *slot, wasm_type type,
                                  union wasm_value *value)
{
    value->v128[0] = slot[0];
    value->v128[1] = 0;
    switch (type & 0xFF) {
    case TYPE_I32:
    case TYPE_F32:
        value->i64 = (uint32_t)slot[0];
        return slot + 1;
    case TYPE_V128:
        value->v128[1] = slot[1];
        return slot + 2;
    default:
        return slot + 1;
    }
}

/* --- Calls into the host ----------------------------------------------------------------- */

enum wasm_trap_kind interp_call_host(struct interp_instance *instance,
                                     const struct wasm_function *function,
                                     uint64_t *frame, uint32_t *slice)
{
    struct interp_store *shared = instance->shared;
    const struct wasm_function_type *type = function->type;
    uint64_t *top = shared->top;
    uint64_t *area = frame + interp_link_slot(type) + INTERP_LINK_SLOTS;
    uint64_t *results = area + VALUE_SLOTS * (size_t)type->parameter_count;
    uint64_t *end = results + VALUE_SLOTS * (size_t)type->result_count;
    const uint64_t *slot = frame;
    enum wasm_trap_kind trap;

    if (shared->stack_end < end) {
        return WASM_TRAP_STACK_EXHAUSTED;
    }
    if ((int32_t)*slice < 0 && !interp_slice_refill(shared, slice)) {
        return shared->trap;
    }
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        slot = load_value(slot, type->types[i], (union wasm_value *)area + i);
    }
    interp_slice_settle(shared, *slice);
    shared->top = end;
    trap = function->host->callback(function->host->context, instance->instance,
                                    (const union wasm_value *)area,
                                    (union wasm_value *)results);
    shared->top = top;
    *slice = interp_slice_begin(shared);
    /* A host function that was waiting may have come back because of an interrupt. */
    if (trap == WASM_TRAP_NONE &&
        atomic_load_explicit(&shared->store->interrupt, memory_order_relaxed) != 0) {
        atomic_store_explicit(&shared->store->interrupt, 0, memory_order_relaxed);
        trap = WASM_TRAP_INTERRUPTED;
    }
    for (uint32_t i = 0; trap == WASM_TRAP_NONE && i < type->result_count; i++) {
        frame = store_value(frame, type->types[type->parameter_count + i],
                            (const union wasm_value *)results + i);
    }
    return trap;
}

/* --- Activations --------------------------------------------------------------------------- */

struct activation {
    struct interp_store *shared;
    struct wasm_function *function;
    uint64_t *frame;
    uint32_t slice;
};

/* The one door into threaded code. */
__attribute__((noinline)) static void run_code(void *argument)
{
    const struct activation *activation = argument;
    struct interp_instance *instance = activation->function->instance->executor_data;
    const struct interp_op *code = activation->function->code;
    interp_vector zero = {0, 0};

    code->handler(activation->frame, code, instance->memory0->data, instance,
                  (uint64_t)(uintptr_t)activation->function, 0, 0, activation->slice,
                  zero, zero, zero);
}

/* Register numbers of the machine's registers in struct wasm_fault. */
enum { FAULT_FUEL = 1, FAULT_FRAME = 12, FAULT_PC = 13, FAULT_INSTANCE = 15 };
enum { HANDLER_BYTES = 256, BACK = 8 };

/*
 * A guard page was hit. The handler may have advanced pc before the access, so when
 * pc's own handler is not the one that faulted, it is the operation before.
 */
static void record_fault(struct interp_store *shared, const struct wasm_fault *fault)
{
    const struct interp_op *pc = (const struct interp_op *)fault->registers[FAULT_PC];
    uint64_t distance = fault->program_counter - (uint64_t)(uintptr_t)pc->handler;

    if (distance >= HANDLER_BYTES) {
        pc = (const struct interp_op *)((const uint8_t *)pc - BACK);
    }
    shared->trap = WASM_TRAP_MEMORY_OUT_OF_BOUNDS;
    shared->pc = pc;
    shared->frame = (uint64_t *)fault->registers[FAULT_FRAME];
    shared->instance = (struct interp_instance *)fault->registers[FAULT_INSTANCE];
    shared->slice = (uint32_t)fault->registers[FAULT_FUEL];
}

static void run(struct activation *activation)
{
    struct interp_store *shared = activation->shared;
    const struct wasm_engine *engine = shared->store->engine;
    const struct wasm_platform *platform = &engine->platform;
    struct wasm_fault fault;

    if (!engine->guarded_memory) {
        run_code(activation);
    } else if (!platform->enter(platform->context, run_code, activation, &fault)) {
        record_fault(shared, &fault);
    }
}

static enum wasm_trap_kind invoke(struct wasm_store *store,
                                  struct wasm_function *function,
                                  const union wasm_value *arguments,
                                  union wasm_value *results)
{
    struct interp_store *shared = store->executor_data;
    const struct wasm_function_type *type = function->type;
    struct activation activation = {shared, function, shared->top, 0};
    uint64_t *slot = shared->top;
    const uint64_t *result = shared->top;
    struct interp_link *link =
        (struct interp_link *)(shared->top + interp_link_slot(type));

    if (shared->stack_end - slot <
        (ptrdiff_t)interp_link_slot(type) + INTERP_LINK_SLOTS) {
        return wasm_trap_begin(store, WASM_TRAP_STACK_EXHAUSTED);
    }
    for (uint32_t i = 0; i < type->parameter_count; i++) {
        slot = store_value(slot, type->types[i], &arguments[i]);
    }
    *link = (struct interp_link){.pc = &interp_exit_code, .frame = activation.frame};
    activation.slice = interp_slice_begin(shared);
    if (atomic_load_explicit(&store->interrupt, memory_order_relaxed) != 0) {
        interp_slice_settle(shared, activation.slice);
        atomic_store_explicit(&store->interrupt, 0, memory_order_relaxed);
        return wasm_trap_begin(store, WASM_TRAP_INTERRUPTED);
    }
    run(&activation);
    interp_slice_settle(shared, shared->slice);
    shared->top = activation.frame;
    if (shared->trap != WASM_TRAP_NONE) {
        interp_record_trap(shared);
        return shared->trap;
    }
    for (uint32_t i = 0; i < type->result_count; i++) {
        result =
            load_value(result, type->types[type->parameter_count + i], &results[i]);
    }
    return WASM_TRAP_NONE;
}

static void visit_stack(struct wasm_store *store, wasm_visit_words visit, void *context)
{
    const struct interp_store *shared = store->executor_data;

    visit(context, shared->stack, (size_t)(shared->top - shared->stack));
}

const struct wasm_executor wasm_interpreter = {
    .attach = attach,
    .detach = detach,
    .attach_instance = attach_instance,
    .detach_instance = detach_instance,
    .invoke = invoke,
    .visit_stack = visit_stack,
    .unprepared_code = &interp_unprepared_code,
    .host_code = &interp_host_code,
};
