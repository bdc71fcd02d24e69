/**
 * trap.c - see trap.h; traps as text.
 */
#include "runtime/trap.h"

#include "core/format.h"

const char *wasm_trap_text(enum wasm_trap_kind kind)
{
    static const char *const texts[] = {
        [WASM_TRAP_NONE] = "no trap",
        [WASM_TRAP_UNREACHABLE] = "unreachable",
        [WASM_TRAP_INTEGER_DIVIDE_BY_ZERO] = "integer divide by zero",
        [WASM_TRAP_INTEGER_OVERFLOW] = "integer overflow",
        [WASM_TRAP_INVALID_CONVERSION] = "invalid conversion to integer",
        [WASM_TRAP_MEMORY_OUT_OF_BOUNDS] = "out of bounds memory access",
        [WASM_TRAP_TABLE_OUT_OF_BOUNDS] = "out of bounds table access",
        [WASM_TRAP_UNDEFINED_ELEMENT] = "undefined element",
        [WASM_TRAP_UNINITIALIZED_ELEMENT] = "uninitialized element",
        [WASM_TRAP_INDIRECT_CALL_TYPE] = "indirect call type mismatch",
        [WASM_TRAP_NULL_REFERENCE] = "null reference",
        [WASM_TRAP_NULL_FUNCTION_REFERENCE] = "null function reference",
        [WASM_TRAP_NULL_EXCEPTION_REFERENCE] = "null exception reference",
        [WASM_TRAP_STACK_EXHAUSTED] = "call stack exhausted",
        [WASM_TRAP_OUT_OF_FUEL] = "out of fuel",
        [WASM_TRAP_INTERRUPTED] = "interrupted",
        [WASM_TRAP_OUT_OF_MEMORY] = "the engine is out of memory",
        [WASM_TRAP_EXCEPTION] = "unhandled exception",
        [WASM_TRAP_HOST] = "host function failed",
        [WASM_TRAP_EXIT] = "program exit",
    };

    return (size_t)kind < sizeof(texts) / sizeof(texts[0]) ? texts[kind]
                                                           : "unknown trap";
}

enum wasm_trap_kind wasm_trap_begin(struct wasm_store *store, enum wasm_trap_kind kind)
{
    struct wasm_trap *trap = &store->trap;

    /* A host function passes on what a call of its own ran into: its frames stay. */
    if (!store->trap_continues || trap->kind != kind) {
        trap->depth = 0;
        trap->frame_count = 0;
    }
    store->trap_continues = false;
    trap->kind = kind;
    if (kind != WASM_TRAP_HOST) {
        trap->message = NULL;
    }
    if (kind != WASM_TRAP_EXIT) {
        trap->exit_code = 0;
    }
    return kind;
}

void wasm_trap_frame(struct wasm_store *store, const struct wasm_function *function,
                     uint64_t offset)
{
    struct wasm_trap *trap = &store->trap;

    if (trap->frame_count < WASM_BACKTRACE_FRAMES) {
        trap->frames[trap->frame_count++] = (struct wasm_frame){
            .module = function->instance == NULL ? NULL : function->instance->module,
            .function = function->index,
            .offset = offset,
        };
    }
    trap->depth++;
}

/** Bytes that format_buffer() left in a buffer of @p size. */
static size_t clamp(size_t written, size_t size)
{
    if (size == 0) {
        return 0;
    }
    return written < size ? written : size - 1;
}

static size_t print_frame(const struct wasm_frame *frame, uint32_t number, char *buffer,
                          size_t size)
{
    struct wasm_name name = {NULL, 0};

    if (frame->module == NULL) {
        return clamp(format_buffer(buffer, size, "\n  %2u: host function", number),
                     size);
    }
    name = wasm_module_function_name(frame->module, frame->function);
    return clamp(
        format_buffer(buffer, size, "\n  %2u: function %u%s%.*s, offset 0x%llx", number,
                      frame->function, name.size > 0 ? " " : "", (int)name.size,
                      name.size > 0 ? name.bytes : "",
                      (unsigned long long)frame->offset),
        size);
}

size_t wasm_trap_print(const struct wasm_trap *trap, char *buffer, size_t size)
{
    size_t used;

    if (trap->kind == WASM_TRAP_EXIT) {
        used = format_buffer(buffer, size, "trap: %s with status %d",
                             wasm_trap_text(trap->kind), trap->exit_code);
    } else if (trap->kind == WASM_TRAP_HOST && trap->message != NULL) {
        used = format_buffer(buffer, size, "trap: %s", trap->message);
    } else {
        used = format_buffer(buffer, size, "trap: %s", wasm_trap_text(trap->kind));
    }
    used = clamp(used, size);
    for (uint32_t i = 0; i < trap->frame_count; i++) {
        used += print_frame(&trap->frames[i], i, buffer + used, size - used);
    }
    if (trap->depth > trap->frame_count) {
        used += clamp(format_buffer(buffer + used, size - used, "\n  and %u more",
                                    trap->depth - trap->frame_count),
                      size - used);
    }
    return used;
}
