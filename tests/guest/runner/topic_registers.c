/**
 * topic_registers.c - what a system call may change.
 *
 * Calls 0 to 11: RAX, RCX, R11 and the result registers of their page. Later ones: what the
 * System V ABI lets a function change. In no case an address of the kernel's is told.
 */
#include "core/bytes.h"
#include "guest/common/registers.h"
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/topics.h"
#include "mnos/machine.h"
#include "mnos/process.h"

/** Registers by their place in struct register_image. */
enum { RAX, RBX, RCX, RDX, RSI, RDI, RBP, RSP, R8, R9, R10, R11, R12, REGISTERS = 16 };

#define BIT(n) (1u << (n))

/** What every call may change, and what the calls from 12 on may besides. */
#define ALWAYS   (BIT(RAX) | BIT(RCX) | BIT(R11))
#define EXTENDED (BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(R8) | BIT(R9) | BIT(R10))

#define RFLAGS_DF          0x400u
#define RFLAGS_ARITHMETIC  0x8d5u
#define RFLAGS_AC          0x40000u
#define RFLAGS_PLAIN       0x202u
#define LAST_CONTRACT_CALL MN_SYS_DROP_CAP

static const char *const register_names[REGISTERS] = {
    "RAX", "RBX", "RCX", "RDX", "RSI", "RDI", "RBP", "RSP",
    "R8",  "R9",  "R10", "R11", "R12", "R13", "R14", "R15"};

/** How a call is made: with which flags, and what goes on beside it. */
struct row {
    const struct call *call;
    bool good;        /**< with good arguments; else with slot -1 */
    uint64_t rflags;  /**< before the call */
    uint32_t results; /**< further registers that it may change */
};

static struct register_image before __attribute__((aligned(64)));
static struct register_image after __attribute__((aligned(64)));

static uint64_t *word(struct register_image *image, unsigned n)
{
    return (uint64_t *)image + n;
}

static void fill(uint64_t seed)
{
    uint8_t *bytes = (uint8_t *)&before;

    for (size_t i = 0; i < sizeof(before); i++) {
        bytes[i] = (uint8_t)(seed + i * 5 + 3);
    }
    before.mxcsr = 0x1f80 | 0x6000 | 0x8000; /* round to zero, flush to zero */
    before.x87_control = 0x37f | 0xc00;
}

static void set_arguments(uint64_t number, const uint64_t arguments[6])
{
    before.rax = number;
    before.rdi = arguments[0];
    before.rsi = arguments[1];
    before.rdx = arguments[2];
    before.r10 = arguments[3];
    before.r8 = arguments[4];
    before.r9 = arguments[5];
}

static bool is_kernel_address(uint64_t value)
{
    return value >= 0xffff800000000000ul && value < (uint64_t)-4096;
}

static void check_registers(uint32_t may_change)
{
    for (unsigned n = 0; n < REGISTERS; n++) {
        uint64_t now = *word(&after, n);

        if (n != RSP && (may_change & BIT(n)) == 0 && now != *word(&before, n)) {
            test_fail(__FILE__, __LINE__, "%s changed to 0x%llx", register_names[n],
                      (unsigned long long)now);
        }
        if (now != *word(&before, n) && is_kernel_address(now)) {
            test_fail(__FILE__, __LINE__, "%s tells 0x%llx", register_names[n],
                      (unsigned long long)now);
        }
    }
    CHECK_EQUAL(after.rflags, before.rflags);
    CHECK_EQUAL(after.mxcsr, before.mxcsr);
    CHECK_EQUAL(after.x87_control, before.x87_control);
}

static void check_vectors(void)
{
    size_t size = registers_have_avx != 0 ? 32 : 16;

    for (unsigned i = 0; i < 16; i++) {
        if (memcmp(before.vectors[i], after.vectors[i], size) != 0) {
            test_fail(__FILE__, __LINE__, "vector register %u changed", i);
        }
    }
}

/** Makes the call that `before` describes and looks at everything. */
static void probe(uint64_t number, uint64_t rflags, uint32_t results)
{
    uint64_t stack;

    before.rflags = rflags;
    before.rsp = 0;
    registers_syscall(&before, &after);
    stack = after.rsp;
    before.rsp = stack;
    check_registers(ALWAYS | results | (number > LAST_CONTRACT_CALL ? EXTENDED : 0));
    if (number <= LAST_CONTRACT_CALL) {
        check_vectors();
    }
}

static void run_row(const void *data)
{
    const struct row *row = data;
    uint64_t arguments[6];

    fixture_create();
    fill(row->call->number * 3 + (row->good ? 1 : 0));
    call_good_arguments(row->call, arguments);
    if (!row->good) {
        arguments[0] = ~0ul;
    }
    set_arguments(row->call->number, arguments);
    probe(row->call->number, row->rflags, row->results);
    if (row->good) {
        CHECK(!mn_is_error(after.rax));
    } else {
        CHECK_EQUAL(after.rax, MN_ERROR_INVALID_SLOT);
    }
}

