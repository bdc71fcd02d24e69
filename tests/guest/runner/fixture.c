/**
 * fixture.c - see fixture.h.
 */
#include "guest/runner/fixture.h"

#include "abi/inspect.h"
#include "abi/ipc_message.h"
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/own_thread.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/thread.h"

#define CAP(name, needed)                                                      \
    {                                                                          \
        ARGUMENT_CAP, MN_CAP_##name, (needed), FIXTURE_SLOT + MN_CAP_##name, 0 \
    }
#define EITHER(name, second, needed)                                         \
    {                                                                        \
        ARGUMENT_CAP, MN_CAP_##name, (needed), FIXTURE_SLOT + MN_CAP_##name, \
            MN_CAP_##second                                                  \
    }
#define ANY(needed)                                                          \
    {                                                                        \
        ARGUMENT_ANY_CAP, 0, (needed), FIXTURE_SLOT + MN_CAP_MEMORY_FRAME, 0 \
    }
#define EMPTY                                  \
    {                                          \
        ARGUMENT_EMPTY, 0, 0, FIXTURE_SPARE, 0 \
    }
#define PEER                       \
    {                              \
        ARGUMENT_PEER, 0, 0, 20, 0 \
    }
#define NUMBER(value)                    \
    {                                    \
        ARGUMENT_PLAIN, 0, 0, (value), 0 \
    }

#define R MN_RIGHT_READ
#define W MN_RIGHT_WRITE
#define X MN_RIGHT_EXEC

