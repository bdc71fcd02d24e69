/**
 * machine.h - the interpreter's abstract machine: its registers, the form of translated
 * code, and how one handler passes control to the next.
 *
 * A function is translated once into threaded code: a row of `struct interp_op`, each with
 * the address of the handler that executes it and up to eight bytes of operands (some
 * have eight or more bytes behind). Each handler ends with a tail call of the next one, and
 * all registers of the machine travel in argument registers of the preserve_none calling
 * convention, so that nothing is saved or restored between two operations.
 *
 *   frame     r12   the function's slots, 8 bytes each; a v128 takes two
 *   pc        r13   the operation being executed
 *   memory    r14   first byte of memory 0
 *   instance  r15   whose code runs
 *   acc       rdi   accumulator: the integer result made last
 *   x, y      rsi rdx   the two integer locals used most in this function
 *   fuel      rcx   what is left of the fuel slice, 32 bits, signed; see state.h
 *   facc      xmm0  accumulator: the float or vector result made last
 *   fx, fy    xmm1 xmm2   the two float locals used most
 *
 * Invariants. An i32 in a register or slot is zero-extended to 64 bits. A float is in lane
 * 0, an f32 in the low four bytes of its slot. An operation that writes a slot leaves the
 * value in the accumulator of its class too; a move to a slot leaves accumulators alone.
 * On entry to a function's code `acc` holds its struct wasm_function.
 */
#ifndef WASM_INTERP_MACHINE_H
#define WASM_INTERP_MACHINE_H

#include <stddef.h>
#include <stdint.h>

struct interp_instance;
struct interp_op;

typedef double interp_vector __attribute__((vector_size(16)));

#define INTERP_PARAMETERS                                                       \
    uint64_t *frame, const struct interp_op *pc, uint8_t *memory,               \
        struct interp_instance *instance, uint64_t acc, uint64_t x, uint64_t y, \
        uint64_t fuel, interp_vector facc, interp_vector fx, interp_vector fy
#define INTERP_ARGUMENTS frame, pc, memory, instance, acc, x, y, fuel, facc, fx, fy

typedef __attribute__((preserve_none)) void interp_handler(INTERP_PARAMETERS);

/** Where control goes when the fuel slice is used up, pc at the next operation. */
__attribute__((preserve_none)) void interp_slice_end(INTERP_PARAMETERS);

/** One operation. Which fields count, and what lies behind, is the handler's business. */
struct interp_op {
    interp_handler *handler;
    uint16_t a; /**< slot of the first operand */
    union {
        uint16_t d; /**< slot of the result */
        uint16_t c; /**< slot of an operand, where there is no result */
    };
    union {
        struct {
            uint16_t b; /**< slot of the second operand */
            uint16_t e; /**< slot of the third, or a lane */
        };
        int32_t immediate;
        uint32_t offset; /**< of a memory access */
        int32_t jump;    /**< bytes from this operation to the target */
    };
    uint64_t more[]; /**< further operands */
};

_Static_assert(sizeof(struct interp_op) == 16, "operations are 16 bytes and more");

/** Declares a handler. */
#define INTERP_DECLARE(name) __attribute__((preserve_none)) void name(INTERP_PARAMETERS)

/** Begins the definition of a handler. */
#define INTERP_HANDLER(name)                                                       \
    __attribute__((preserve_none)) void name(                                      \
        __attribute__((unused)) uint64_t *frame,                                   \
        __attribute__((unused)) const struct interp_op *pc,                        \
        __attribute__((unused)) uint8_t *memory,                                   \
        __attribute__((unused)) struct interp_instance *instance,                  \
        __attribute__((unused)) uint64_t acc, __attribute__((unused)) uint64_t x,  \
        __attribute__((unused)) uint64_t y, __attribute__((unused)) uint64_t fuel, \
        __attribute__((unused)) interp_vector facc,                                \
        __attribute__((unused)) interp_vector fx,                                  \
        __attribute__((unused)) interp_vector fy)

/** Ends a handler: control goes to the operation @p size bytes on. */
#define INTERP_NEXT(size)                                               \
    do {                                                                \
        pc = (const struct interp_op *)((const uint8_t *)pc + (size));  \
        __attribute__((musttail)) return pc->handler(INTERP_ARGUMENTS); \
    } while (0)

/**
 * The byte at @p address. By integers, as interp_address() makes offsets that lead from
 * memory 0 into another memory.
 */
static inline uint8_t *interp_address_of(uint8_t *memory, uint64_t address)
{
    return (uint8_t *)((uintptr_t)memory + address);
}

/** Ends a handler that takes its branch: pays for what ran, then on at the target. */
#define INTERP_BRANCH(charge)                                            \
    do {                                                                 \
        fuel = (uint32_t)fuel - (uint32_t)(charge);                      \
        pc = (const struct interp_op *)((const uint8_t *)pc + pc->jump); \
        if (__builtin_expect((int32_t)fuel < 0, 0)) {                    \
            INTERP_GOTO(interp_slice_end);                               \
        }                                                                \
        __attribute__((musttail)) return pc->handler(INTERP_ARGUMENTS);  \
    } while (0)

/** Ends a handler: control goes to @p target (another handler), pc as it is. */
#define INTERP_GOTO(target)                                          \
    do {                                                             \
        __attribute__((musttail)) return (target)(INTERP_ARGUMENTS); \
    } while (0)

#endif
