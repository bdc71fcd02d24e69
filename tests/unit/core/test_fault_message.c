/**
 * test_fault_message.c - what a fault's handler is told, what its reply does, and the report.
 */
#include "core/fault_message.h"

#include "abi/fault.h"
#include "abi/ipc_message.h"
#include "abi/user_memory_map.h"
#include "core/fault_text.h"
#include "unit.h"
#include <stdio.h>

static const struct trap_frame faulted = {
    .vector = 14, .error = 6, .rip = 0x1000, .rsp = 0x2000, .rflags = 0x202, .rax = 9};

static const struct fault_message message = {
    .registers = &faulted, .address = 0x3000, .badge = 77, .thread = 5, .pid = 4};

static void test_words(void **state)
{
    struct trap_frame to = {0};

    (void)state;
    fault_message_fill(&message, &to);
    assert_int_equal(to.rdi, 77);
    assert_int_equal(MN_MESSAGE_LABEL(to.rsi), MN_FAULT_EXCEPTION);
    assert_int_equal(MN_FAULT_CAUSE_VECTOR(to.rdx), 14);
    assert_int_equal(MN_FAULT_CAUSE_ERROR(to.rdx), 6);
    assert_int_equal(to.r10, 0x3000);
    assert_int_equal(to.r8, 0x1000);
    assert_int_equal(to.r9, 0x2000);
    assert_int_equal(to.rbx, 5);
    assert_int_equal(to.r12, 4);
    assert_int_equal(to.r13, 0x202);
    assert_int_equal(to.r14, 9);
}

static void test_words_of_recv(void **state)
{
    struct trap_frame to = {0};

    (void)state;
    fault_message_to_recv(&message, &to);
    assert_int_equal(MN_MESSAGE_LABEL(to.rdi), MN_FAULT_EXCEPTION);
    assert_int_equal(MN_FAULT_CAUSE_VECTOR(to.rsi), 14);
    assert_int_equal(to.rdx, 0x3000);
    assert_int_equal(to.r10, 77);
    assert_int_equal(to.r8, 0);
}

/** The thread's registers after a reply with this label and word 0. */
static bool answer(uint64_t label, uint64_t word, struct trap_frame *frame)
{
    struct trap_frame reply = {
        .rsi = MN_MESSAGE_INFO(label), .rdx = word, .r10 = 0x5000, .r8 = 8};

    return fault_message_answer(&reply, frame);
}

static void test_answers(void **state)
{
    struct trap_frame frame = faulted;

    (void)state;
    assert_false(answer(MN_FAULT_END, 0, &frame));
    assert_false(answer(MN_FAULT_REDIRECT + 1, 0, &frame));
    assert_false(answer(MN_FAULT_REDIRECT, MN_USER_LIMIT, &frame));
    assert_true(answer(MN_FAULT_RESUME, 0, &frame));
    assert_memory_equal(&frame, &faulted, sizeof(frame));
    assert_true(answer(MN_FAULT_REDIRECT, 0x4000, &frame));
    assert_int_equal(frame.rip, 0x4000);
    assert_int_equal(frame.rsp, 0x5000);
    assert_int_equal(frame.rdi, 8);
    frame.rip = MN_USER_LIMIT;
    assert_false(answer(MN_FAULT_RESUME, 0, &frame));
}

static char text[4096];

MN_PRINTF(1, 2) static void print(const char *format, ...)
{
    size_t size = strlen(text);
    va_list arguments;

    va_start(arguments, format);
    (void)vsnprintf(text + size, sizeof(text) - size, format, arguments);
    va_end(arguments);
}

static void test_report(void **state)
{
    static const struct {
        uint64_t error;
        const char *line;
    } accesses[] = {{4, "tried to read 0x3000, which is not mapped\n"},
                    {7, "tried to write 0x3000, which is not allowed\n"},
                    {21, "tried to execute 0x3000, which is not allowed\n"}};
    struct trap_frame frame = faulted;
    struct fault_text report = {
        .registers = &frame, .pid = 4, .thread = 5, .address = 0x3000, .rax = 0xabc};

    (void)state;
    for (unsigned i = 0; i < sizeof(accesses) / sizeof(accesses[0]); i++) {
        text[0] = '\0';
        frame.error = accesses[i].error;
        fault_text_report(print, &report);
        assert_non_null(
            strstr(text, "fault: pid 4 thread 5: page fault (vector 14, error 0x"));
        assert_non_null(strstr(text, accesses[i].line));
        assert_non_null(strstr(text, "rip 0x1000 rsp 0x2000 rflags 0x202\n"));
        assert_non_null(strstr(text, "fault: rax 0xabc "));
    }
    frame.vector = 9;
    text[0] = '\0';
    fault_text_report(print, &report);
    assert_non_null(strstr(text, ": exception (vector 9"));
    assert_null(strstr(text, "tried"));
}

static void test_panic(void **state)
{
    static const uint64_t control[] = {0x22, 0x33, 0x44};

    (void)state;
    text[0] = '\0';
    fault_text_panic(print, &faulted, control);
    assert_non_null(strstr(text, "panic: vector 14 error 0x6 cs 0x0 rflags 0x202\n"));
    assert_non_null(strstr(text, "panic: rax 0x0000000000000009 rbx "));
    assert_non_null(strstr(text, "rip 0x0000000000001000 cr2 0x0000000000000022\n"));
    assert_non_null(strstr(text, "cr3 0x0000000000000033 cr4 0x0000000000000044\n"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),   cmocka_unit_test(test_words_of_recv),
        cmocka_unit_test(test_answers), cmocka_unit_test(test_report),
        cmocka_unit_test(test_panic),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
