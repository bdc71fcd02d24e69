/**
 * topic_memory.c - blocks of frames, mappings, W^X, in one process and over two.
 */
#include "abi/user_memory_map.h"
#include "guest/runner/child.h"
#include "guest/runner/topics.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"

enum { FRAME = TEST_SLOT, FRAME_2, FRAME_3, OTHER = 0 };

#define HERE    (TEST_AREA + 0x200000ul)
#define LARGE   (2ul << 20)
#define SELF    MN_INIT_SLOT_SELF
#define ACCOUNT MN_INIT_SLOT_MEMORY
#define R       0u
#define W       MN_MAP_WRITABLE
#define X       MN_MAP_EXECUTABLE

static volatile uint64_t *word_at(uint64_t vaddr)
{
    return (volatile uint64_t *)vaddr;
}

static uint64_t mappings_of(uint64_t slot)
{
    struct mn_cap_info info = {0};

    CHECK_EQUAL(sys_cap_info(slot, &info), MN_OK);
    return info.b;
}

/** Every block is zero when it is handed out, though the one before left it full. */
static void run_zeroed(const void *data)
{
    const uint64_t *order = data;
    uint64_t words = MN_PAGE_SIZE << *order >> 3;

    for (unsigned round = 0; round < 2; round++) {
        REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, *order), MN_OK);
        REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, W), MN_OK);
        check_zero(HERE, words);
        for (uint64_t i = 0; i < words; i++) {
            word_at(HERE)[i] = 0x5ec7e75ec7e7 + i;
        }
        CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 1ul << *order), MN_OK);
        CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    }
}

/** A block costs 2^order frames (and what the kernel stores), and gives them back. */
static void run_charged(const void *data)
{
    const uint64_t *order = data;
    struct mn_cap_info info;
    uint64_t before = frames_used();

    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, *order), MN_OK);
    CHECK(frames_used() - before >= 1ul << *order);
    CHECK(frames_used() - before <= (1ul << *order) + 1);
    CHECK_EQUAL(sys_cap_info(FRAME, &info), MN_OK);
    CHECK_EQUAL(info.a, MN_PAGE_SIZE << *order);
    CHECK_EQUAL(info.b, 0);
    CHECK_EQUAL(info.rights, MN_RIGHTS_ALL);
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** Two mappings of one frame, the second after, or instead of, the first. */
struct wx_row {
    const char *name;
    uint32_t first;
    uint32_t second;
    bool other_process; /**< the second is in another process */
    bool copy;          /**< by a copy of the capability */
    bool unmapped;      /**< the first is taken out in between */
    uint64_t expected;
};

static void run_wx(const void *data)
{
    const struct wx_row *row = data;
    uint64_t frame = FRAME;
    uint64_t process = SELF;

    if (row->other_process) {
        process = sys_spawn_process(ACCOUNT);
    }
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, row->first), MN_OK);
    if (row->unmapped) {
        CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 1), MN_OK);
    }
    if (row->copy) {
        mint(FRAME, FRAME_2, 0, 0, 0);
        frame = FRAME_2;
        CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    }
    CHECK_EQUAL(sys_map_memory(process, frame, HERE + 2 * MN_PAGE_SIZE, row->second),
                row->expected);
}

static void topic_wx(void)
{
    static const struct wx_row rows[] = {
        {"W then X", W, X, false, false, false, MN_ERROR_MAPPING},
        {"X then W", X, W, false, false, false, MN_ERROR_MAPPING},
        {"W then X in another process", W, X, true, false, false, MN_ERROR_MAPPING},
        {"X then W in another process", X, W, true, false, false, MN_ERROR_MAPPING},
        {"W then X by a copy", W, X, false, true, false, MN_ERROR_MAPPING},
        {"X then W by a copy", X, W, false, true, false, MN_ERROR_MAPPING},
        {"W then X by a copy in another process", W, X, true, true, false,
         MN_ERROR_MAPPING},
        {"X then W by a copy in another process", X, W, true, true, false,
         MN_ERROR_MAPPING},
        {"W, unmapped, then X", W, X, false, false, true, MN_OK},
        {"X, unmapped, then W", X, W, false, false, true, MN_OK},
        {"W, unmapped, then X in another process", W, X, true, false, true, MN_OK},
        {"X, unmapped, then W in another process", X, W, true, false, true, MN_OK},
        {"R then W", R, W, false, false, false, MN_OK},
        {"R then X", R, X, false, false, false, MN_OK},
        {"W then R", W, R, false, false, false, MN_OK},
        {"X then R", X, R, false, false, false, MN_OK},
        {"W then W", W, W, true, false, false, MN_OK},
        {"X then X", X, X, true, false, false, MN_OK},
        {"R then R", R, R, true, false, false, MN_OK},
        {"R then both", R, W | X, false, false, false, MN_ERROR_MAPPING},
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_wx, &rows[i], "memory: %s", rows[i].name);
    }
}