const struct call calls[] = {
    {"SEND", MN_SYS_SEND, {CAP(ENDPOINT, W), NUMBER(1)}, true},
    {"RECV", MN_SYS_RECV, {CAP(ENDPOINT, R)}, true},
    {"PORT_OUT",
     MN_SYS_PORT_OUT,
     {CAP(IO_PORT, W), NUMBER(0x3ff), NUMBER(0x5a), NUMBER(1)},
     false},
    {"PORT_IN", MN_SYS_PORT_IN, {CAP(IO_PORT, R), NUMBER(0x3ff), NUMBER(0)}, false},
    {"WAIT_IRQ", MN_SYS_WAIT_IRQ, {CAP(INTERRUPT, R)}, true},
    {"SPAWN_PROCESS", MN_SYS_SPAWN_PROCESS, {CAP(PMM_ALLOCATOR, W)}, false},
    {"ALLOC_MEMORY",
     MN_SYS_ALLOC_MEMORY,
     {CAP(PMM_ALLOCATOR, W), EMPTY, NUMBER(0)},
     false},
    {"MAP_MEMORY",
     MN_SYS_MAP_MEMORY,
     {CAP(PROCESS, W), CAP(MEMORY_FRAME, R), NUMBER(FIXTURE_VADDR), NUMBER(0)},
     false},
    {"MAP_MEMORY-writable",
     MN_SYS_MAP_MEMORY,
     {CAP(PROCESS, W), CAP(MEMORY_FRAME, R | W), NUMBER(FIXTURE_VADDR),
      NUMBER(MN_MAP_WRITABLE)},
     false},
    {"MAP_MEMORY-executable",
     MN_SYS_MAP_MEMORY,
     {CAP(PROCESS, W), CAP(MEMORY_FRAME, R | X), NUMBER(FIXTURE_VADDR),
      NUMBER(MN_MAP_EXECUTABLE)},
     false},
    {"DELEGATE",
     MN_SYS_DELEGATE,
     {CAP(PROCESS, W), ANY(MN_RIGHT_GRANT), PEER, NUMBER(0)},
     false},
    {"SPAWN_THREAD",
     MN_SYS_SPAWN_THREAD,
     {CAP(PROCESS, X), NUMBER(MN_USER_BASE), NUMBER(0), NUMBER(0), NUMBER(0)},
     false},
    {"DROP_CAP", MN_SYS_DROP_CAP, {ANY(0)}, false},
    {"MOVE_CAP", MN_SYS_MOVE_CAP, {CAP(PROCESS, W), ANY(MN_RIGHT_GRANT), PEER}, false},
    {"UNMAP_MEMORY",
     MN_SYS_UNMAP_MEMORY,
     {CAP(PROCESS, W), NUMBER(FIXTURE_VADDR), NUMBER(1)},
     false},
    {"CREATE_ENDPOINT", MN_SYS_CREATE_ENDPOINT, {CAP(PMM_ALLOCATOR, W), EMPTY}, false},
    {"MINT_CAP", MN_SYS_MINT_CAP, {ANY(MN_RIGHT_GRANT), EMPTY, NUMBER(0)}, false},
    {"KILL_PROCESS",
     MN_SYS_KILL_PROCESS,
     {CAP(PROCESS, MN_RIGHT_REVOKE), NUMBER(5)},
     false},
    {"WAIT_PROCESS", MN_SYS_WAIT_PROCESS, {CAP(PROCESS, R)}, true},
    {"READ_LOG",
     MN_SYS_READ_LOG,
     {CAP(MACHINE, R), NUMBER(MN_INIT_STACK_TOP - MN_PAGE_SIZE * 60), NUMBER(16)},
     false},
    {"CALL", MN_SYS_CALL, {CAP(ENDPOINT, W), NUMBER(MN_MESSAGE_INFO(1))}, true},
    {"REPLY_RECV", MN_SYS_REPLY_RECV, {CAP(ENDPOINT, R), NUMBER(0)}, true},
    {"REVOKE", MN_SYS_REVOKE, {ANY(MN_RIGHT_REVOKE)}, false},
    {"CREATE_ACCOUNT",
     MN_SYS_CREATE_ACCOUNT,
     {CAP(PMM_ALLOCATOR, W), EMPTY, NUMBER(FIXTURE_FRAMES / 4)},
     false},
    {"CLOSE_ACCOUNT",
     MN_SYS_CLOSE_ACCOUNT,
     {CAP(PMM_ALLOCATOR, MN_RIGHT_REVOKE)},
     false},
    {"CREATE_NOTIFICATION",
     MN_SYS_CREATE_NOTIFICATION,
     {CAP(PMM_ALLOCATOR, W), EMPTY},
     false},
    {"SIGNAL", MN_SYS_SIGNAL, {CAP(NOTIFICATION, W), NUMBER(1)}, false},
    {"WAIT_SIGNAL",
     MN_SYS_WAIT_SIGNAL,
     {CAP(NOTIFICATION, R), NUMBER(MN_WAIT_SIGNAL_POLL)},
     false},
    {"WATCH_BADGES",
     MN_SYS_WATCH_BADGES,
     {CAP(ENDPOINT, R), CAP(NOTIFICATION, W)},
     false},
    {"TAKE_GONE_BADGE", MN_SYS_TAKE_GONE_BADGE, {CAP(ENDPOINT, R)}, true},
    {"BIND_SIGNAL", MN_SYS_BIND_SIGNAL, {CAP(NOTIFICATION, R)}, false},
    {"SET_TIMER", MN_SYS_SET_TIMER, {CAP(NOTIFICATION, W), NUMBER(0)}, false},
    {"INSPECT",
     MN_SYS_INSPECT,
     {CAP(INSPECTOR, R), NUMBER(MN_INSPECT_ALL), NUMBER(0),
      NUMBER(MN_INIT_STACK_TOP - MN_PAGE_SIZE * 60), NUMBER(64)},
     false},
    {"PROTECT_MEMORY",
     MN_SYS_PROTECT_MEMORY,
     {CAP(PROCESS, W), NUMBER(FIXTURE_VADDR), NUMBER(1), NUMBER(0)},
     false},
    {"GROW_CNODE", MN_SYS_GROW_CNODE, {CAP(PROCESS, W), NUMBER(100)}, false},
    {"BIND_INTERRUPT",
     MN_SYS_BIND_INTERRUPT,
     {CAP(INTERRUPT, R), CAP(NOTIFICATION, W)},
     false},
    {"FRAME_ADDRESS",
     MN_SYS_FRAME_ADDRESS,
     {CAP(DMA, R), CAP(MEMORY_FRAME, R | W), NUMBER(0)},
     true},
    {"FRAME_ADDRESS-forget",
     MN_SYS_FRAME_ADDRESS,
     {CAP(DMA, R), CAP(MEMORY_FRAME, MN_RIGHT_REVOKE), NUMBER(1)},
     false},
    {"CREATE_BUDGET",
     MN_SYS_CREATE_BUDGET,
     {CAP(PMM_ALLOCATOR, W), EMPTY, NUMBER(1000000), NUMBER(10000000)},
     false},
    {"SET_BUDGET", MN_SYS_SET_BUDGET, {CAP(PROCESS, W), CAP(BUDGET, W)}, false},
    {"SET_FAULT_HANDLER-process",
     MN_SYS_SET_FAULT_HANDLER,
     {EITHER(PROCESS, THREAD, X), CAP(ENDPOINT, W | MN_RIGHT_GRANT)},
     false},
    {"SET_FAULT_HANDLER-thread",
     MN_SYS_SET_FAULT_HANDLER,
     {EITHER(THREAD, PROCESS, X), CAP(ENDPOINT, W | MN_RIGHT_GRANT)},
     false},
    {"OPEN_THREAD", MN_SYS_OPEN_THREAD, {CAP(PROCESS, X), NUMBER(1), EMPTY}, true},
    {"CONTROL_THREAD",
     MN_SYS_CONTROL_THREAD,
     {CAP(THREAD, W), NUMBER(MN_THREAD_SUSPEND)},
     false},
    {"CONTROL_THREAD-kill",
     MN_SYS_CONTROL_THREAD,
     {CAP(THREAD, MN_RIGHT_REVOKE), NUMBER(MN_THREAD_KILL)},
     false},
    {"READ_REGISTERS",
     MN_SYS_READ_REGISTERS,
     {CAP(THREAD, R), NUMBER(MN_INIT_STACK_TOP - MN_PAGE_SIZE * 60)},
     false},
    {"WRITE_REGISTERS",
     MN_SYS_WRITE_REGISTERS,
     {CAP(THREAD, W), NUMBER(MN_INIT_STACK_TOP - MN_PAGE_SIZE * 60)},
     false},
    {"END_MACHINE", MN_SYS_END_MACHINE, {CAP(MACHINE, X), NUMBER(0)}, true},
};
const unsigned call_count = sizeof(calls) / sizeof(calls[0]);

