/**
 * test_vspace.c - mappings and page tables, walked here as the processor would.
 *
 * A plain list of mappings says what should be mapped where. After each step every page
 * near a mapping is walked from the PML4; the account is charged for exactly the tables
 * that the list needs; no frame is writable and executable at once.
 */
#include "abi/user_memory_map.h"
#include "arch/x86_64/direct_map.h"
#include "core/paging.h"
#include "core/slab.h"
#include "core/vspace.h"
#include "fake_machine.h"
#include "mem/address_space.h"
#include "unit.h"

enum { FRAMES = 4096, BLOCKS = 6, MAPPINGS = 24, SPACES = 2 };

const struct object_ops *const object_ops[MN_CAP_TYPES] = {
    [MN_CAP_MEMORY_FRAME] = &frame_ops,
};

struct world {
    struct account account;
    struct vspace spaces[SPACES];
    struct slot slots[BLOCKS]; /**< a capability of each block of frames */
    struct mapping *mappings[MAPPINGS];
    uint64_t idle_frames; /**< charged when nothing is mapped */
    uint64_t seed;
};

/** Addresses that lie in different tables of each level, and on their borders. */
static const uint64_t bases[] = {
    0x10000,
    0x1FF000,
    0x200000,
    0x3FE00000,
    0x40000000,
    0x7FFFE00000,
    0x8000000000,
    0x123456789000,
    0x7FFFFFC00000,
    0x7FFFFFFFE000,
    0x7FFFFFFFF000 - 0x400000,
};

enum { BASES = sizeof(bases) / sizeof(bases[0]) };

static struct world *open_world(uint64_t limit)
{
    static const unsigned orders[BLOCKS] = {0, 0, 1, 3, 9, 10};
    struct world *world = calloc(1, sizeof(*world));

    assert_non_null(world);
    fake_machine_open(FRAMES);
    account_init(&world->account, &physical_memory, 1, FRAMES);
    for (size_t i = 0; i < SPACES; i++) {
        assert_true(vspace_create(&world->spaces[i], &world->account, phys_to_virt(0),
                                  0, i + 1));
    }
    for (size_t i = 0; i < BLOCKS; i++) {
        struct frame *frame = frame_create(&world->account, orders[i]);

        assert_non_null(frame);
        frame_retain(frame);
        capability_install(&world->slots[i], NULL,
                           SLOT_WORD(MN_CAP_MEMORY_FRAME, MN_RIGHTS_ALL), frame, 0);
    }
    world->idle_frames = world->account.used_frames;
    world->account.limit_frames = limit;
    world->seed = 0xBE5466CF34E90C6C;
    return world;
}

static void close_world(struct world *world)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        capability_drop(&world->slots[i]);
    }
    for (size_t i = 0; i < SPACES; i++) {
        vspace_destroy(&world->spaces[i]);
    }
    assert_int_equal(world->account.used_frames, 0);
    fake_machine_close();
    free(world);
}

/** The entry that maps an address, with its physical page filled in; 0: none. */
static uint64_t walk(const struct vspace *vspace, uint64_t address)
{
    uint64_t entry = vspace->space.cr3 | PTE_PRESENT;
    bool writable = true;
    bool executable = true;

    for (unsigned level = PAGING_LEVELS; level > 0; level--) {
        const uint64_t *table = phys_to_virt(entry & PTE_ADDRESS);

        entry = table[paging_index(address, level)];
        if ((entry & PTE_PRESENT) == 0) {
            return 0;
        }
        assert_true((entry & PTE_USER) != 0);
        writable = writable && (entry & PTE_WRITABLE) != 0;
        executable = executable && (entry & PTE_NX) == 0;
        if ((entry & PTE_LARGE) != 0) {
            entry += (address & 0x1FFFFF) & ~0xFFFull;
            break;
        }
    }
    assert_false(writable && executable);
    return (entry & PTE_ADDRESS) | (writable ? PTE_WRITABLE : 0) |
           (executable ? 0 : PTE_NX);
}

static uint64_t expected_entry(const struct world *world, const struct vspace *vspace,
                               uint64_t address)
{
    for (size_t i = 0; i < MAPPINGS; i++) {
        const struct mapping *mapping = world->mappings[i];

        if (mapping != NULL && mapping->vspace == vspace &&
            address >= mapping_start(mapping) && address < mapping_end(mapping)) {
            return (mapping->frame->address + (address - mapping_start(mapping))) |
                   ((mapping->place.virtual & MN_MAP_WRITABLE) != 0 ? PTE_WRITABLE
                                                                    : 0) |
                   ((mapping->place.virtual & MN_MAP_EXECUTABLE) != 0 ? 0 : PTE_NX);
        }
    }
    return 0;
}

