/**
 * child.c - see child.h.
 */
#include "guest/runner/child.h"

#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/fault.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"
#include "mnos/signal.h"
#include "mnos/tar.h"

enum {
    SLOT_SCRATCH = TEST_SLOTS_END - 1,
    SLOT_SHARED = TEST_SLOTS_END - 2,
    PATIENCE_YIELDS = 3000000,
    PAUSES = 1000
};

#define SHARED_VADDR  (TEST_AREA + 0x10000000ul)
#define SCRATCH_VADDR (TEST_AREA + 0x10010000ul)

static uint64_t fail_loading(const struct mnos_process_error *error)
{
    test_fail(__FILE__, __LINE__, "%s: %s", error->step, error->cause);
    return 0;
}

/** Where `hostile` begins; the same in every child. */
static uint64_t entry;

uint64_t child_create_from(uint64_t account)
{
    const struct mnos_loader loader = {.account = account,
                                       .self = MN_INIT_SLOT_SELF,
                                       .scratch_slot = SLOT_SCRATCH,
                                       .scratch_vaddr = SCRATCH_VADDR};
    struct mnos_process_error error;
    struct mnos_process process;
    struct tar_file file;

    if (tar_find((const void *)MN_INIT_INITRD, boot_info->initrd_size, "hostile",
                 &file) != NULL) {
        test_fail(__FILE__, __LINE__, "no file hostile in the initrd");
        return 0;
    }
    if (!mnos_process_create(&loader, &process, &error)) {
        return fail_loading(&error);
    }
    if (!mnos_process_load(&loader, &process, file.data, file.size, &error) ||
        !mnos_process_map_stack(&loader, &process, CHILD_STACK_TOP, CHILD_STACK_PAGES,
                                &error)) {
        mnos_process_abandon(&process);
        return fail_loading(&error);
    }
    entry = process.entry;
    return process.slot;
}

uint64_t child_create(void)
{
    return child_create_from(MN_INIT_SLOT_MEMORY);
}

uint64_t child_create_faulter(uint64_t endpoint, uint64_t badged, uint64_t badge)
{
    uint64_t child = child_create();

    endpoint_create(endpoint);
    mint(endpoint, badged, MN_RIGHT_WRITE | MN_RIGHT_GRANT, badge, 0);
    CHECK_EQUAL(sys_set_fault_handler(child, badged), MN_OK);
    return child;
}

uint64_t child_start(uint64_t child, enum scenario scenario, uint64_t parameter,
                     uint64_t cpu)
{
    mn_status thread = sys_spawn_thread(child, entry, CHILD_STACK_TOP,
                                        SCENARIO_ARGUMENT(scenario, parameter), cpu);

    if (mn_is_error(thread)) {
        CHECK_EQUAL(thread, MN_OK);
    }
    return thread;
}

uint64_t child_run(enum scenario scenario, uint64_t parameter)
{
    uint64_t child = child_create();

    child_start(child, scenario, parameter, CPU_OWN);
    return child;
}

void child_give(uint64_t child, uint64_t slot, enum child_slot target, uint64_t rights)
{
    CHECK_EQUAL(sys_delegate(child, slot, target, rights), MN_OK);
}

uint64_t child_wait(uint64_t child)
{
    uint64_t code = 0;

    CHECK_EQUAL(sys_wait_process(child, &code), MN_OK);
    return code;
}

bool child_ends(uint64_t child)
{
    struct mn_cap_info info;

    for (unsigned i = 0; i < PATIENCE_YIELDS; i++) {
        if (sys_cap_info(child, &info) != MN_OK || info.b == MN_PROCESS_GONE) {
            return true;
        }
        sys_yield();
    }
    return false;
}

void child_kill(uint64_t child)
{
    CHECK_EQUAL(sys_kill_process(child, 77), MN_OK);
    CHECK_EQUAL(child_wait(child), 77);
    CHECK_EQUAL(sys_drop_cap(child), MN_OK);
}

uint64_t child_pid(uint64_t child)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(child, &info), MN_OK);
    return info.a;
}

struct shared_page *shared_create(void)
{
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, SLOT_SHARED, 0), MN_OK);
    CHECK_EQUAL(
        sys_map_memory(MN_INIT_SLOT_SELF, SLOT_SHARED, SHARED_VADDR, MN_MAP_WRITABLE),
        MN_OK);
    return (struct shared_page *)SHARED_VADDR;
}

