/**
 * test_process_loader.c - a child's life against a fake kernel, each call failing in turn.
 *
 * The fake keeps frames, the loader's scratch page, the child's mappings and the slots that
 * are filled. After a failure at any call, and mnos_process_abandon(), nothing is left.
 */
#include "abi/user_memory_map.h"
#include "mnos/cap.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"
#include "unit.h"

enum {
    PAGE = 4096,
    PAGES_MAX = 64,
    ACCOUNT = 1,
    SELF = 3,
    SCRATCH = 32,
    CHILD = 8,
    TEXT = 0x400000,
    NEVER = 1000
};

/** A page of the child. */
struct page {
    uint64_t vaddr;
    uint64_t flags;
    uint8_t bytes[PAGE];
};

static struct {
    uint8_t frame[PAGE]; /**< behind the scratch slot */
    bool frame_held;
    bool scratch_mapped;
    bool child_lives;
    bool child_held;
    struct page pages[PAGES_MAX];
    size_t page_count;
    uint64_t rip;
    uint64_t rsp;
    uint64_t argument;
    unsigned calls;
    unsigned fail_at;
} kernel;

static uint8_t scratch_page[PAGE] __attribute__((aligned(PAGE)));

static bool fails(void)
{
    return kernel.calls++ == kernel.fail_at;
}

mn_status sys_spawn_process(uint64_t account)
{
    assert_int_equal(account, ACCOUNT);
    if (fails()) {
        return MN_ERROR_NO_MEMORY;
    }
    kernel.child_lives = true;
    kernel.child_held = true;
    return CHILD;
}

mn_status sys_cap_info(uint64_t slot, struct mn_cap_info *out_info)
{
    assert_int_equal(slot, CHILD);
    if (fails()) {
        return MN_ERROR_INVALID_SLOT;
    }
    *out_info = (struct mn_cap_info){.type = MN_CAP_PROCESS, .a = 42};
    return MN_OK;
}

mn_status sys_alloc_memory(uint64_t account, uint64_t target, uint64_t order)
{
    assert_int_equal(account, ACCOUNT);
    assert_int_equal(target, SCRATCH);
    assert_int_equal(order, 0);
    assert_false(kernel.frame_held);
    if (fails()) {
        return MN_ERROR_NO_MEMORY;
    }
    memset(kernel.frame, 0, PAGE);
    kernel.frame_held = true;
    return MN_OK;
}

static mn_status map_in_child(uint64_t vaddr, uint64_t flags)
{
    assert_false(kernel.scratch_mapped);
    assert_int_not_equal(flags, MN_MAP_WRITABLE | MN_MAP_EXECUTABLE);
    for (size_t i = 0; i < kernel.page_count; i++) {
        assert_int_not_equal(kernel.pages[i].vaddr, vaddr);
    }
    assert_true(kernel.page_count < PAGES_MAX);
    struct page *page = &kernel.pages[kernel.page_count++];
    page->vaddr = vaddr;
    page->flags = flags;
    memcpy(page->bytes, kernel.frame, PAGE);
    return MN_OK;
}

mn_status sys_map_memory(uint64_t process, uint64_t frame, uint64_t vaddr,
                         uint64_t flags)
{
    assert_int_equal(frame, SCRATCH);
    assert_true(kernel.frame_held);
    assert_int_equal(vaddr % PAGE, 0);
    if (fails()) {
        return MN_ERROR_MAPPING;
    }
    if (process == CHILD) {
        return map_in_child(vaddr, flags);
    }
    assert_int_equal(process, SELF);
    assert_int_equal(vaddr, (uintptr_t)scratch_page);
    assert_false(kernel.scratch_mapped);
    memcpy(scratch_page, kernel.frame, PAGE);
    kernel.scratch_mapped = true;
    return MN_OK;
}