/** The kernel finds a thread's buffer where the page may be written to, nowhere else. */
static void check_find(const struct vspace *vspace, uint64_t address, uint64_t expected)
{
    const uint8_t *page = phys_to_virt(expected & PTE_ADDRESS);

    assert_ptr_equal(address_space_find_writable(vspace->space.cr3, address + 1024),
                     (expected & PTE_WRITABLE) == 0 ? NULL : page + 1024);
}

/** Each page of each mapping and its neighbours, in both spaces. */
static void check_pages(const struct world *world)
{
    for (size_t i = 0; i < MAPPINGS; i++) {
        const struct mapping *mapping = world->mappings[i];

        if (mapping == NULL) {
            continue;
        }
        for (uint64_t at = mapping_start(mapping) - FRAME_BYTES;
             at <= mapping_end(mapping); at += FRAME_BYTES) {
            for (size_t j = 0; j < SPACES; j++) {
                const struct vspace *vspace = &world->spaces[j];
                uint64_t expected = expected_entry(world, vspace, at);

                assert_int_equal(walk(vspace, at), expected);
                check_find(vspace, at, expected);
            }
        }
    }
}

/** Each frame's counts are those of the list, and never both above 0. */
static void check_counts(const struct world *world)
{
    for (size_t i = 0; i < BLOCKS; i++) {
        const struct frame *frame = world->slots[i].object;
        uint32_t writable = 0;
        uint32_t executable = 0;
        uint32_t all = 0;

        for (size_t j = 0; j < MAPPINGS; j++) {
            const struct mapping *mapping = world->mappings[j];

            if (mapping != NULL && mapping->frame == frame) {
                writable += (mapping->place.virtual & MN_MAP_WRITABLE) != 0;
                executable += (mapping->place.virtual & MN_MAP_EXECUTABLE) != 0;
                all++;
            }
        }
        assert_int_equal(frame->writable, writable);
        assert_int_equal(frame->executable, executable);
        assert_int_equal(frame->mappings, all);
        assert_int_equal(frame->references, all + 1);
        assert_true(writable == 0 || executable == 0);
    }
}

static bool is_free(const struct world *world, const struct vspace *vspace,
                    uint64_t address, uint64_t pages)
{
    for (uint64_t i = 0; i < pages; i++) {
        if (expected_entry(world, vspace, address + i * FRAME_BYTES) != 0) {
            return false;
        }
    }
    return true;
}

static mn_status expected_status(const struct world *world, const struct vspace *vspace,
                                 const struct vspace_request *request)
{
    const struct frame *frame = request->frame;
    uint64_t end = request->virtual + frame->pages * FRAME_BYTES;

    if (request->virtual < MN_USER_BASE || end > MN_USER_LIMIT ||
        (request->flags == MN_MAP_WRITABLE && frame->executable > 0) ||
        (request->flags == MN_MAP_EXECUTABLE && frame->writable > 0) ||
        !is_free(world, vspace, request->virtual, frame->pages)) {
        return MN_ERROR_MAPPING;
    }
    return MN_OK;
}

static void try_map(struct world *world, size_t index, uint64_t random)
{
    struct vspace *vspace = &world->spaces[random & 1];
    struct slot *slot = &world->slots[(random >> 1) % BLOCKS];
    struct vspace_request request = {
        .frame = slot->object,
        .parent = &slot->node,
        .virtual = bases[(random >> 8) % BASES] + ((random >> 16) % 3) * FRAME_BYTES,
        .flags = (uint32_t)((random >> 24) % 3),
    };
    uint64_t used = world->account.used_frames;
    mn_status expected = expected_status(world, vspace, &request);
    /* The quick way and the plain one. */
    mn_status status =
        (random >> 32 & 1) != 0
            ? vspace_map_page(vspace, slot, request.virtual, request.flags)
            : vspace_map(vspace, &request);

    if (status == MN_ERROR_NO_MEMORY && expected == MN_OK) {
        assert_true(world->account.limit_frames < FRAMES);
    } else {
        assert_int_equal(status, expected);
    }
    if (status == MN_OK) {
        world->mappings[index] =
            vspace_find(vspace, request.virtual); /* the one just made */
        assert_int_equal(world->mappings[index]->place.virtual & ~PAGE_TREE_RANK,
                         request.virtual | request.flags);
        assert_ptr_equal(derivation_parent(&world->mappings[index]->node), &slot->node);
    } else {
        assert_int_equal(world->account.used_frames, used);
    }
}

static void unmap(struct world *world, size_t index)
{
    struct mapping *mapping = world->mappings[index];
    uint64_t start = mapping_start(mapping);
    uint64_t pages = mapping->frame->pages;
    uint64_t flushes = fake_tlb.flushes;

    world->mappings[index] = NULL;
    vspace_unmap(mapping);
    assert_int_equal(fake_tlb.flushes, flushes + 1);
    assert_int_equal(fake_tlb.virtual, start);
    assert_int_equal(fake_tlb.pages, pages);
}

