/**
 * all_work.c - random work of every kind: processes, derivation, memory, messages, signals.
 *
 * Unlike the fuzzer's, the calls make sense; what they meet is others who do the same with
 * the same objects, and a runner that takes everything away at any moment. So errors are
 * normal, but what ought to be gone and is not ends the child with SCENARIO_BAD.
 */
#include "abi/rights.h"
#include "abi/user_memory_map.h"
#include "guest/hostile/hostile.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"

enum {
    NOTIFICATION = CHILD_SLOT_EXTRA, /* slots */
    WORK_SLOT = 24,
    COPIES = 12,
    WORK_SLOTS_END = WORK_SLOT + COPIES + 1,
    SUB_FRAMES = 64,
    ORDERS = 5
};

#define AREA        0x40000000ul
#define PATIENCE_NS 200000ul
#define CODE_VADDR  0x400000ul

static uint64_t state;
static bool is_wrong;

static uint64_t choose(uint64_t limit)
{
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state % limit;
}

static bool is_empty(uint64_t slot)
{
    struct mn_cap_info info = {0};

    return sys_cap_info(slot, &info) == MN_OK && info.type == MN_CAP_EMPTY;
}

static void drop_all(void)
{
    for (uint64_t slot = WORK_SLOT; slot < WORK_SLOTS_END; slot++) {
        (void)sys_drop_cap(slot);
    }
}

/** Copies of copies, some mapped and some in the CNode of a process; then all revoked. */
static void derive_and_revoke(void)
{
    mn_status process = sys_spawn_process(CHILD_SLOT_ACCOUNT);

    if (sys_alloc_memory(CHILD_SLOT_ACCOUNT, WORK_SLOT, choose(ORDERS)) == MN_OK) {
        for (uint64_t i = 1; i <= COPIES; i++) {
            uint64_t source = WORK_SLOT + choose(i);

            (void)!sys_mint_cap(source, WORK_SLOT + i, MN_RIGHTS_ALL, 0, 0);
            (void)!sys_map_memory(CHILD_SLOT_SELF, source, AREA + i * 0x100000,
                                  MN_MAP_WRITABLE);
            if (!mn_is_error(process)) {
                (void)!sys_delegate(process, source, i, 0);
            }
        }
        if (sys_revoke(WORK_SLOT) == MN_OK) {
            for (uint64_t i = 1; i <= COPIES; i++) {
                is_wrong |= !is_empty(WORK_SLOT + i);
            }
        }
    }
    (void)!sys_unmap_memory(CHILD_SLOT_SELF, AREA, (COPIES + 1) * 0x100);
    if (!mn_is_error(process)) {
        (void)sys_drop_cap(process);
    }
}

/** A process with a thread that faults at its first instruction, or spins until killed. */
static void spawn_and_kill(void)
{
    static const uint8_t spin[] = {0xeb, 0xfe};
    mn_status process = sys_spawn_process(CHILD_SLOT_ACCOUNT);
    uint64_t code;

    if (mn_is_error(process)) {
        return;
    }
    if (choose(2) == 0 && sys_alloc_memory(CHILD_SLOT_ACCOUNT, WORK_SLOT, 0) == MN_OK &&
        sys_map_memory(CHILD_SLOT_SELF, WORK_SLOT, AREA, MN_MAP_WRITABLE) == MN_OK) {
        *(volatile uint16_t *)AREA = (uint16_t)(spin[0] | spin[1] << 8);
        (void)!sys_unmap_memory(CHILD_SLOT_SELF, AREA, 1);
        (void)!sys_map_memory(process, WORK_SLOT, CODE_VADDR, MN_MAP_EXECUTABLE);
    }
    (void)!sys_spawn_thread(process, CODE_VADDR, CODE_VADDR, 0, choose(5));
    if (choose(2) == 0) {
        sys_yield();
    }
    (void)sys_kill_process(process, 0);
    (void)!sys_wait_process(process, &code);
    (void)sys_drop_cap(process);
}

static void map_and_unmap(void)
{
    for (uint64_t i = 0; i < COPIES; i++) {
        uint64_t order = choose(ORDERS);
        uint64_t at = AREA + choose(512) * MN_PAGE_SIZE;

        if (sys_alloc_memory(CHILD_SLOT_ACCOUNT, WORK_SLOT, order) == MN_OK &&
            sys_map_memory(CHILD_SLOT_SELF, WORK_SLOT, at, MN_MAP_WRITABLE) == MN_OK) {
            is_wrong |= *(volatile uint64_t *)at != 0;
            *(volatile uint64_t *)at = state;
        }
        (void)sys_drop_cap(WORK_SLOT);
    }
    (void)!sys_unmap_memory(CHILD_SLOT_SELF, AREA, 1024);
}

/** Calls, or serves, for a while. */
static void converse(void)
{
    struct mnos_message message = {.length = MN_MESSAGE_WORDS,
                                   .flags = MN_MESSAGE_DEADLINE};
    bool serves = choose(2) == 0;

    for (uint64_t i = choose(8); i > 0; i--) {
        message.deadline_ns = mnos_clock_ns() + PATIENCE_NS;
        if (serves) {
            (void)!mnos_message_reply_recv(NULL, CHILD_SLOT_ENDPOINT, &message);
        } else {
            (void)!mnos_message_call(NULL, CHILD_SLOT_ENDPOINT, &message);
        }
    }
}

static void signal_and_wait(void)
{
    uint64_t bits;

    (void)!sys_signal(NOTIFICATION, 1ul << choose(64));
    (void)!sys_set_timer(NOTIFICATION, mnos_clock_ns() + choose(PATIENCE_NS));
    (void)!sys_wait_signal_until(NOTIFICATION, mnos_clock_ns() + PATIENCE_NS, &bits);
}

/** An account below, objects of it, a mapping; then all of it closed. */
static void open_and_close(void)
{
    if (sys_create_account(CHILD_SLOT_ACCOUNT, WORK_SLOT, SUB_FRAMES) != MN_OK) {
        return;
    }
    (void)!sys_create_endpoint(WORK_SLOT, WORK_SLOT + 1);
    (void)!sys_create_notification(WORK_SLOT, WORK_SLOT + 2);
    (void)!sys_alloc_memory(WORK_SLOT, WORK_SLOT + 3, choose(ORDERS));
    (void)!sys_map_memory(CHILD_SLOT_SELF, WORK_SLOT + 3, AREA, MN_MAP_WRITABLE);
    (void)!sys_delegate(CHILD_SLOT_SELF, WORK_SLOT + 1, WORK_SLOT + 4, 0);
    (void)!sys_spawn_process(WORK_SLOT);
    if (sys_close_account(WORK_SLOT) == MN_OK) {
        for (uint64_t i = 0; i < 5; i++) {
            is_wrong |= !is_empty(WORK_SLOT + i);
        }
    }
}

uint64_t scenario_all_work(uint64_t parameter)
{
    static void (*const works[])(void) = {derive_and_revoke, spawn_and_kill,
                                          map_and_unmap,     converse,
                                          signal_and_wait,   open_and_close};

    state = (parameter + 1) * 0x9e3779b97f4a7c15ull;
    while (!is_wrong) {
        works[choose(sizeof(works) / sizeof(works[0]))]();
        drop_all();
        __atomic_fetch_add(&shared()->counter[0], 1, __ATOMIC_SEQ_CST);
    }
    shared()->counter[1]++;
    return SCENARIO_BAD;
}
