/**
 * topic_trap.c - a thread's own handler of its exceptions: what it is told, what it may
 * change, and that the rest is as it was.
 */
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "guest/common/attacks.h"
#include "guest/common/poke.h"
#include "guest/common/registers.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/trap.h"

#define HOLE        0x0000800000000000ul
#define KERNEL_TEXT 0xffffffff80200000ul
#define RFLAGS_DF   0x400ul
#define RFLAGS_TF   0x100ul
#define ARITHMETIC  0x8d5ul

enum { HANDLER_STACK = 2 * MNOS_TRAP_STACK_MIN, UD2_LENGTH = 2, ROUNDS = 100 };

static uint8_t handler_stack[HANDLER_STACK] __attribute__((aligned(16)));

/** What the handler saw last, and how often it ran. */
static struct mn_trap_frame seen;
static unsigned handled;

static struct register_image before __attribute__((aligned(64)));
static struct register_image after __attribute__((aligned(64)));

static void fill(struct register_image *image, uint64_t seed)
{
    uint8_t *bytes = (uint8_t *)image;

    for (size_t i = 0; i < sizeof(*image); i++) {
        bytes[i] = (uint8_t)(seed + i * 5 + 3);
    }
    image->mxcsr = 0x1f80 | (uint32_t)(seed & 3) << 13;
    image->x87_control = (uint16_t)(0x37f | (seed & 3) << 10);
    image->rflags = MN_RFLAGS_ALWAYS | ARITHMETIC | RFLAGS_DF;
}

/** Writes over every vector register, MXCSR and the x87 control word. */
static void clobber_vectors(void)
{
    static struct register_image other __attribute__((aligned(64)));
    static struct register_image ignored __attribute__((aligned(64)));

    fill(&other, 0x77);
    registers_hold_vectors(&other, &ignored, -1, 1);
}

static void set_handler(mnos_trap_function *handler)
{
    handled = 0;
    CHECK_EQUAL(mnos_trap_handler_set(handler, handler_stack, HANDLER_STACK), MN_OK);
}

static void land(struct mn_trap_frame *frame)
{
    seen = *frame;
    handled++;
    frame->rip = (uint64_t)poke_landed;
}

/** The guard page of an engine: the exception is told, and the thread goes on elsewhere. */
static void run_redirect(const void *data)
{
    (void)data;
    set_handler(land);
    for (unsigned i = 1; i <= ROUNDS; i++) {
        CHECK_EQUAL(poke((uint64_t *)(TEST_AREA + i * 8ul), i), 1);
        CHECK_EQUAL(seen.address, TEST_AREA + i * 8ul);
        CHECK_EQUAL(seen.rsi, i);
    }
    CHECK_EQUAL(handled, ROUNDS);
    CHECK_EQUAL(seen.vector, MN_TRAP_PAGE_FAULT);
    CHECK_EQUAL(seen.error & (MN_PAGE_FAULT_PROTECTION | MN_PAGE_FAULT_WRITE),
                MN_PAGE_FAULT_WRITE);
    CHECK_EQUAL(seen.rip, poke_store);
    CHECK_EQUAL(poke((uint64_t *)KERNEL_TEXT, 1), 1);
    CHECK_EQUAL(seen.error & MN_PAGE_FAULT_PROTECTION, MN_PAGE_FAULT_PROTECTION);
    CHECK_EQUAL(poke((uint64_t *)HOLE, 1), 1);
    CHECK_EQUAL(seen.vector, MN_TRAP_GENERAL_PROTECTION);
    CHECK_EQUAL(seen.address, 0);
    mnos_trap_handler_clear();
}

static void map_and_resume(struct mn_trap_frame *frame)
{
    handled++;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, TEST_SLOT, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(MN_INIT_SLOT_SELF, TEST_SLOT,
                               frame->address & ~(MN_PAGE_SIZE - 1), MN_MAP_WRITABLE),
                MN_OK);
    CHECK_EQUAL(sys_drop_cap(TEST_SLOT), MN_OK);
}

static void run_map(const void *data)
{
    const uint64_t *word = (const uint64_t *)(TEST_AREA + 24);

    (void)data;
    set_handler(map_and_resume);
    CHECK_EQUAL(poke((uint64_t *)(TEST_AREA + 24), 0x123456789), 0);
    CHECK_EQUAL(*word, 0x123456789);
    CHECK_EQUAL(handled, 1);
    mnos_trap_handler_clear();
}

static void skip_ud2(struct mn_trap_frame *frame)
{
    seen = *frame;
    handled++;
    clobber_vectors();
    sys_yield();
    frame->rip += UD2_LENGTH;
}

static void compare(unsigned round)
{
    size_t size = registers_have_avx != 0 ? 32 : 16;

    before.rsp = after.rsp;
    before.rcx = after.rcx; /* store_general's own */
    if (memcmp(&before, &after, offsetof(struct register_image, rflags)) != 0) {
        test_fail(__FILE__, __LINE__, "a register changed in round %u", round);
    }
    CHECK_EQUAL(after.rflags, before.rflags);
    CHECK_EQUAL(after.mxcsr, before.mxcsr);
    CHECK_EQUAL(after.x87_control, before.x87_control);
    for (unsigned i = 0; i < 16; i++) {
        if (memcmp(before.vectors[i], after.vectors[i], size) != 0) {
            test_fail(__FILE__, __LINE__, "vector register %u changed", i);
        }
    }
}