mn_status sys_unmap_memory(uint64_t process, uint64_t vaddr, uint64_t pages)
{
    if (process == CHILD) {
        return MN_OK; /* part of a stack; the child goes anyway */
    }
    assert_int_equal(vaddr, (uintptr_t)scratch_page);
    assert_int_equal(pages, 1);
    assert_true(kernel.scratch_mapped);
    memcpy(kernel.frame, scratch_page, PAGE);
    memset(scratch_page, 0xee, PAGE);
    kernel.scratch_mapped = false;
    return MN_OK;
}

mn_status sys_drop_cap(uint64_t slot)
{
    if (slot == SCRATCH) {
        assert_true(kernel.frame_held);
        kernel.frame_held = false;
        return MN_OK;
    }
    assert_int_equal(slot, CHILD);
    assert_true(kernel.child_held);
    kernel.child_held = false;
    return MN_OK;
}

mn_status sys_spawn_thread(uint64_t process, uint64_t rip, uint64_t rsp,
                           uint64_t argument, uint64_t cpu)
{
    assert_int_equal(process, CHILD);
    assert_int_equal(cpu, 0);
    if (fails()) {
        return MN_ERROR_NO_MEMORY;
    }
    kernel.rip = rip;
    kernel.rsp = rsp;
    kernel.argument = argument;
    return 77;
}

mn_status sys_kill_process(uint64_t process, uint64_t exit_code)
{
    (void)exit_code;
    assert_int_equal(process, CHILD);
    assert_true(kernel.child_held);
    kernel.child_lives = false;
    kernel.page_count = 0;
    return MN_OK;
}

mn_status sys_wait_process(uint64_t process, uint64_t *out_exit_code)
{
    assert_int_equal(process, CHILD);
    assert_false(kernel.child_lives);
    *out_exit_code = 1;
    return MN_OK;
}