void child_share(uint64_t child)
{
    CHECK_EQUAL(sys_map_memory(child, SLOT_SHARED, SHARED_CHILD_VADDR, MN_MAP_WRITABLE),
                MN_OK);
}

void endpoint_create(uint64_t slot)
{
    CHECK_EQUAL(sys_create_endpoint(MN_INIT_SLOT_MEMORY, slot), MN_OK);
}

void notification_create(uint64_t slot)
{
    CHECK_EQUAL(sys_create_notification(MN_INIT_SLOT_MEMORY, slot), MN_OK);
}

void mint(uint64_t source, uint64_t target, uint64_t rights, uint64_t a, uint64_t b)
{
    CHECK_EQUAL(sys_mint_cap(source, target, rights, a, b), MN_OK);
}

mn_status send_number(uint64_t slot, uint64_t i)
{
    return sys_send(slot, i, 2 * i, ~i);
}

void receive_number(uint64_t slot, uint64_t i, uint64_t badge)
{
    struct mn_message message = {0};

    REQUIRE_EQUAL(sys_recv(slot, &message), MN_OK);
    CHECK_EQUAL(message.label, i);
    CHECK_EQUAL(message.data0, 2 * i);
    CHECK_EQUAL(message.data1, ~i);
    CHECK_EQUAL(message.badge, badge);
}

void check_zero(uint64_t vaddr, uint64_t words)
{
    const volatile uint64_t *word = (const volatile uint64_t *)vaddr;

    for (uint64_t i = 0; i < words; i++) {
        if (word[i] != 0) {
            test_fail(__FILE__, __LINE__, "word %llu of %llu is 0x%llx",
                      (unsigned long long)i, (unsigned long long)words,
                      (unsigned long long)word[i]);
            return;
        }
    }
}

/** Lets others run: on this CPU, and without taking the kernel's lock from other CPUs. */
static void pause_and_yield(void)
{
    for (unsigned i = 0; boot_info->cpu_count > 1 && i < PAUSES; i++) {
        __asm__ volatile("pause");
    }
    sys_yield();
}

void wait_for_word(const volatile uint64_t *word, uint64_t value)
{
    for (unsigned i = 0; i < PATIENCE_YIELDS; i++) {
        if (*word >= value) {
            return;
        }
        pause_and_yield();
    }
    test_fail(__FILE__, __LINE__, "waited in vain: the word is %llu, not %llu",
              (unsigned long long)*word, (unsigned long long)value);
}

void tiny_code_create(uint64_t frame_slot, const void *code, size_t size)
{
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, frame_slot, 0), MN_OK);
    CHECK_EQUAL(
        sys_map_memory(MN_INIT_SLOT_SELF, frame_slot, SCRATCH_VADDR, MN_MAP_WRITABLE),
        MN_OK);
    if (!test_has_failed()) {
        memcpy((void *)SCRATCH_VADDR, code, size);
    }
    CHECK_EQUAL(sys_unmap_memory(MN_INIT_SLOT_SELF, SCRATCH_VADDR, 1), MN_OK);
}

uint64_t tiny_create(uint64_t frame_slot)
{
    mn_status child = sys_spawn_process(MN_INIT_SLOT_MEMORY);
    const struct mnos_memory_source source = {
        .account = MN_INIT_SLOT_MEMORY, .process = child, .scratch_slot = SLOT_SCRATCH};

    if (mn_is_error(child)) {
        CHECK_EQUAL(child, MN_OK);
        return 0;
    }
    CHECK_EQUAL(sys_map_memory(child, frame_slot, TINY_CODE, MN_MAP_EXECUTABLE), MN_OK);
    CHECK_EQUAL(
        mnos_memory_map(&source, TINY_STACK_TOP - MN_PAGE_SIZE, 1, MN_MAP_WRITABLE),
        MN_OK);
    return child;
}

void tiny_start(uint64_t child, uint64_t argument, uint64_t cpu)
{
    mn_status thread =
        sys_spawn_thread(child, TINY_CODE, TINY_STACK_TOP, argument, cpu);

    if (mn_is_error(thread)) {
        CHECK_EQUAL(thread, MN_OK);
    }
}