/** A handler that clobbers everything, with another thread that uses vector registers. */
static void run_registers(const void *data)
{
    uint64_t child = child_run(SCENARIO_KEEP_VECTORS, 5);

    (void)data;
    set_handler(skip_ud2);
    for (unsigned i = 0; i < ROUNDS; i++) {
        fill(&before, i);
        registers_fault(&before, &after);
        CHECK_EQUAL(seen.vector, MN_TRAP_INVALID_OPCODE);
        CHECK_EQUAL(seen.rbx, before.rbx);
        CHECK_EQUAL(seen.rcx, before.rcx);
        compare(i);
    }
    CHECK_EQUAL(handled, ROUNDS);
    mnos_trap_handler_clear();
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
}

/** Flags and selectors that ring 3 may not choose: what it may is taken, the rest is not. */
static void want_everything(struct mn_trap_frame *frame)
{
    handled++;
    frame->rflags = ~RFLAGS_TF;
    frame->cs = 0x08;
    frame->ss = 0x10;
    frame->vector = ~0ul;
    frame->error = ~0ul;
    frame->address = ~0ul;
    frame->rip += UD2_LENGTH;
}

static void want_nothing(struct mn_trap_frame *frame)
{
    handled++;
    frame->rflags = 0;
    frame->cs = 0;
    frame->ss = 0xffff;
    frame->vector = 256; /* what a frame of SYSCALL has in the kernel */
    frame->rip += UD2_LENGTH;
}

static void run_privileges(const void *data)
{
    (void)data;
    fill(&before, 1);
    set_handler(want_everything);
    registers_fault(&before, &after);
    /* PUSHF tells RF as 0. */
    CHECK_EQUAL(after.rflags,
                MN_RFLAGS_ALWAYS | (MN_RFLAGS_USER & ~RFLAGS_TF & ~0x10000ul));
    before.rflags = after.rflags;
    compare(0);
    set_handler(want_nothing);
    fill(&before, 2);
    registers_fault(&before, &after);
    CHECK_EQUAL(after.rflags, MN_RFLAGS_ALWAYS);
    before.rflags = after.rflags;
    compare(1);
    mnos_trap_handler_clear();
}

/** A frame that the kernel refuses leaves the thread in its handler, which may go on. */
static void try_bad_frames(struct mn_trap_frame *frame)
{
    static const uint64_t bad_rips[] = {
        MN_USER_LIMIT, HOLE,    ~0ul,        KERNEL_TEXT,         HOLE - 1,
        1ul << 63,     -4096ul, HOLE - 4096, 0xffff800000000000ul};
    static const uint64_t bad_addresses[] = {
        0,    TEST_AREA,         KERNEL_TEXT,
        ~0ul, MN_USER_LIMIT - 8, TEST_AREA + MN_PAGE_SIZE - 8,
        HOLE};
    struct mn_trap_frame bad = *frame;

    for (unsigned i = 0; i < sizeof(bad_rips) / sizeof(bad_rips[0]); i++) {
        bad.rip = bad_rips[i];
        CHECK_EQUAL(sys_trap_return(&bad), MN_ERROR_INVALID_ARGUMENT);
    }
    for (unsigned i = 0; i < sizeof(bad_addresses) / sizeof(bad_addresses[0]); i++) {
        CHECK_EQUAL(sys_trap_return((const struct mn_trap_frame *)bad_addresses[i]),
                    MN_ERROR_BAD_ADDRESS);
    }
    skip_ud2(frame);
}

static void run_bad_frames(const void *data)
{
    (void)data;
    CHECK_EQUAL(sys_trap_return(&seen), MN_ERROR_INVALID_ARGUMENT);
    /* The end of one mapped page, behind which nothing is mapped. */
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, TEST_SLOT, 0), MN_OK);
    CHECK_EQUAL(
        sys_map_memory(MN_INIT_SLOT_SELF, TEST_SLOT, TEST_AREA + MN_PAGE_SIZE, 0),
        MN_OK);
    CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, TEST_AREA + MN_PAGE_SIZE, 1),
                MN_OK);
    set_handler(try_bad_frames);
    fill(&before, 3);
    registers_fault(&before, &after);
    compare(0);
    CHECK_EQUAL(handled, 1);
    CHECK_EQUAL(sys_trap_return(&seen), MN_ERROR_INVALID_ARGUMENT);
    mnos_trap_handler_clear();
}

static void count_step(struct mn_trap_frame *frame)
{
    CHECK_EQUAL(frame->vector, MN_TRAP_DEBUG);
    handled++;
}

/** The trap flag is ring 3's own: one debug exception an instruction, and back. */
static void run_single_step(const void *data)
{
    (void)data;
    set_handler(count_step);
    poke_nops();
    CHECK_EQUAL(handled, 11); /* behind each NOP, and behind the POPF that ends it */
    mnos_trap_handler_clear();
}

