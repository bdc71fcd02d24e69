/**
 * panic.c - see panic.h.
 *
 * The first CPU that panics tells it; one that comes later stops there and then. A panic
 * in the panic ends the machine without another word.
 */
#include "debug/panic.h"

#include "arch/x86_64/instructions.h"
#include "core/assert.h"
#include "core/fault_text.h"
#include "debug/console.h"
#include "debug/log.h"
#include <stdbool.h>
#include <stdint.h>

enum { BACKTRACE_MAX = 32, STACK_SPAN_MAX = 65536, PANIC_STATUS = 1 };
enum { MSR_GS_BASE = 0xc0000101 };

static struct panic_machine panic_machine;
static bool panic_begun;
static uint64_t panic_cpu; /* the GS base of the CPU that panics */

void panic_set_machine(const struct panic_machine *machine)
{
    panic_machine = *machine;
}

static _Noreturn void stop(void)
{
    for (;;) {
        x86_cli();
        x86_hlt();
    }
}

static _Noreturn void end_machine(void)
{
    if (panic_machine.end != NULL) {
        panic_machine.end(PANIC_STATUS);
    }
    stop();
}

/* Follows saved frame pointers upwards, as long as they stay on one stack. */
static void print_backtrace(uint64_t frame_pointer)
{
    uint64_t first = frame_pointer;

    for (unsigned depth = 0; depth < BACKTRACE_MAX; depth++) {
        const uint64_t *frame = (const uint64_t *)frame_pointer;

        if (frame_pointer < 0xffff800000000000ull || frame_pointer % 8 != 0 ||
            frame_pointer - first > STACK_SPAN_MAX || frame[1] == 0) {
            return;
        }
        log_printf("panic:   0x%llx\n", (unsigned long long)frame[1]);
        if (frame[0] <= frame_pointer) {
            return;
        }
        frame_pointer = frame[0];
    }
}

static _Noreturn void panic_end(const struct trap_frame *frame, uint64_t frame_pointer)
{
    if (frame != NULL) {
        const uint64_t control[] = {x86_read_cr2(), x86_read_cr3(), x86_read_cr4()};

        fault_text_panic(log_printf, frame, control);
        log_printf("panic: backtrace\npanic:   0x%llx\n",
                   (unsigned long long)frame->rip);
    } else {
        log_printf("panic: backtrace\n");
    }
    print_backtrace(frame_pointer);
    end_machine();
}

static void panic_begin(void)
{
    x86_cli();
    if (__atomic_test_and_set(&panic_begun, __ATOMIC_ACQ_REL)) {
        if (x86_rdmsr(MSR_GS_BASE) == panic_cpu) {
            end_machine();
        }
        stop();
    }
    panic_cpu = x86_rdmsr(MSR_GS_BASE);
    if (panic_machine.stop_other_cpus != NULL) {
        panic_machine.stop_other_cpus();
    }
    log_break_lock();
    console_reclaim();
    log_printf("\npanic: ");
}

void panic(const char *format, ...)
{
    va_list arguments;

    panic_begin();
    va_start(arguments, format);
    log_printf_v(format, arguments);
    va_end(arguments);
    log_printf("\n");
    panic_end(NULL, (uint64_t)__builtin_frame_address(0));
}

void panic_with_frame(const struct trap_frame *frame, const char *format, ...)
{
    va_list arguments;

    panic_begin();
    va_start(arguments, format);
    log_printf_v(format, arguments);
    va_end(arguments);
    log_printf("\n");
    panic_end(frame, frame->rbp);
}

void assert_failed(const char *file, unsigned line)
{
    panic("assertion failed at %s:%u", file, line);
}
