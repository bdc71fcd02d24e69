/**
 * slots.c - a process that grows its CNode and uses the new slots by every call that takes
 * one.
 */
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"
#include "mnos/authority.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"

#define PLACE 0x30000000ul

/** Ends the scenario, with the line as the exit code, unless both are equal. */
#define EXPECT(actual, expected)      \
    do {                              \
        if ((actual) != (expected)) { \
            return __LINE__;          \
        }                             \
    } while (0)

static uint32_t type_in(uint64_t slot)
{
    struct mn_cap_info info;

    return sys_cap_info(slot, &info) == MN_OK ? info.type : UINT32_MAX;
}

/* Each EXPECT is a branch. NOLINTBEGIN(readability-function-cognitive-complexity) */

/** The calls on memory and capabilities by the slots before @p end. */
static uint64_t use_memory(uint64_t end)
{
    const uint64_t account = end - 1;
    const uint64_t frame = end - 2;
    const uint64_t copy = end - 3;
    const uint64_t self = end - 4;

    EXPECT(sys_mint_cap(CHILD_SLOT_ACCOUNT, account, 0, 0, 0), MN_OK);
    EXPECT(sys_mint_cap(CHILD_SLOT_ACCOUNT, account, 0, 0, 0), MN_ERROR_SLOT_OCCUPIED);
    EXPECT(sys_delegate(CHILD_SLOT_SELF, CHILD_SLOT_SELF, self, 0), MN_OK);
    EXPECT(sys_alloc_memory(account, frame, 0), MN_OK);
    EXPECT(sys_map_memory(self, frame, PLACE, MN_MAP_WRITABLE), MN_OK);
    *(volatile uint64_t *)PLACE = end;
    EXPECT(sys_delegate(self, frame, copy, MN_RIGHT_READ), MN_OK);
    EXPECT(type_in(copy), MN_CAP_MEMORY_FRAME);
    EXPECT(sys_revoke(frame), MN_OK);
    EXPECT(type_in(copy), MN_CAP_EMPTY);
    EXPECT(sys_move_cap(self, frame, copy), MN_OK);
    EXPECT(type_in(frame), MN_CAP_EMPTY);
    EXPECT(sys_drop_cap(copy), MN_OK);
    EXPECT(type_in(copy), MN_CAP_EMPTY);
    EXPECT(sys_drop_cap(copy), MN_ERROR_INVALID_SLOT);
    EXPECT(sys_drop_cap(self), MN_OK);
    return SCENARIO_GOOD;
}

/** Those on endpoints and notifications. */
static uint64_t use_objects(uint64_t end)
{
    const uint64_t account = end - 1;
    const uint64_t endpoint = end - 2;
    const uint64_t notification = end - 3;
    struct mnos_call message = {.info = MN_MESSAGE_INFO(1) | MN_MESSAGE_NO_WAIT};
    uint64_t bits = 0;

    EXPECT(sys_create_endpoint(account, endpoint), MN_OK);
    EXPECT(sys_call(endpoint, &message), MN_ERROR_WOULD_BLOCK);
    EXPECT(sys_create_notification(account, notification), MN_OK);
    EXPECT(sys_signal(notification, 6), MN_OK);
    EXPECT(sys_wait_signal(notification, 0, &bits), MN_OK);
    EXPECT(bits, 6);
    EXPECT(sys_drop_cap(endpoint), MN_OK);
    EXPECT(sys_drop_cap(notification), MN_OK);
    EXPECT(sys_drop_cap(account), MN_OK);
    return SCENARIO_GOOD;
}

/** Fills every slot; then there is none for SPAWN_PROCESS, until one is dropped. */
static uint64_t fill(uint64_t end)
{
    for (uint64_t i = 1; i < end; i++) {
        if (type_in(i) == MN_CAP_EMPTY) {
            EXPECT(sys_mint_cap(CHILD_SLOT_ACCOUNT, i, 0, 0, 0), MN_OK);
        }
    }
    EXPECT(sys_spawn_process(MNOS_OWN_ACCOUNT), MN_ERROR_SLOT_OCCUPIED);
    EXPECT(sys_drop_cap(end - 7), MN_OK);
    EXPECT(sys_spawn_process(MNOS_OWN_ACCOUNT), end - 7);
    EXPECT(sys_spawn_process(MNOS_OWN_ACCOUNT), MN_ERROR_SLOT_OCCUPIED);
    EXPECT(sys_drop_cap(10), MN_OK);
    EXPECT(sys_drop_cap(end / 2), MN_OK);
    EXPECT(sys_spawn_process(CHILD_SLOT_ACCOUNT), 10);
    EXPECT(sys_spawn_process(CHILD_SLOT_ACCOUNT), end / 2);
    return SCENARIO_GOOD;
}

/* NOLINTEND(readability-function-cognitive-complexity) */

uint64_t scenario_high_slots(uint64_t parameter)
{
    uint64_t end = (parameter + 63) & ~63ul;
    uint64_t status;

    EXPECT(sys_grow_cnode(CHILD_SLOT_SELF, parameter), MN_OK);
    EXPECT(type_in(end - 1), MN_CAP_EMPTY);
    EXPECT(type_in(end), UINT32_MAX);
    EXPECT(sys_grow_cnode(CHILD_SLOT_SELF, 1), MN_OK);
    EXPECT(type_in(end - 1), MN_CAP_EMPTY);
    EXPECT(sys_grow_cnode(CHILD_SLOT_SELF, MN_CNODE_SLOTS_MAX + 1),
           MN_ERROR_INVALID_ARGUMENT);
    EXPECT(sys_grow_cnode(CHILD_SLOT_SELF, ~0ul), MN_ERROR_INVALID_ARGUMENT);
    status = use_memory(end);
    status = status == SCENARIO_GOOD ? use_objects(end) : status;
    return status == SCENARIO_GOOD ? fill(end) : status;
}

/** A process that has itself, and two that have each other; nobody else has them. */
uint64_t scenario_orphans(uint64_t parameter)
{
    for (uint64_t i = 0; i < parameter; i++) {
        mn_status alone = sys_spawn_process(MNOS_OWN_ACCOUNT);
        mn_status one = sys_spawn_process(MNOS_OWN_ACCOUNT);
        mn_status other = sys_spawn_process(MNOS_OWN_ACCOUNT);

        if (mn_is_error(alone) || mn_is_error(one) || mn_is_error(other)) {
            return __LINE__;
        }
        EXPECT(sys_move_cap(alone, alone, 5), MN_OK);
        EXPECT(sys_delegate(one, other, 5, 0), MN_OK);
        EXPECT(sys_move_cap(other, one, 5), MN_OK);
        EXPECT(sys_drop_cap(other), MN_OK);
    }
    return SCENARIO_GOOD;
}
