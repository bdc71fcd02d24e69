/**
 * traps.c - exceptions with a trap handler, which may be as bad as the runner wants.
 */
#include "abi/user_memory_map.h"
#include "guest/common/attacks.h"
#include "guest/common/poke.h"
#include "guest/hostile/hostile.h"
#include "mnos/process.h"
#include "mnos/trap.h"

enum { STACK_SIZE = 2 * MNOS_TRAP_STACK_MIN };

#define NOT_MAPPED 0x70000000ul

static uint8_t stack[STACK_SIZE] __attribute__((aligned(16)));
static uint64_t parameter;

static void breakpoint(void)
{
    __asm__ volatile("int3");
}

static void on_trap(struct mn_trap_frame *frame)
{
    switch (TRAP_CASE(parameter)) {
    case TRAP_NESTED:
        breakpoint();
        break;
    case TRAP_BAD_RETURN:
        frame->rip = MN_USER_LIMIT;
        if (sys_trap_return(frame) == MN_ERROR_INVALID_ARGUMENT) {
            breakpoint();
        }
        break;
    default:
        break;
    }
    sys_exit(TRAP_CODE(frame->vector));
}

/** Where the handler's stack ends and where it begins, as the case wants it. */
static mn_status set_raw_handler(void)
{
    uint64_t top = (uint64_t)(stack + STACK_SIZE);
    uint64_t rip = (uint64_t)breakpoint;

    switch (TRAP_CASE(parameter)) {
    case TRAP_NO_STACK:
        top = NOT_MAPPED;
        break;
    case TRAP_CODE_STACK:
        top = ((uint64_t)breakpoint & ~15ul) + 4096;
        break;
    case TRAP_LOW_STACK:
        top = 16;
        break;
    default:
        rip = NOT_MAPPED;
        break;
    }
    return sys_set_trap_handler(rip, top);
}

uint64_t scenario_trap(uint64_t what)
{
    const struct attack *attack = attack_at(TRAP_ATTACK(what));
    enum trap_case wrong = TRAP_CASE(what);
    mn_status status;

    parameter = what;
    if (wrong >= TRAP_NO_STACK && wrong <= TRAP_NO_CODE) {
        status = set_raw_handler();
    } else {
        status = mnos_trap_handler_set(on_trap, stack, sizeof(stack));
    }
    if (status != MN_OK || attack == NULL) {
        return SCENARIO_BAD;
    }
    if (wrong == TRAP_CLEARED) {
        mnos_trap_handler_clear();
    }
    if (wrong == TRAP_OTHER_THREAD) {
        /* It touches the shared page, which is not mapped. */
        if (mn_is_error(start_thread(0, 0, 0))) {
            return SCENARIO_BAD;
        }
        for (;;) {
            sys_yield();
        }
    }
    attack->run();
    return SCENARIO_SURVIVED;
}

uint64_t scenario_poke(uint64_t what)
{
    volatile uint64_t *word = (volatile uint64_t *)POKE_VADDR;

    if (poke(word, what) != 0) {
        return POKE_LANDED;
    }
    return *word == what ? SCENARIO_GOOD : SCENARIO_BAD;
}
