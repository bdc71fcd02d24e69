/**
 * test_program_image.c - shared read-only segments against a fake kernel, each call failing in turn.
 *
 * The fake keeps blocks by their slot, what is in the window, and the pages of children.
 */
#include "abi/user_memory_map.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/program_image.h"
#include "unit.h"

enum {
    PAGE = 4096,
    ACCOUNT = 1,
    SELF = 3,
    SCRATCH = 32,
    FIRST_SLOT = 40,
    SLOTS = 64,
    CHILD = 8,
    TEXT = 0x400000,
    TEXT_PAGES = 11, /* 8 + 2 + 1 */
    DATA = TEXT + 16 * PAGE,
    IMAGE_BYTES = (1 + TEXT_PAGES + 1) * PAGE,
    CHILD_PAGES = 32,
    NEVER = 1000
};

static struct {
    uint8_t *blocks[SLOTS]; /**< NULL: the slot is Empty */
    uint64_t pages[SLOTS];
    uint64_t in_window; /**< the slot whose block is mapped there, or 0 */
    uint8_t child[CHILD_PAGES * PAGE];
    uint64_t child_flags[CHILD_PAGES];
    unsigned calls;
    unsigned fail_at;
} kernel;

static uint8_t window[16 * PAGE] __attribute__((aligned(PAGE)));
static uint8_t scratch_page[PAGE] __attribute__((aligned(PAGE)));

static bool fails(void)
{
    return kernel.calls++ == kernel.fail_at;
}

uint64_t mnos_cap_find_empty(uint64_t from)
{
    while (from < SLOTS && kernel.blocks[from] != NULL) {
        from++;
    }
    return from < SLOTS ? from : MNOS_NO_SLOT;
}

mn_status sys_alloc_memory(uint64_t account, uint64_t target, uint64_t order)
{
    assert_int_equal(account, ACCOUNT);
    assert_null(kernel.blocks[target]);
    if (fails()) {
        return MN_ERROR_NO_MEMORY;
    }
    kernel.blocks[target] = calloc(1ul << order, PAGE);
    kernel.pages[target] = 1ull << order;
    return MN_OK;
}

/** The loader's own pages: the window, or the scratch page. */
static uint8_t *own_page(uint64_t vaddr)
{
    return vaddr == (uintptr_t)window ? window : scratch_page;
}

mn_status sys_map_memory(uint64_t process, uint64_t frame, uint64_t vaddr,
                         uint64_t flags)
{
    size_t bytes = kernel.pages[frame] * PAGE;

    assert_non_null(kernel.blocks[frame]);
    if (fails()) {
        return MN_ERROR_MAPPING;
    }
    if (process == SELF) {
        assert_int_equal(kernel.in_window, 0);
        assert_int_equal(flags, MN_MAP_WRITABLE);
        assert_true(bytes <= sizeof(window));
        memcpy(own_page(vaddr), kernel.blocks[frame], bytes);
        kernel.in_window = frame;
        return MN_OK;
    }
    assert_int_not_equal(kernel.in_window, frame);
    memcpy(kernel.child + (vaddr - TEXT), kernel.blocks[frame], bytes);
    for (size_t i = 0; i < kernel.pages[frame]; i++) {
        kernel.child_flags[(vaddr - TEXT) / PAGE + i] = flags | 0x100;
    }
    return MN_OK;
}

mn_status sys_unmap_memory(uint64_t process, uint64_t vaddr, uint64_t pages)
{
    assert_int_equal(process, SELF);
    if (fails()) {
        return MN_ERROR_MAPPING;
    }
    assert_int_equal(pages, kernel.pages[kernel.in_window]);
    memcpy(kernel.blocks[kernel.in_window], own_page(vaddr), pages * PAGE);
    kernel.in_window = 0;
    return MN_OK;
}

mn_status sys_drop_cap(uint64_t slot)
{
    free(kernel.blocks[slot]);
    kernel.blocks[slot] = NULL;
    kernel.in_window = 0;
    return MN_OK;
}

/* Not asked for here, but in the same file as what is. */
mn_status sys_spawn_process(uint64_t account)
{
    (void)account;
    abort();
}

mn_status sys_cap_info(uint64_t slot, struct mn_cap_info *out_info)
{
    (void)slot;
    (void)out_info;
    abort();
}

mn_status sys_spawn_thread(uint64_t process, uint64_t rip, uint64_t rsp,
                           uint64_t argument, uint64_t cpu)
{
    (void)process;
    (void)rip;
    (void)rsp;
    (void)argument;
    (void)cpu;
    abort();
}

mn_status sys_kill_process(uint64_t process, uint64_t exit_code)
{
    (void)process;
    (void)exit_code;
    abort();
}