static void put(uint8_t *at, uint64_t value, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

/** One program header: gABI chapter 5. */
static void put_segment(uint8_t *header, uint32_t flags, const uint64_t fields[5])
{
    put(header, 1, 4); /* PT_LOAD */
    put(header + 4, flags, 4);
    put(header + 8, fields[0], 8);  /* offset */
    put(header + 16, fields[1], 8); /* vaddr */
    put(header + 24, fields[1], 8);
    put(header + 32, fields[2], 8); /* filesz */
    put(header + 40, fields[3], 8); /* memsz */
    put(header + 48, PAGE, 8);
}

enum { IMAGE_BYTES = 3ul * PAGE + 100 };

/** Text of one page and a bit, and data whose .bss reaches two pages further. */
static uint8_t *make_image(void)
{
    uint8_t *image = calloc(1, IMAGE_BYTES);
    uint64_t seed = 99;

    assert_non_null(image);
    for (size_t i = PAGE; i < IMAGE_BYTES; i++) {
        image[i] = (uint8_t)(unit_random(&seed) | 1);
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
    put_segment(image + 64, 5, (const uint64_t[5]){PAGE, TEXT, PAGE + 50, PAGE + 50});
    put_segment(image + 120, 6,
                (const uint64_t[5]){2ul * PAGE + 0x80, TEXT + 4ul * PAGE + 0x80,
                                    PAGE - 0x80 + 100, 3ul * PAGE});
    return image;
}

static const struct mnos_loader loader = {.account = ACCOUNT,
                                          .self = SELF,
                                          .scratch_slot = SCRATCH,
                                          .scratch_vaddr = (uintptr_t)scratch_page};

/** All steps, with call number @p fail_at failing. */
static bool run(unsigned fail_at, struct mnos_process_error *out_error)
{
    uint8_t *image = make_image();
    struct mnos_process child;

    memset(&kernel, 0, sizeof(kernel));
    memset(scratch_page, 0xee, PAGE);
    kernel.fail_at = fail_at;
    bool made = mnos_process_create(&loader, &child, out_error);
    bool done = made &&
                mnos_process_load(&loader, &child, image, IMAGE_BYTES, out_error) &&
                mnos_process_map_stack(&loader, &child, 0x800000, 3, out_error) &&
                mnos_process_start(&child, 1234, out_error);
    if (made && !done) {
        mnos_process_abandon(&child);
        assert_false(kernel.child_lives);
    }
    if (done) {
        assert_int_equal(child.pid, 42);
    }
    free(image);
    return done;
}

static const struct page *page_at(uint64_t vaddr)
{
    for (size_t i = 0; i < kernel.page_count; i++) {
        if (kernel.pages[i].vaddr == vaddr) {
            return &kernel.pages[i];
        }
    }
    return NULL;
}

static void expect_zeros(const uint8_t *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        assert_int_equal(bytes[i], 0);
    }
}

static void segments_arrive_as_they_are(void **state)
{
    struct mnos_process_error error;
    uint8_t *image = make_image();
    const uint64_t data = TEXT + 4ul * PAGE;

    (void)state;
    assert_true(run(NEVER, &error));
    /* Text 2, data 1 + 1 with file bytes, 2 of .bss: the end is data + 0x80 + 3 pages. */
    assert_int_equal(kernel.page_count, 2 + 4 + 3);
    assert_memory_equal(page_at(TEXT)->bytes, image + PAGE, PAGE);
    assert_int_equal(page_at(TEXT)->flags, MN_MAP_EXECUTABLE);
    assert_memory_equal(page_at(TEXT + PAGE)->bytes, image + 2ul * PAGE, 50);
    expect_zeros(page_at(TEXT + PAGE)->bytes + 50, PAGE - 50);
    expect_zeros(page_at(data)->bytes, 0x80);
    assert_memory_equal(page_at(data)->bytes + 0x80, image + 2ul * PAGE + 0x80,
                        PAGE - 0x80);
    assert_int_equal(page_at(data)->flags, MN_MAP_WRITABLE);
    assert_memory_equal(page_at(data + PAGE)->bytes, image + 3ul * PAGE, 100);
    expect_zeros(page_at(data + PAGE)->bytes + 100, PAGE - 100);
    expect_zeros(page_at(data + 2ul * PAGE)->bytes, PAGE);
    expect_zeros(page_at(data + 3ul * PAGE)->bytes, PAGE);
    free(image);
}

static void the_thread_starts_at_the_entry(void **state)
{
    struct mnos_process_error error;

    (void)state;
    assert_true(run(NEVER, &error));
    assert_int_equal(kernel.rip, TEXT + 0x10);
    assert_int_equal(kernel.rsp, 0x800000);
    assert_int_equal(kernel.argument, 1234);
    assert_non_null(page_at(0x800000 - PAGE));
    assert_non_null(page_at(0x800000 - 3ul * PAGE));
    assert_null(page_at(0x800000 - 4ul * PAGE));
    assert_false(kernel.frame_held);
}

static void a_failure_anywhere_leaves_nothing(void **state)
{
    struct mnos_process_error error;
    unsigned calls;

    (void)state;
    assert_true(run(NEVER, &error));
    calls = kernel.calls;
    for (unsigned fail_at = 0; fail_at < calls; fail_at++) {
        error = (struct mnos_process_error){NULL, NULL};
        assert_false(run(fail_at, &error));
        assert_non_null(error.step);
        assert_non_null(error.cause);
        assert_false(kernel.frame_held);
        assert_false(kernel.scratch_mapped);
        assert_false(kernel.child_held);
        assert_int_equal(kernel.page_count, 0);
    }
}

static void a_bad_image_maps_nothing(void **state)
{
    struct mnos_process child = {.slot = CHILD};
    struct mnos_process_error error;
    uint8_t *image = make_image();

    (void)state;
    memset(&kernel, 0, sizeof(kernel));
    kernel.fail_at = NEVER;
    assert_false(mnos_process_load(&loader, &child, image, 200, &error));
    image[1] = 'X';
    assert_false(mnos_process_load(&loader, &child, image, IMAGE_BYTES, &error));
    assert_string_equal(error.step, "reading its ELF file");
    assert_int_equal(kernel.calls, 0);
    free(image);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_arrive_as_they_are),
        cmocka_unit_test(the_thread_starts_at_the_entry),
        cmocka_unit_test(a_failure_anywhere_leaves_nothing),
        cmocka_unit_test(a_bad_image_maps_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