static void yield_for_ever(void *argument)
{
    (void)argument;
    for (;;) {
        sys_yield();
    }
}

/** A suspended thread of the runner's own; the harness ends it. */
static void create_thread(uint64_t slot)
{
    uint64_t id = own_thread_start(OWN_THREADS - 1, yield_for_ever, NULL, CPU_OWN);

    CHECK_EQUAL(sys_open_thread(MN_INIT_SLOT_SELF, id, slot), MN_OK);
    CHECK_EQUAL(sys_control_thread(slot, MN_THREAD_SUSPEND, 0), MN_OK);
}

void fixture_create_from(uint64_t account)
{
    mn_status process = sys_spawn_process(account);

    if (mn_is_error(process)) {
        CHECK_EQUAL(process, MN_OK);
        return;
    }
    CHECK_EQUAL(sys_create_account(account, FIXTURE_SLOT + MN_CAP_PMM_ALLOCATOR,
                                   FIXTURE_FRAMES),
                MN_OK);
    mint(MN_INIT_SLOT_COM1, FIXTURE_SLOT + MN_CAP_IO_PORT, 0, 0, 0);
    mint(process, FIXTURE_SLOT + MN_CAP_PROCESS, 0, 0, 0);
    CHECK_EQUAL(sys_drop_cap(process), MN_OK);
    CHECK_EQUAL(sys_alloc_memory(account, FIXTURE_SLOT + MN_CAP_MEMORY_FRAME, 0),
                MN_OK);
    CHECK_EQUAL(sys_create_endpoint(account, FIXTURE_SLOT + MN_CAP_ENDPOINT), MN_OK);
    mint(MN_INIT_SLOT_INTERRUPTS, FIXTURE_SLOT + MN_CAP_INTERRUPT, 0, 4, 1);
    mint(MN_INIT_SLOT_MACHINE, FIXTURE_SLOT + MN_CAP_MACHINE, 0, 0, 0);
    mint(MN_INIT_SLOT_INSPECTOR, FIXTURE_SLOT + MN_CAP_INSPECTOR, 0, 0, 0);
    mint(MN_INIT_SLOT_DEVICE_MEMORY, FIXTURE_SLOT + MN_CAP_DEVICE_MEMORY, 0, 0xfd000,
         1);
    mint(MN_INIT_SLOT_DMA, FIXTURE_SLOT + MN_CAP_DMA, 0, 0, 0);
    CHECK_EQUAL(
        sys_create_budget(account, FIXTURE_SLOT + MN_CAP_BUDGET, 1000000, 10000000),
        MN_OK);
    CHECK_EQUAL(sys_create_notification(account, FIXTURE_SLOT + MN_CAP_NOTIFICATION),
                MN_OK);
    CHECK_EQUAL(sys_signal(FIXTURE_SLOT + MN_CAP_NOTIFICATION, 1), MN_OK);
}

void fixture_create(void)
{
    fixture_create_from(MN_INIT_SLOT_MEMORY);
    create_thread(FIXTURE_SLOT + MN_CAP_THREAD);
}

void call_good_arguments(const struct call *call, uint64_t arguments[6])
{
    for (unsigned i = 0; i < CALL_ARGUMENTS; i++) {
        arguments[i] = call->arguments[i].good;
    }
    arguments[5] = 0;
}

bool type_exists(uint32_t type)
{
    return type != 9 && type != 10;
}

const char *type_name(uint32_t type)
{
    return mnos_cap_type_name(type);
}
