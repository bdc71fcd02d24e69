/**
 * state.c - scenarios about registers: kept over switches, clean at the start, nothing
 * of others.
 */
#include "abi/syscall.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "guest/hostile/hostile.h"
#include "mnos/process.h"

enum { KEEP_SYSCALL_ROUNDS = 200, KEEP_SPIN_ROUNDS = 1000000, X87_TAG_WORD = 4 };

static struct register_image wanted __attribute__((aligned(64)));
static struct register_image seen __attribute__((aligned(64)));

/** A pattern from which every byte of another seed's differs. */
static void fill(uint64_t seed)
{
    uint8_t *bytes = (uint8_t *)&wanted;

    for (size_t i = 0; i < sizeof(wanted); i++) {
        bytes[i] = (uint8_t)(seed * 29 + i * 7 + 1);
    }
    wanted.mxcsr = 0x1f80 | (uint32_t)(seed & 3) << 13;
    wanted.x87_control = (uint16_t)(0x37f | (seed & 3) << 10);
}

/** How many bytes of a vector register there are. */
static size_t vector_size(void)
{
    return registers_have_avx != 0 ? 32 : 16;
}

static bool vectors_equal(void)
{
    for (unsigned i = 0; i < 16; i++) {
        if (memcmp(wanted.vectors[i], seen.vectors[i], vector_size()) != 0) {
            return false;
        }
    }
    return wanted.mxcsr == seen.mxcsr && wanted.x87_control == seen.x87_control;
}

/** THREAD_ID and YIELD may clobber vector registers; SEND on slot 63, which fails, may not. */
uint64_t scenario_keep_vectors(uint64_t parameter)
{
    for (unsigned i = 0; i < 20; i++) {
        fill(parameter + i * 16ul);
        registers_hold_vectors(&wanted, &seen, -1, KEEP_SPIN_ROUNDS);
        if (!vectors_equal()) {
            return SCENARIO_BAD;
        }
        registers_hold_vectors(&wanted, &seen, MN_SYS_SEND, KEEP_SYSCALL_ROUNDS);
        if (!vectors_equal()) {
            return SCENARIO_BAD;
        }
        sys_yield();
    }
    return SCENARIO_GOOD;
}

uint64_t scenario_keep_registers(uint64_t parameter)
{
    for (unsigned i = 0; i < 20; i++) {
        fill(parameter + i * 16ul);
        registers_hold(&wanted, &seen, KEEP_SPIN_ROUNDS / 4);
        seen.rsp = wanted.rsp; /* not loaded */
        if (memcmp(&wanted, &seen, offsetof(struct register_image, rflags)) != 0) {
            return SCENARIO_BAD;
        }
    }
    return SCENARIO_GOOD;
}

/** Every register over exceptions that somebody else handles: but RDI, which a redirection
 *  sets. */
uint64_t scenario_fault_often(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        fill(parameter + i * 16);
        wanted.rflags = 0x202;
        registers_fault(&wanted, &seen);
        seen.rsp = wanted.rsp; /* not loaded */
        seen.rdi = wanted.rdi;
        seen.rcx = wanted.rcx; /* registers_fault() has used it */
        if (memcmp(&wanted, &seen, offsetof(struct register_image, mxcsr)) != 0 ||
            !vectors_equal()) {
            return SCENARIO_BAD;
        }
    }
    return SCENARIO_GOOD;
}

/** Zero but for RDI, RSP and what has a value after INIT. */
uint64_t scenario_check_start(uint64_t parameter)
{
    static const struct register_image zero;
    uint64_t argument = SCENARIO_ARGUMENT(SCENARIO_CHECK_START, parameter);

    if (start_image.rdi != argument || start_image.rsp != CHILD_STACK_TOP) {
        return 1;
    }
    start_image.rdi = 0;
    start_image.rsp = 0;
    if (memcmp(&start_image, &zero, offsetof(struct register_image, rflags)) != 0) {
        return 2;
    }
    if (start_image.rflags != 0x202) {
        return 3;
    }
    if (start_image.mxcsr != 0x1f80 || start_image.x87_control != 0x37f ||
        start_x87[X87_TAG_WORD] != 0xffff) {
        return 4;
    }
    if (memcmp(start_image.vectors, zero.vectors, sizeof(zero.vectors)) != 0) {
        return 5;
    }
    for (unsigned i = 0; i < 4; i++) {
        if (start_selectors[i] != 0 && start_selectors[i] != 0x1b) {
            return 6;
        }
    }
    return SCENARIO_GOOD;
}

/** In start.S. */
_Noreturn void plant(uint64_t secret);

static uint64_t planted[4096];

uint64_t scenario_plant(uint64_t parameter)
{
    for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
        planted[i] = parameter;
    }
    __asm__ volatile("" : : "r"(planted) : "memory");
    plant(parameter);
}

/** Memory that must be zero: .bss, and the stack's pages but the one in use. */
uint64_t scenario_search(uint64_t parameter)
{
    const uint64_t *stack =
        (const uint64_t *)(CHILD_STACK_TOP - CHILD_STACK_PAGES * MN_PAGE_SIZE);
    size_t words = (CHILD_STACK_PAGES - 1) * MN_PAGE_SIZE / sizeof(*stack);
    uint64_t status = scenario_check_start(0);

    if (status > 1) {
        return status; /* 1: the argument is another one here */
    }
    for (size_t i = 0; i < words; i++) {
        if (stack[i] != 0) {
            return 7;
        }
    }
    for (size_t i = 0; i < sizeof(planted) / sizeof(planted[0]); i++) {
        if (planted[i] == parameter || planted[i] != 0) {
            return 8;
        }
    }
    return SCENARIO_GOOD;
}