/** SEND and RECV with somebody at the other end; who comes first is the row's. */
struct ipc_row {
    bool send;
    bool first; /**< the runner waits for the child, not the reverse */
    bool other_cpu;
};

static void run_ipc(const void *data)
{
    const struct ipc_row *row = data;
    const uint64_t arguments[6] = {TEST_SLOT, 0, 0, ~0ul, 11, 12};
    uint64_t cpu = row->other_cpu ? CPU_NUMBER(boot_info->cpu_count - 1) : CPU_OWN;
    uint64_t child = child_create();

    endpoint_create(TEST_SLOT);
    child_give(child, TEST_SLOT, CHILD_SLOT_ENDPOINT, 0);
    child_start(child, row->send ? SCENARIO_RECEIVE : SCENARIO_SEND, 1, cpu);
    for (unsigned i = 0; !row->first && i < 10; i++) {
        sys_yield(); /* the child runs and waits */
    }
    fill(9);
    set_arguments(row->send ? MN_SYS_SEND : MN_SYS_RECV, arguments);
    probe(before.rax, RFLAGS_PLAIN | RFLAGS_DF,
          row->send ? 0 : BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(R10));
    CHECK_EQUAL(after.rax, MN_OK);
    if (!row->send) {
        CHECK_EQUAL(after.rdi, 0);
        CHECK_EQUAL(after.rsi, 0);
        CHECK_EQUAL(after.rdx, ~0ul);
        CHECK_EQUAL(after.r10, 0);
    }
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** A block that is zeroed in many steps, with another thread in between. */
static void run_long_allocation(const void *data)
{
    const uint64_t arguments[6] = {MN_INIT_SLOT_MEMORY, TEST_SLOT, 9, 13, 14, 15};
    struct shared_page *shared = shared_create();
    uint64_t child = child_create();

    (void)data;
    child_share(child);
    child_start(child, SCENARIO_SPIN, 0, CPU_OWN);
    fill(77);
    set_arguments(MN_SYS_ALLOC_MEMORY, arguments);
    probe(MN_SYS_ALLOC_MEMORY, RFLAGS_PLAIN | RFLAGS_DF, 0);
    CHECK_EQUAL(after.rax, MN_OK);
    CHECK(shared->counter[0] > 0);
}

/** The kernel copies upwards, whatever ring 3's direction flag says. */
static void run_direction_flag(const void *data)
{
    static char expected[256];
    static char buffer[3 * sizeof(expected)] __attribute__((aligned(8)));
    char *middle = buffer + sizeof(expected);
    const uint64_t arguments[6] = {
        MN_INIT_SLOT_MACHINE, (uintptr_t)middle, sizeof(expected), 0, 0, 0};
    struct mnos_log_piece piece = {0};

    (void)data;
    memset(buffer, 0, sizeof(buffer));
    CHECK_EQUAL(
        sys_read_log(MN_INIT_SLOT_MACHINE, expected, sizeof(expected), 0, 0, &piece),
        MN_OK);
    fill(3);
    set_arguments(MN_SYS_READ_LOG, arguments);
    probe(MN_SYS_READ_LOG, RFLAGS_PLAIN | RFLAGS_DF, 0);
    CHECK_EQUAL(after.rax, piece.size);
    CHECK(memcmp(middle, expected, piece.size) == 0);
    check_zero((uintptr_t)buffer, sizeof(expected) / sizeof(uint64_t));
}

static void topic_ipc_registers(void)
{
    for (unsigned i = 0; i < 8; i++) {
        struct ipc_row row = {(i & 1) != 0, (i & 2) != 0, (i & 4) != 0};

        if (row.other_cpu && boot_info->cpu_count == 1) {
            continue;
        }
        test_run(run_ipc, &row, "registers: %s, %s waits%s", row.send ? "SEND" : "RECV",
                 row.first ? "it" : "the other", row.other_cpu ? ", another CPU" : "");
    }
}

static uint32_t results_of(uint64_t number)
{
    switch (number) {
    case MN_SYS_PORT_IN:
        return BIT(RDI);
    case MN_SYS_RECV:
        return BIT(RDI) | BIT(RSI) | BIT(RDX) | BIT(R10);
    default:
        return 0;
    }
}

void topic_registers(void)
{
    for (unsigned i = 0; i < call_count; i++) {
        struct row row = {&calls[i], false, RFLAGS_PLAIN, 0};

        test_run(run_row, &row, "registers: %s refused", calls[i].name);
        row.rflags = RFLAGS_PLAIN | RFLAGS_DF | RFLAGS_ARITHMETIC | RFLAGS_AC;
        test_run(run_row, &row, "registers: %s refused, flags set", calls[i].name);
        if (!calls[i].blocks) {
            row.good = true;
            row.results = results_of(calls[i].number);
            test_run(run_row, &row, "registers: %s", calls[i].name);
        }
    }
    topic_ipc_registers();
    test_run(run_direction_flag, NULL, "registers: READ_LOG with the direction flag");
    test_run(run_long_allocation, NULL, "registers: ALLOC_MEMORY in steps");
}