/** A first block of 2^order pages at HERE; then one at another place. */
struct overlap_row {
    const char *name;
    uint64_t order;
    uint64_t second_order;
    int64_t offset; /**< pages from HERE */
    uint64_t expected;
};

static void run_overlap(const void *data)
{
    const struct overlap_row *row = data;
    uint64_t at = HERE + (uint64_t)row->offset * MN_PAGE_SIZE;

    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, row->order), MN_OK);
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME_2, row->second_order), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, W), MN_OK);
    *word_at(HERE) = 1;
    CHECK_EQUAL(sys_map_memory(SELF, FRAME_2, at, W), row->expected);
    CHECK_EQUAL(*word_at(HERE), 1);
    if (row->expected == MN_OK) {
        *word_at(at) = 2;
        CHECK_EQUAL(*word_at(HERE), 1);
        CHECK_EQUAL(*word_at(at), 2);
    } else {
        CHECK_EQUAL(mappings_of(FRAME_2), 0);
    }
}

static void topic_overlap(void)
{
    static const struct overlap_row rows[] = {
        {"the same page twice", 0, 0, 0, MN_ERROR_MAPPING},
        {"the page before", 0, 0, -1, MN_OK},
        {"the page behind", 0, 0, 1, MN_OK},
        {"a block over the end", 2, 2, 3, MN_ERROR_MAPPING},
        {"a block over the start", 2, 2, -3, MN_ERROR_MAPPING},
        {"a block right before", 2, 2, -4, MN_OK},
        {"a block right behind", 2, 2, 4, MN_OK},
        {"a page inside of a block", 4, 0, 7, MN_ERROR_MAPPING},
        {"a block around a page", 0, 4, -7, MN_ERROR_MAPPING},
        {"a page inside of a 2 MiB page", 9, 0, 100, MN_ERROR_MAPPING},
        {"a 2 MiB page over a page", 0, 9, 0, MN_ERROR_MAPPING},
        {"a 2 MiB block over a later page", 0, 9, -511, MN_ERROR_MAPPING},
        {"a 2 MiB page behind a 2 MiB page", 9, 9, 512, MN_OK},
        {"an unaligned 2 MiB block", 0, 9, 3, MN_OK},
        {"an unaligned 4 MiB block over a 2 MiB page", 9, 10, -1000, MN_ERROR_MAPPING},
    };

    for (unsigned i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        test_run(run_overlap, &rows[i], "memory: map %s", rows[i].name);
    }
}

static void run_unmap_part(const void *data)
{
    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 2), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, W), MN_OK);
    *word_at(HERE) = 7;
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 3), MN_ERROR_MAPPING);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE + MN_PAGE_SIZE, 3), MN_ERROR_MAPPING);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE + MN_PAGE_SIZE, 1), MN_ERROR_MAPPING);
    CHECK_EQUAL(*word_at(HERE), 7);
    CHECK_EQUAL(mappings_of(FRAME), 1);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 4), MN_OK);
    CHECK_EQUAL(mappings_of(FRAME), 0);
}

/** More mappings than one step ends, with holes between them. */
static void run_unmap_many(const void *data)
{
    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    for (uint64_t i = 0; i < 100; i++) {
        REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE + i * 3 * MN_PAGE_SIZE, W),
                      MN_OK);
        *word_at(HERE + i * 3 * MN_PAGE_SIZE) = i;
    }
    CHECK_EQUAL(*word_at(HERE), 99);
    CHECK_EQUAL(mappings_of(FRAME), 100);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE + 3 * MN_PAGE_SIZE, 98 * 3ul), MN_OK);
    CHECK_EQUAL(mappings_of(FRAME), 2);
    CHECK_EQUAL(*word_at(HERE), 99);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 300), MN_OK);
    CHECK_EQUAL(mappings_of(FRAME), 0);
}

/** The mapping keeps the frame, and the frame comes back with the mapping. */
static void run_drop_keeps_mapping(const void *data)
{
    uint64_t before = frames_used();

    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 3), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, W), MN_OK);
    *word_at(HERE + 7 * MN_PAGE_SIZE) = 11;
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK(frames_used() >= before + 8);
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME_2, 3), MN_OK);
    CHECK_EQUAL(*word_at(HERE + 7 * MN_PAGE_SIZE), 11);
    CHECK_EQUAL(sys_drop_cap(FRAME_2), MN_OK);
    CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 8), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