struct set_row {
    const char *name;
    uint64_t rip;
    uint64_t stack_top;
    mn_status expected;
};

static void run_set(const void *data)
{
    const struct set_row *row = data;

    set_handler(land);
    CHECK_EQUAL(sys_set_trap_handler(row->rip, row->stack_top), row->expected);
    if (row->expected != MN_OK) {
        /* The one before is still there. */
        CHECK_EQUAL(poke((uint64_t *)TEST_AREA, 1), 1);
    }
    mnos_trap_handler_clear();
    CHECK_EQUAL(mnos_trap_handler_set(land, handler_stack, MNOS_TRAP_STACK_MIN - 1),
                MN_ERROR_INVALID_ARGUMENT);
}

static void test_set(void)
{
    static const struct set_row rows[] = {
        {"the lower half's last address", MN_USER_LIMIT - 1, 0, MN_OK},
        {"a stack up to the limit", 4096, MN_USER_LIMIT, MN_OK},
        {"rip in the last page", MN_USER_LIMIT, 0, MN_ERROR_INVALID_ARGUMENT},
        {"rip in the hole", HOLE, 0, MN_ERROR_INVALID_ARGUMENT},
        {"rip in the kernel", KERNEL_TEXT, 0, MN_ERROR_INVALID_ARGUMENT},
        {"rip -1", ~0ul, 0, MN_ERROR_INVALID_ARGUMENT},
        {"a stack not aligned to 16", 4096, 4104, MN_ERROR_INVALID_ARGUMENT},
        {"a stack not aligned at all", 4096, 4097, MN_ERROR_INVALID_ARGUMENT},
        {"a stack in the hole", 4096, HOLE, MN_ERROR_INVALID_ARGUMENT},
        {"a stack in the kernel", 4096, KERNEL_TEXT, MN_ERROR_INVALID_ARGUMENT},
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_set, &rows[i], "trap: SET_TRAP_HANDLER with %s", rows[i].name);
    }
}

/** Each exception that a program can raise arrives at a handler. */
static void run_attack(const void *data)
{
    const uint64_t *index = data;
    uint64_t vectors = attack_at(*index)->vectors;
    uint64_t code = child_wait(child_run(SCENARIO_TRAP, TRAP(TRAP_GOOD, *index)));

    if (vectors >> 16 == 0 || code != TRAP_CODE(vectors >> 16)) {
        CHECK_EQUAL(code, TRAP_CODE(vectors & 0xffff));
    }
}

struct bad_row {
    const char *name;
    enum trap_case wrong;
    uint64_t vector; /**< the exception that ends the process */
};

static uint64_t attack_number(const char *name)
{
    uint64_t number = 0;

    while (strlen(attack_at(number)->name) != strlen(name) ||
           memcmp(attack_at(number)->name, name, strlen(name)) != 0) {
        number++;
    }
    return number;
}

static void run_bad(const void *data)
{
    const struct bad_row *row = data;
    uint64_t child = child_create();

    child_give(child, child, CHILD_SLOT_SELF, 0);
    child_start(child, SCENARIO_TRAP, TRAP(row->wrong, attack_number("divide-by-zero")),
                CPU_OWN);
    CHECK_EQUAL(child_wait(child), FAULT_CODE(row->vector));
}

void topic_trap(void)
{
    static const struct bad_row rows[] = {
        {"raises an exception itself", TRAP_NESTED, MN_TRAP_BREAKPOINT},
        {"has a stack that is not mapped", TRAP_NO_STACK, MN_TRAP_DIVIDE},
        {"has a read-only stack", TRAP_CODE_STACK, MN_TRAP_DIVIDE},
        {"has a stack that ends at 16", TRAP_LOW_STACK, MN_TRAP_DIVIDE},
        {"begins where nothing is mapped", TRAP_NO_CODE, MN_TRAP_PAGE_FAULT},
        {"makes a frame that is refused", TRAP_BAD_RETURN, MN_TRAP_BREAKPOINT},
        {"is another thread's", TRAP_OTHER_THREAD, MN_TRAP_PAGE_FAULT},
        {"was taken away", TRAP_CLEARED, MN_TRAP_DIVIDE},
    };

    test_run(run_redirect, NULL, "trap: the handler sends the thread elsewhere");
    test_run(run_map, NULL, "trap: the handler maps the page, and the store is made");
    test_run(run_registers, NULL, "trap: a handler that clobbers everything");
    test_run(run_privileges, NULL,
             "trap: flags and selectors that ring 3 may not have");
    test_run(run_bad_frames, NULL, "trap: frames that are refused");
    test_run(run_single_step, NULL, "trap: single steps");
    test_set();
    for (uint64_t i = 0; attack_at(i) != NULL; i++) {
        if (attack_at(i)->vectors != ATTACK_HARMLESS) {
            test_run(run_attack, &i, "trap: handled: %s", attack_at(i)->name);
        }
    }
    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_bad, &rows[i], "trap: a handler that %s", rows[i].name);
    }
}
