/**
 * cycles.c - what it costs to switch, to map, and to make and end threads and processes.
 */
#include "abi/cap.h"
#include "abi/user_memory_map.h"
#include "bench/kernel/init/bench.h"
#include "bench/kernel/slots.h"
#include "core/bytes.h"
#include "mnos/clock.h"
#include "mnos/memory.h"
#include "mnos/process.h"

#define AREA        0x60000000ul
#define CHILD_CODE  0x400000ul
#define CHILD_STACK 0x500000ul
#define BUDGET_NS   4000000000ul

enum { SAMPLES = 255, RANGE_ORDER = 9 };

/** In start.S: EXIT with RDI, at any address. */
extern const char exit_code[];
extern const char exit_code_end[];

/** With the partner on a budget, or none (0). */
static uint64_t yield_with(uint64_t budget)
{
    struct mnos_process partner = make_partner();
    struct mnos_process_error error;
    uint64_t start = 0;
    uint64_t taken;

    require(budget == 0 || sys_set_budget(partner.slot, budget) == MN_OK,
            "a partner on a budget");
    require(mnos_process_start(&partner, PARTNER_YIELDS, &error), "a yielding partner");
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start = read_tsc();
        }
        sys_yield();
    }
    taken = read_tsc() - start;
    mnos_process_abandon(&partner);
    return taken / ((uint64_t)bench_rounds * 2);
}

uint64_t yield_switch(void)
{
    return yield_with(0);
}

uint64_t yield_switch_budgets(void)
{
    uint64_t taken;

    require(sys_create_budget(MN_INIT_SLOT_MEMORY, BENCH_SLOT_THERE, BUDGET_NS,
                              BUDGET_NS) == MN_OK,
            "a budget");
    taken = yield_with(BENCH_SLOT_THERE);
    (void)sys_drop_cap(BENCH_SLOT_THERE);
    return taken;
}

static void sort(uint64_t *values, unsigned count)
{
    for (unsigned i = 1; i < count; i++) {
        uint64_t value = values[i];
        unsigned at = i;

        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

/** A MAP_MEMORY of the frame in the scratch slot: how long it takes. */
static uint64_t map(uint64_t vaddr)
{
    uint64_t start = read_tsc();
    mn_status status =
        sys_map_memory(MN_INIT_SLOT_SELF, BENCH_SLOT_SCRATCH, vaddr, MN_MAP_WRITABLE);
    uint64_t taken = read_tsc() - start;

    require(status == MN_OK, "a mapping");
    return taken;
}

static void allocate(uint64_t order)
{
    require(sys_alloc_memory(MN_INIT_SLOT_MEMORY, BENCH_SLOT_SCRATCH, order) == MN_OK,
            "a block of frames");
}

static void unmap(uint64_t vaddr, uint64_t pages)
{
    require(sys_unmap_memory(MN_INIT_SLOT_SELF, vaddr, pages) == MN_OK, "unmapping");
    (void)sys_drop_cap(BENCH_SLOT_SCRATCH);
}

uint64_t map_one_page(void)
{
    static uint64_t taken[SAMPLES];

    allocate(0);
    (void)map(AREA);
    /* One at a time: the tree of mappings has another shape in each boot. */
    for (unsigned i = 0; i < SAMPLES; i++) {
        taken[i] = map(AREA + MN_PAGE_SIZE);
        require(sys_unmap_memory(MN_INIT_SLOT_SELF, AREA + MN_PAGE_SIZE, 1) == MN_OK,
                "unmapping");
    }
    unmap(AREA, 1);
    sort(taken, SAMPLES);
    return taken[SAMPLES / 2];
}

uint64_t map_range_per_page(void)
{
    uint64_t pages = 1ul << RANGE_ORDER;
    uint64_t taken;

    allocate(RANGE_ORDER);
    taken = map(AREA + MN_PAGE_SIZE); /* not aligned to its size: 4 KiB pages */
    unmap(AREA + MN_PAGE_SIZE, pages);
    return taken / pages;
}

/** Makes, in the scratch slot, a frame with the code that ends at once, mapped at AREA. */
static void make_code(void)
{
    allocate(0);
    (void)map(AREA);
    memcpy((void *)AREA, exit_code, (size_t)(exit_code_end - exit_code));
    require(sys_unmap_memory(MN_INIT_SLOT_SELF, AREA, 1) == MN_OK, "unmapping");
}

uint64_t thread_cycle(void)
{
    uint64_t start = 0;

    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start = read_tsc();
        }
        require(!mn_is_error(sys_spawn_thread(MN_INIT_SLOT_SELF, (uintptr_t)exit_code,
                                              0, 0, MN_CPU_OF_CALLER)),
                "a thread");
        sys_yield();
    }
    return (read_tsc() - start) / (uint64_t)bench_rounds;
}

static void run_process(void)
{
    const struct mnos_memory_source source = {
        .account = MN_INIT_SLOT_MEMORY,
        .process = sys_spawn_process(MN_INIT_SLOT_MEMORY),
        .scratch_slot = BENCH_SLOT_STACK};
    uint64_t code = 0;

    require(!mn_is_error(source.process), "a process");
    require(sys_map_memory(source.process, BENCH_SLOT_SCRATCH, CHILD_CODE,
                           MN_MAP_EXECUTABLE) == MN_OK &&
                mnos_memory_map(&source, CHILD_STACK, 1, MN_MAP_WRITABLE) == MN_OK &&
                !mn_is_error(sys_spawn_thread(source.process, CHILD_CODE,
                                              CHILD_STACK + MN_PAGE_SIZE, 1,
                                              MN_CPU_OF_CALLER)) &&
                sys_wait_process(source.process, &code) == MN_OK && code == 1 &&
                sys_drop_cap(source.process) == MN_OK,
            "a process's life");
}

uint64_t process_cycle(void)
{
    uint64_t start = 0;
    uint64_t taken;

    make_code();
    for (int i = -WARM_ROUNDS; i < bench_rounds; i++) {
        if (i == 0) {
            start = read_tsc();
        }
        run_process();
    }
    taken = read_tsc() - start;
    (void)sys_drop_cap(BENCH_SLOT_SCRATCH);
    return taken / (uint64_t)bench_rounds;
}
