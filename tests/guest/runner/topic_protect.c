/**
 * topic_protect.c - PROTECT_MEMORY: what it changes, and what it refuses; and mappings far
 * apart cost their tables and nothing else.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { FRAME = TEST_SLOT, COPY, LARGE_ORDER = 9, PAGES = 40, FAR = 20 };

#define SELF    MN_INIT_SLOT_SELF
#define PLACE   TEST_AREA
#define FAR_GAP (100ul << 30)

static mn_status protect(uint64_t vaddr, uint64_t pages, uint64_t flags)
{
    return sys_protect_memory(SELF, vaddr, pages, flags);
}

/** Written, made code, run, made data again: a function that returns 42. */
static void run_code(const void *data)
{
    static const uint8_t code[] = {0xb8, 42, 0, 0, 0, 0xc3};
    uint32_t (*function)(void) = (uint32_t(*)(void))PLACE;

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME, PLACE, MN_MAP_WRITABLE), MN_OK);
    for (unsigned i = 0; i < sizeof(code); i++) {
        ((volatile uint8_t *)PLACE)[i] = code[i];
    }
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_EXECUTABLE), MN_OK);
    CHECK_EQUAL(function(), 42);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_WRITABLE), MN_OK);
    *(volatile uint8_t *)PLACE = 1;
    CHECK_EQUAL(protect(PLACE, 1, 0), MN_OK);
    CHECK_EQUAL(*(volatile uint8_t *)PLACE, 1);
}

/** W^X over all mappings of a frame, wherever they are. */
static void run_two_mappings(const void *data)
{
    mn_status child = sys_spawn_process(MN_INIT_SLOT_MEMORY);

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME, PLACE, MN_MAP_WRITABLE), MN_OK);
    CHECK_EQUAL(sys_map_memory(child, FRAME, PLACE, 0), MN_OK);
    CHECK_EQUAL(sys_protect_memory(child, PLACE, 1, MN_MAP_EXECUTABLE),
                MN_ERROR_MAPPING);
    CHECK_EQUAL(protect(PLACE, 1, 0), MN_OK);
    CHECK_EQUAL(sys_protect_memory(child, PLACE, 1, MN_MAP_EXECUTABLE), MN_OK);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_WRITABLE), MN_ERROR_MAPPING);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME, PLACE + MN_PAGE_SIZE, MN_MAP_WRITABLE),
                MN_ERROR_MAPPING);
    CHECK_EQUAL(sys_unmap_memory(child, PLACE, 1), MN_OK);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_WRITABLE), MN_OK);
}

/** Not more than the capability allowed, though its parent does. */
static void run_rights(const void *data)
{
    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    mint(FRAME, COPY, MN_RIGHT_READ, 0, 0);
    CHECK_EQUAL(sys_map_memory(SELF, COPY, PLACE, 0), MN_OK);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_WRITABLE), MN_ERROR_RIGHTS);
    CHECK_EQUAL(sys_drop_cap(COPY), MN_OK);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_WRITABLE), MN_ERROR_RIGHTS);
    CHECK_EQUAL(protect(PLACE, 1, MN_MAP_EXECUTABLE), MN_ERROR_RIGHTS);
    CHECK_EQUAL(protect(PLACE, 1, 0), MN_OK);
}

/** A range of many mappings with holes; one that sticks out stops the call. */
static void run_range(const void *data)
{
    const struct mnos_memory_source source = {MN_INIT_SLOT_MEMORY, SELF, FRAME};

    (void)data;
    for (uint64_t i = 0; i < PAGES; i++) {
        CHECK_EQUAL(
            mnos_memory_map(&source, PLACE + 2 * i * MN_PAGE_SIZE, 1, MN_MAP_WRITABLE),
            MN_OK);
    }
    CHECK_EQUAL(protect(PLACE, 2ul * PAGES, MN_MAP_EXECUTABLE), MN_OK);
    CHECK_EQUAL(protect(PLACE, 2ul * PAGES, MN_MAP_WRITABLE), MN_OK);
    for (uint64_t i = 0; i < PAGES; i++) {
        *(volatile uint64_t *)(PLACE + 2 * i * MN_PAGE_SIZE) = i;
    }
    CHECK_EQUAL(protect(PLACE, 0, 0), MN_OK);
}

/** A block of 2 MiB, mapped as one page and not. */
static void run_large(const void *data)
{
    const uint64_t *offset = data;
    uint64_t at = PLACE + *offset;
    uint64_t pages = 1ul << LARGE_ORDER;

    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, LARGE_ORDER), MN_OK);
    CHECK_EQUAL(sys_map_memory(SELF, FRAME, at, MN_MAP_WRITABLE), MN_OK);
    *(volatile uint64_t *)(at + (pages - 1) * MN_PAGE_SIZE) = 7;
    CHECK_EQUAL(protect(at, pages / 2, 0), MN_ERROR_MAPPING);
    CHECK_EQUAL(protect(at + MN_PAGE_SIZE, 1, 0), MN_ERROR_MAPPING);
    CHECK_EQUAL(protect(at, pages, 0), MN_OK);
    CHECK_EQUAL(*(volatile uint64_t *)(at + (pages - 1) * MN_PAGE_SIZE), 7);
    CHECK_EQUAL(protect(at, pages, MN_MAP_WRITABLE), MN_OK);
    *(volatile uint64_t *)at = 8;
}

/** Pages 100 GiB from each other: each costs itself and its three tables. */
static void run_far(const void *data)
{
    mn_status child = sys_spawn_process(MN_INIT_SLOT_MEMORY);
    uint64_t before = frames_used();

    (void)data;
    CHECK_EQUAL(sys_alloc_memory(MN_INIT_SLOT_MEMORY, FRAME, 0), MN_OK);
    for (uint64_t i = 1; i <= FAR; i++) {
        CHECK_EQUAL(sys_map_memory(child, FRAME, i * FAR_GAP, 0), MN_OK);
    }
    /* A PD and a PT each, a PDPT for 512 GiB, and pages of small objects. */
    CHECK(frames_used() - before <= 2 * FAR + FAR_GAP * FAR / (512ul << 30) + 5);
    CHECK_EQUAL(sys_unmap_memory(child, FAR_GAP, FAR * FAR_GAP / MN_PAGE_SIZE), MN_OK);
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK(frames_used() <= before);
}

void topic_protect(void)
{
    static const uint64_t offsets[] = {0, MN_PAGE_SIZE};

    test_run(run_code, NULL, "protect: data becomes code and data again");
    test_run(run_two_mappings, NULL, "protect: never writable and executable");
    test_run(run_rights, NULL, "protect: not more than the capability allowed");
    test_run(run_range, NULL, "protect: %u mappings at once", PAGES);
    test_run(run_large, &offsets[0], "protect: a page of 2 MiB");
    test_run(run_large, &offsets[1], "protect: 512 pages");
    test_run(run_far, NULL, "protect: pages 100 GiB apart");
}
