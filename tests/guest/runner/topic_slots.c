/**
 * topic_slots.c - every call with every wrong slot, every wrong type, each right absent.
 *
 * All other arguments are good ones, so the answer has one cause. docs/syscalls says which.
 */
#include "guest/common/registers.h"
#include "guest/runner/child.h"
#include "guest/runner/fixture.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/process.h"

/** One wrong thing about one argument of one call. */
struct row {
    const struct call *call;
    unsigned argument;
    uint64_t value;    /**< of the argument */
    uint64_t expected; /**< status */
    uint32_t rights; /**< of the copy that is made in `value` first; 0: none is made */
    uint32_t copy_type; /**< what it is a copy of */
};

struct wrong_slot {
    const char *name;
    uint64_t slot;
};

static const struct wrong_slot wrong_slots[] = {
    {"slot 0", 0},
    {"an Empty slot", TEST_SLOTS_END - 4},
    {"the slot behind the last", MN_CNODE_INITIAL_SLOTS},
    {"slot 2^16", 1ul << 16},
    {"slot 2^32", 1ul << 32},
    {"slot 2^32 and a good one", 0}, /* the good one is added */
    {"slot 2^63", 1ul << 63},
    {"slot -1", ~0ul},
};
enum { WRONG_SLOTS = sizeof(wrong_slots) / sizeof(wrong_slots[0]), GOOD_ADDED = 5 };

static void run_row(const void *data)
{
    const struct row *row = data;
    uint64_t arguments[6];

    fixture_create();
    if (row->rights != 0) {
        mint(FIXTURE_SLOT + row->copy_type, row->value, row->rights, 0, 0);
    }
    call_good_arguments(row->call, arguments);
    arguments[row->argument] = row->value;
    REQUIRE_EQUAL(raw_syscall(row->call->number, arguments), row->expected);
}

static bool is_source(enum argument_kind kind)
{
    return kind == ARGUMENT_CAP || kind == ARGUMENT_ANY_CAP;
}

/** Is slot 0 no mistake, but the caller's own account, process or budget, or none? */
static bool takes_zero(const struct call *call, unsigned at)
{
    return at == 0
               ? call->number == MN_SYS_SPAWN_PROCESS || call->number == MN_SYS_MOVE_CAP
               : at == 1 && (call->number == MN_SYS_SET_BUDGET ||
                             call->number == MN_SYS_SET_FAULT_HANDLER);
}

static void test_wrong_slots(const struct call *call, unsigned at)
{
    const struct call_argument *argument = &call->arguments[at];

    for (unsigned i = 0; i < WRONG_SLOTS; i++) {
        struct row row = {call, at, wrong_slots[i].slot, MN_ERROR_INVALID_SLOT, 0, 0};
        bool is_empty_slot = i == 1;

        if (i == GOOD_ADDED) {
            row.value = (1ul << 32) + argument->good;
        }
        if ((i == 0 && takes_zero(call, at)) ||
            (is_empty_slot && !is_source(argument->kind))) {
            continue; /* these are good */
        }
        test_run(run_row, &row, "slots: %s, argument %u: %s", call->name, at,
                 wrong_slots[i].name);
    }
}

static void test_occupied(const struct call *call, unsigned at)
{
    struct row row = {call, at, FIXTURE_SLOT + MN_CAP_IO_PORT, MN_ERROR_SLOT_OCCUPIED,
                      0,    0};

    test_run(run_row, &row, "slots: %s, argument %u: an occupied target", call->name,
             at);
}

/** MAP_MEMORY takes a DeviceMemory as well as a frame; some numbers are no type's. */
static bool is_wrong_type(const struct call *call, unsigned at, uint32_t type)
{
    return type_exists(type) && type != call->arguments[at].type &&
           type != call->arguments[at].other &&
           (type != MN_CAP_DEVICE_MEMORY || call->number != MN_SYS_MAP_MEMORY ||
            at != 1);
}

static void test_wrong_types(const struct call *call, unsigned at)
{
    for (uint32_t type = MN_CAP_EMPTY + 1; type < MN_CAP_TYPES; type++) {
        struct row row = {call, at, FIXTURE_SLOT + type, MN_ERROR_TYPE, 0, 0};

        if (is_wrong_type(call, at, type)) {
            test_run(run_row, &row, "types: %s, argument %u: a slot with %s",
                     call->name, at, type_name(type));
        }
    }
}

/** Each needed right taken away alone; then only the needed ones left, which is enough. */
static void test_rights(const struct call *call, unsigned at)
{
    const struct call_argument *argument = &call->arguments[at];
    uint32_t type = (uint32_t)(argument->good - FIXTURE_SLOT);

    for (uint32_t right = 1; right <= MN_RIGHT_REVOKE; right <<= 1) {
        struct row row = {
            call, at, FIXTURE_SPARE + 1, MN_ERROR_RIGHTS, MN_RIGHTS_ALL & ~right, type};

        if ((argument->rights & right) != 0) {
            test_run(run_row, &row, "rights: %s, argument %u: all but 0x%x", call->name,
                     at, right);
        }
    }
}

/** Good arguments, capabilities with no more than the needed rights. */
static void run_least(const void *data)
{
    const struct call *call = data;
    uint64_t arguments[6];

    fixture_create();
    call_good_arguments(call, arguments);
    for (unsigned at = 0; at < CALL_ARGUMENTS; at++) {
        const struct call_argument *argument = &call->arguments[at];

        if (is_source(argument->kind) && argument->rights != 0) {
            arguments[at] = FIXTURE_SPARE + 1 + at;
            mint(argument->good, arguments[at], argument->rights, 0, 0);
        }
    }
    CHECK(!mn_is_error(raw_syscall(call->number, arguments)));
}

/** A process that is gone already, wherever a call takes one that must run. */
static void run_gone(const void *data)
{
    const struct call *call = data;
    uint64_t arguments[6];
    uint64_t code;

    fixture_create();
    call_good_arguments(call, arguments);
    CHECK_EQUAL(sys_kill_process(FIXTURE_SLOT + MN_CAP_PROCESS, 9), MN_OK);
    CHECK_EQUAL(sys_wait_process(FIXTURE_SLOT + MN_CAP_PROCESS, &code), MN_OK);
    CHECK_EQUAL(raw_syscall(call->number, arguments), MN_ERROR_GONE);
}

static void test_argument(const struct call *call, unsigned at)
{
    switch (call->arguments[at].kind) {
    case ARGUMENT_PLAIN:
        break;
    case ARGUMENT_CAP:
        test_wrong_slots(call, at);
        test_wrong_types(call, at);
        test_rights(call, at);
        break;
    case ARGUMENT_ANY_CAP:
        test_wrong_slots(call, at);
        test_rights(call, at);
        break;
    case ARGUMENT_EMPTY:
        test_wrong_slots(call, at);
        test_occupied(call, at);
        break;
    case ARGUMENT_PEER:
        test_wrong_slots(call, at);
        break;
    }
}

void topic_slots(void)
{
    for (unsigned i = 0; i < call_count; i++) {
        const struct call *call = &calls[i];

        for (unsigned at = 0; at < CALL_ARGUMENTS; at++) {
            test_argument(call, at);
        }
        if (!call->blocks) {
            test_run(run_least, call, "rights: %s with no more than it needs",
                     call->name);
        }
        if (call->arguments[0].type == MN_CAP_PROCESS && !call->blocks) {
            test_run(run_gone, call, "slots: %s on a process that is gone", call->name);
        }
    }
}