/** What one process writes the other reads, through blocks of several sizes. */
static void run_shared(const void *data)
{
    const uint64_t *order = data;
    uint64_t last = (MN_PAGE_SIZE << *order) - sizeof(uint64_t);
    uint64_t child = child_create();
    struct shared_page *shared = (struct shared_page *)HERE;

    endpoint_create(FRAME_3);
    child_give(child, FRAME_3, CHILD_SLOT_ENDPOINT, 0);
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, *order), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(SELF, FRAME, HERE, W), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(child, FRAME, SHARED_CHILD_VADDR, W), MN_OK);
    *word_at(HERE + last) = 5;
    child_start(child, SCENARIO_RECEIVE_ONE, 0, CPU_OWN);
    CHECK_EQUAL(send_number(FRAME_3, 21), MN_OK);
    CHECK_EQUAL(child_wait(child), SCENARIO_GOOD);
    CHECK_EQUAL(shared->words[0], 21);
    CHECK_EQUAL(shared->words[1], 42);
    CHECK_EQUAL(*word_at(HERE + last), 5);
}

/** After a new mapping in its place an address shows the new frame, not the old one. */
static void run_remap(const void *data)
{
    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME_2, 0), MN_OK);
    for (uint64_t i = 0; i < 40; i++) {
        uint64_t frame = i % 2 == 0 ? FRAME : FRAME_2;
        uint64_t seed = i % 2 == 0 ? 1 : 1000;

        REQUIRE_EQUAL(sys_map_memory(SELF, frame, HERE, W), MN_OK);
        CHECK_EQUAL(*word_at(HERE), seed * (i / 2));
        *word_at(HERE) = seed * (i / 2 + 1);
        CHECK_EQUAL(sys_unmap_memory(SELF, HERE, 1), MN_OK);
    }
}

/** The rights of the mapping, not of the capability, count at the access. */
static void run_read_only(const void *data)
{
    const uint32_t *flags = data;
    uint64_t child = child_create();

    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    REQUIRE_EQUAL(sys_map_memory(child, FRAME, SHARED_CHILD_VADDR, *flags), MN_OK);
    child_start(child, SCENARIO_SPIN, 0, CPU_OWN);
    CHECK_EQUAL(child_wait(child), FAULT_CODE(14));
}

/** Page tables far apart: made, charged, given back. */
static void run_far_apart(const void *data)
{
    uint64_t process = sys_spawn_process(ACCOUNT);
    uint64_t before = frames_used();

    (void)data;
    REQUIRE_EQUAL(sys_alloc_memory(ACCOUNT, FRAME, 0), MN_OK);
    for (uint64_t at = 1ul << 39; at < MN_USER_LIMIT; at += 1ul << 42) {
        REQUIRE_EQUAL(sys_map_memory(process, FRAME, at, W), MN_OK);
    }
    CHECK(frames_used() >= before + 32 * 3ul);
    for (uint64_t at = 1ul << 39; at < MN_USER_LIMIT; at += 1ul << 42) {
        CHECK_EQUAL(sys_unmap_memory(process, at, 1), MN_OK);
    }
    CHECK_EQUAL(sys_drop_cap(FRAME), MN_OK);
    CHECK_EQUAL(frames_used(), before);
}

void topic_memory(void)
{
    static const uint64_t orders[] = {0, 1, 3, 9, 10, 12};
    static const uint32_t read_only = R;
    static const uint32_t executable = X;

    for (unsigned i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        unsigned long long order = orders[i];

        test_run(run_zeroed, &orders[i], "memory: order %llu is zeroed", order);
        test_run(run_charged, &orders[i], "memory: order %llu is charged", order);
        test_run(run_shared, &orders[i], "memory: order %llu is shared", order);
    }
    topic_wx();
    topic_overlap();
    test_run(run_unmap_part, NULL, "memory: unmap a part of a mapping");
    test_run(run_unmap_many, NULL, "memory: unmap a hundred mappings");
    test_run(run_drop_keeps_mapping, NULL, "memory: DROP_CAP keeps the mapping");
    test_run(run_remap, NULL, "memory: another frame in the same place");
    test_run(run_read_only, &read_only, "memory: a readable page is not writable");
    test_run(run_read_only, &executable, "memory: an executable page is not writable");
    test_run(run_far_apart, NULL, "memory: page tables far apart come back");
}
