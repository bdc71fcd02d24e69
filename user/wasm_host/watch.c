/**
 * watch.c - see watch.h.
 */
#include "wasm_host/watch.h"
#include "mnos/clock.h"
#include "mnos/signal.h"
#include "mnos/thread.h"

enum { STACK_BYTES = 8192 };

static uint8_t stack[STACK_BYTES] __attribute__((aligned(16)));
static struct wasm_store *watched;
static _Atomic uint32_t end; /* enum program_end; set by the thread */

static void watch(void *argument)
{
    uint64_t bits = 0;

    (void)argument;
    while (sys_wait_signal(PROGRAM_SLOT_CONTROL, 0, &bits) == MN_OK) {
        if ((bits & (PROGRAM_CONTROL_DEADLINE | PROGRAM_CONTROL_INTERRUPT)) != 0) {
            end = (bits & PROGRAM_CONTROL_INTERRUPT) != 0 ? PROGRAM_INTERRUPT
                                                          : PROGRAM_DEADLINE;
            wasm_store_interrupt(watched);
            (void)sys_signal(HOST_SLOT_EVENTS, HOST_EVENT_END);
        }
    }
}

const char *watch_start(struct wasm_store *store, uint64_t deadline_ns)
{
    const struct mnos_thread thread = {
        .function = watch, .stack = stack, .stack_size = sizeof(stack)};

    watched = store;
    if (deadline_ns != 0 && sys_set_timer(PROGRAM_SLOT_CONTROL, deadline_ns) != MN_OK) {
        return "no timer for its deadline";
    }
    return mn_is_error(mnos_thread_start(PROGRAM_SLOT_SELF, &thread))
               ? "no thread for its deadline"
               : NULL;
}

enum program_end watch_end(void)
{
    return (enum program_end)end;
}