static void unmap_all(struct world *world)
{
    for (size_t i = 0; i < MAPPINGS; i++) {
        if (world->mappings[i] != NULL) {
            unmap(world, i);
        }
    }
    assert_int_equal(world->account.used_frames, world->idle_frames);
}

static void run(struct world *world, unsigned rounds)
{
    for (unsigned round = 0; round < rounds; round++) {
        uint64_t random = unit_random(&world->seed);
        size_t index = random % MAPPINGS;

        if (world->mappings[index] != NULL) {
            unmap(world, index);
        } else {
            try_map(world, index, random >> 8);
        }
        check_counts(world);
        if (round % 16 == 0) {
            check_pages(world);
        }
    }
    unmap_all(world);
}

static void random_mappings_match_the_list(void **state)
{
    struct world *world = open_world(FRAMES);

    (void)state;
    run(world, 3000);
    close_world(world);
}

/** The same with an account that can't pay for all tables: at every depth a map fails, and
 *  leaves nothing behind. */
static void running_out_of_memory_leaves_nothing(void **state)
{
    (void)state;
    for (uint64_t spare = 0; spare < 12; spare++) {
        struct world *world = open_world(FRAMES);

        world->account.limit_frames = world->idle_frames + spare;
        run(world, 300);
        close_world(world);
    }
}

static void large_pages_are_used(void **state)
{
    struct world *world = open_world(FRAMES);
    struct slot *slot = &world->slots[5]; /* 4 MiB */
    struct vspace_request request = {.frame = slot->object,
                                     .parent = &slot->node,
                                     .virtual = 0x40000000,
                                     .flags = MN_MAP_WRITABLE};
    uint64_t used = world->account.used_frames;

    (void)state;
    assert_int_equal(vspace_map(&world->spaces[0], &request), MN_OK);
    world->mappings[0] = vspace_find(&world->spaces[0], 0x40000000);
    check_pages(world);
    /* a PDPT, a PD and a page of mapping records, no PT */
    assert_int_equal(world->account.used_frames - used, 3);
    unmap_all(world);
    close_world(world);
}

static mn_status map_at(struct world *world, uint64_t virtual, uint32_t flags)
{
    struct slot *slot = &world->slots[2]; /* two pages */
    struct vspace_request request = {.frame = slot->object,
                                     .parent = &slot->node,
                                     .virtual = virtual,
                                     .flags = flags};

    return vspace_map(&world->spaces[0], &request);
}

static void requests_that_are_refused(void **state)
{
    struct world *world = open_world(FRAMES);

    (void)state;
    assert_int_equal(map_at(world, 0x40000800, 0), MN_ERROR_NO_MEMORY);
    assert_int_equal(map_at(world, 0, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0xF000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0x7FFFFFFFE000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0x7FFFFFFFF000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0x800000000000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0xFFFF800000000000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0xFFFFFFFFFFFFF000, 0), MN_ERROR_MAPPING);
    assert_int_equal(map_at(world, 0x40000000, MN_MAP_WRITABLE | MN_MAP_EXECUTABLE),
                     MN_ERROR_MAPPING);
    unmap_all(world);
    close_world(world);
}

/** Dropping the capability leaves the mapping; the mapping keeps the frames. */
static void a_mapping_outlives_its_capability(void **state)
{
    struct world *world = open_world(FRAMES);
    struct frame *frame = world->slots[2].object;
    uint64_t free_frames = physical_memory.free_frames;

    (void)state;
    assert_int_equal(map_at(world, 0x40000000, MN_MAP_WRITABLE), MN_OK);
    world->mappings[0] = vspace_find(&world->spaces[0], 0x40000000);
    capability_drop(&world->slots[2]);
    assert_int_equal(frame->references, 1);
    assert_int_equal(walk(&world->spaces[0], 0x40001000),
                     (frame->address + FRAME_BYTES) | PTE_WRITABLE | PTE_NX);
    unmap(world, 0);
    assert_int_equal(physical_memory.free_frames, free_frames + 2);
    frame = frame_create(&world->account, 1);
    assert_non_null(frame);
    frame_retain(frame);
    capability_install(&world->slots[2], NULL,
                       SLOT_WORD(MN_CAP_MEMORY_FRAME, MN_RIGHTS_ALL), frame, 0);
    close_world(world);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(random_mappings_match_the_list),
        cmocka_unit_test(running_out_of_memory_leaves_nothing),
        cmocka_unit_test(large_pages_are_used),
        cmocka_unit_test(requests_that_are_refused),
        cmocka_unit_test(a_mapping_outlives_its_capability),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