mn_status sys_wait_process(uint64_t process, uint64_t *out_exit_code)
{
    (void)process;
    *out_exit_code = 0;
    abort();
}

static void put(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

/** One program header: gABI chapter 5. */
static void put_segment(uint8_t *header, uint32_t flags, uint64_t offset,
                        uint64_t vaddr, uint64_t size)
{
    put(header, 1, 4); /* PT_LOAD */
    put(header + 4, flags, 4);
    put(header + 8, offset, 8);
    put(header + 16, vaddr, 8);
    put(header + 24, vaddr, 8);
    put(header + 32, size, 8);
    put(header + 40, size, 8);
    put(header + 48, PAGE, 8);
}

/** Text of eleven pages, the last one in part, and a page of data. */
static uint8_t *make_elf(void)
{
    uint8_t *image = calloc(1, IMAGE_BYTES);

    assert_non_null(image);
    for (size_t i = PAGE; i < IMAGE_BYTES; i++) {
        image[i] = (uint8_t)(i / 7 | 1);
    }
    put(image, 0x00010102464c457full, 8); /* e_ident */
    put(image + 16, 2, 2);                /* ET_EXEC */
    put(image + 18, 62, 2);               /* EM_X86_64 */
    put(image + 20, 1, 4);
    put(image + 24, TEXT + 0x10, 8);
    put(image + 32, 64, 8); /* program headers */
    put(image + 52, 64, 2);
    put(image + 54, 56, 2);
    put(image + 56, 2, 2);
    put_segment(image + 64, 5, PAGE, TEXT, (TEXT_PAGES - 1) * PAGE + 50);
    put_segment(image + 120, 6, (1 + TEXT_PAGES) * PAGE, DATA, PAGE);
    return image;
}

static const struct mnos_loader loader = {.account = ACCOUNT,
                                          .self = SELF,
                                          .scratch_slot = SCRATCH,
                                          .scratch_vaddr = (uintptr_t)scratch_page};
static const struct mnos_program_room room = {.first_slot = FIRST_SLOT,
                                              .window = (uintptr_t)window};

static unsigned filled_slots(void)
{
    unsigned count = 0;

    for (size_t i = 0; i < SLOTS; i++) {
        count += kernel.blocks[i] != NULL;
    }
    return count;
}

static bool create(const uint8_t *elf, unsigned fail_at,
                   struct mnos_program_image *out_image)
{
    struct mnos_process_error error;

    memset(&kernel, 0, sizeof(kernel));
    kernel.fail_at = fail_at;
    return mnos_program_image_create(&loader, &room, elf, IMAGE_BYTES, out_image,
                                     &error);
}

static void test_children_share(void **state)
{
    uint8_t *elf = make_elf();
    struct mnos_process child = {.slot = CHILD};
    struct mnos_process_error error;
    struct mnos_program_image image;

    (void)state;
    assert_true(create(elf, NEVER, &image));
    assert_int_equal(filled_slots(), 3);
    for (int i = 0; i < 2; i++) {
        memset(kernel.child, 0xee, sizeof(kernel.child));
        assert_true(mnos_program_image_load(&loader, &child, &image, &error));
        assert_int_equal(child.entry, TEXT + 0x10);
        assert_memory_equal(kernel.child, elf + PAGE, (TEXT_PAGES - 1) * PAGE + 50);
        assert_int_equal(kernel.child[(TEXT_PAGES - 1) * PAGE + 50], 0);
        assert_memory_equal(kernel.child + (DATA - TEXT), elf + (1 + TEXT_PAGES) * PAGE,
                            PAGE);
        assert_int_equal(kernel.child_flags[0], MN_MAP_EXECUTABLE | 0x100);
        assert_int_equal(kernel.child_flags[TEXT_PAGES - 1], MN_MAP_EXECUTABLE | 0x100);
        assert_int_equal(kernel.child_flags[16], MN_MAP_WRITABLE | 0x100);
        assert_int_equal(filled_slots(), 3);
    }
    mnos_program_image_release(&image);
    assert_int_equal(filled_slots(), 0);
    free(elf);
}

static void test_a_failure_leaves_nothing(void **state)
{
    uint8_t *elf = make_elf();
    struct mnos_program_image image;

    (void)state;
    assert_true(create(elf, NEVER, &image));
    unsigned calls = kernel.calls;
    mnos_program_image_release(&image);
    assert_int_equal(calls, 9);
    for (unsigned i = 0; i < calls; i++) {
        assert_false(create(elf, i, &image));
        assert_int_equal(filled_slots(), 0);
    }
    elf[0] = 0;
    assert_false(create(elf, NEVER, &image));
    free(elf);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_children_share),
        cmocka_unit_test(test_a_failure_leaves_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
