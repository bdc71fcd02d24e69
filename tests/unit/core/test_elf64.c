/**
 * test_elf64.c - core/elf64 against images that are made with <elf.h>, and damaged one
 * field at a time.
 */
#include "core/elf64.h"
#include "unit.h"
#include <elf.h>

enum { IMAGE_SIZE = 0x4000, LOADS = 3 };

/** A program of three segments: text RX, rodata R, data RW with .bss. */
struct image {
    Elf64_Ehdr header;
    Elf64_Phdr segments[ELF64_SEGMENTS_MAX + 2];
    uint8_t rest[IMAGE_SIZE - sizeof(Elf64_Ehdr) -
                 (ELF64_SEGMENTS_MAX + 2) * sizeof(Elf64_Phdr)];
};
_Static_assert(sizeof(struct image) == IMAGE_SIZE, "no padding");

static Elf64_Phdr load(uint64_t vaddr, uint64_t memsz, uint64_t offset, uint64_t filesz,
                       uint32_t flags)
{
    return (Elf64_Phdr){.p_type = PT_LOAD,
                        .p_flags = flags,
                        .p_offset = offset,
                        .p_vaddr = vaddr,
                        .p_filesz = filesz,
                        .p_memsz = memsz,
                        .p_align = 0x1000};
}

static struct image *new_image(void)
{
    struct image *image = calloc(1, sizeof(*image));

    assert_non_null(image);
    memcpy(image->header.e_ident, ELFMAG, SELFMAG);
    image->header.e_ident[EI_CLASS] = ELFCLASS64;
    image->header.e_ident[EI_DATA] = ELFDATA2LSB;
    image->header.e_ident[EI_VERSION] = EV_CURRENT;
    image->header.e_type = ET_EXEC;
    image->header.e_machine = EM_X86_64;
    image->header.e_version = EV_CURRENT;
    image->header.e_entry = 0x400010;
    image->header.e_phoff = sizeof(Elf64_Ehdr);
    image->header.e_ehsize = sizeof(Elf64_Ehdr);
    image->header.e_phentsize = sizeof(Elf64_Phdr);
    image->header.e_phnum = LOADS;
    image->segments[0] = load(0x400000, 0x1800, 0x1000, 0x1800, PF_R | PF_X);
    image->segments[1] = load(0x402000, 0x100, 0x3000, 0x100, PF_R);
    image->segments[2] = load(0x403200, 0x5000, 0x3200, 0x80, PF_R | PF_W);
    return image;
}

/** Parses the first @p size bytes of an exact, misaligned copy; frees the image. */
static enum elf64_status parse(struct image *image, size_t size,
                               struct elf64_plan *plan)
{
    uint8_t *copy = malloc(size + 1);
    enum elf64_status status;

    assert_non_null(copy);
    memcpy(copy + 1, image, size);
    memset(plan, 0x5A, sizeof(*plan));
    status = elf64_parse(copy + 1, size, plan);
    if (status != ELF64_OK) {
        assert_int_equal(plan->count, 0x5A5A5A5A5A5A5A5A); /* not written on failure */
    }
    free(copy);
    free(image);
    return status;
}

static enum elf64_status parse_all(struct image *image)
{
    struct elf64_plan plan;

    return parse(image, sizeof(*image), &plan);
}

static void yields_the_plan(void **state)
{
    struct elf64_plan plan;

    (void)state;
    assert_int_equal(parse(new_image(), sizeof(struct image), &plan), ELF64_OK);
    assert_int_equal(plan.entry, 0x400010);
    assert_int_equal(plan.count, 3);
    assert_int_equal(plan.segments[0].flags, ELF64_READ | ELF64_EXECUTE);
    assert_int_equal(plan.segments[1].flags, ELF64_READ);
    assert_int_equal(plan.segments[2].flags, ELF64_READ | ELF64_WRITE);
    assert_int_equal(plan.segments[2].vaddr, 0x403200);
    assert_int_equal(plan.segments[2].memsz, 0x5000);
    assert_int_equal(plan.segments[2].offset, 0x3200);
    assert_int_equal(plan.segments[2].filesz, 0x80);
    assert_int_equal(elf64_first_page(&plan.segments[2]), 0x403000);
    assert_int_equal(elf64_end_page(&plan.segments[2]), 0x409000);
}

static void flags_are_those_of_the_gabi(void **state)
{
    (void)state;
    assert_int_equal(ELF64_EXECUTE, PF_X);
    assert_int_equal(ELF64_WRITE, PF_W);
    assert_int_equal(ELF64_READ, PF_R);
}

static void every_cut_is_truncated(void **state)
{
    struct elf64_plan plan;

    (void)state;
    for (size_t size = 0; size < 0x3280; size += size < 0x200 ? 1 : 0x7F) {
        assert_int_equal(parse(new_image(), size, &plan), ELF64_TRUNCATED);
    }
    assert_int_equal(parse(new_image(), 0x3280, &plan), ELF64_OK);
}

static void other_kinds_of_file(void **state)
{
    struct image *image;

    (void)state;
    image = new_image();
    image->header.e_ident[EI_MAG1] = 'e';
    assert_int_equal(parse_all(image), ELF64_NOT_ELF);
    image = new_image();
    image->header.e_ident[EI_CLASS] = ELFCLASS32;
    assert_int_equal(parse_all(image), ELF64_NOT_X86_64);
    image = new_image();
    image->header.e_ident[EI_DATA] = ELFDATA2MSB;
    assert_int_equal(parse_all(image), ELF64_NOT_X86_64);
    image = new_image();
    image->header.e_ident[EI_VERSION] = EV_NONE;
    assert_int_equal(parse_all(image), ELF64_NOT_X86_64);
    image = new_image();
    image->header.e_version = 2;
    assert_int_equal(parse_all(image), ELF64_NOT_X86_64);
    image = new_image();
    image->header.e_machine = EM_AARCH64;
    assert_int_equal(parse_all(image), ELF64_NOT_X86_64);
    image = new_image();
    image->header.e_type = ET_DYN;
    assert_int_equal(parse_all(image), ELF64_NOT_STATIC);
    image = new_image();
    image->segments[1].p_type = PT_INTERP;
    assert_int_equal(parse_all(image), ELF64_NOT_STATIC);
}

static void header_sizes(void **state)
{
    struct image *image;

    (void)state;
    image = new_image();
    image->header.e_ehsize = 63;
    assert_int_equal(parse_all(image), ELF64_BAD_HEADER);
    image = new_image();
    image->header.e_phentsize = 0;
    assert_int_equal(parse_all(image), ELF64_BAD_HEADER);
    image = new_image();
    image->header.e_phoff = UINT64_MAX - 8;
    assert_int_equal(parse_all(image), ELF64_TRUNCATED);
    image = new_image();
    image->header.e_phnum = PN_XNUM;
    assert_int_equal(parse_all(image), ELF64_TRUNCATED);
    image = new_image();
    image->segments[2].p_filesz = image->segments[2].p_memsz + 1;
    assert_int_equal(parse_all(image), ELF64_BAD_HEADER);
    image = new_image();
    image->segments[2].p_offset = UINT64_MAX - 0xDFF;
    assert_int_equal(parse_all(image), ELF64_TRUNCATED);
}

static void segment_counts(void **state)
{
    struct image *image = new_image();

    (void)state;
    image->header.e_phnum = 0;
    assert_int_equal(parse_all(image), ELF64_NO_SEGMENT);
    for (unsigned more = 0; more < 2; more++) {
        image = new_image();
        image->header.e_phnum = (Elf64_Half)(ELF64_SEGMENTS_MAX + more);
        for (unsigned i = LOADS; i < ELF64_SEGMENTS_MAX + more; i++) {
            image->segments[i] = load(0x500000 + i * 0x1000ull, 1, 0, 0, PF_R);
        }
        assert_int_equal(parse_all(image), more ? ELF64_TOO_MANY_SEGMENTS : ELF64_OK);
    }
}

static void segments_without_memory_are_left_out(void **state)
{
    struct image *image = new_image();
    struct elf64_plan plan;

    (void)state;
    image->segments[1] = load(UINT64_MAX, 0, UINT64_MAX, 0, PF_W | PF_X);
    assert_int_equal(parse(image, sizeof(*image), &plan), ELF64_OK);
    assert_int_equal(plan.count, 2);
}

static enum elf64_status with_data_at(uint64_t vaddr, uint64_t memsz)
{
    struct image *image = new_image();

    image->segments[2] = load(vaddr, memsz, vaddr & 0xFFF, 0, PF_R | PF_W);
    return parse_all(image);
}

static void addresses(void **state)
{
    (void)state;
    assert_int_equal(with_data_at(0, 0x1000), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0xFFFF, 2), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0x10000, 1), ELF64_OK);
    assert_int_equal(with_data_at(0x00007FFFFFFFE000, 0x1000), ELF64_OK);
    assert_int_equal(with_data_at(0x00007FFFFFFFE000, 0x1001), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0x00007FFFFFFFF000, 1), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0x0000800000000000, 1), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0xFFFFFFFF80200000, 0x1000), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0x500000, UINT64_MAX - 0x4FFFFF), ELF64_BAD_ADDRESS);
    assert_int_equal(with_data_at(0x500000, UINT64_MAX), ELF64_BAD_ADDRESS);
}

static void overlaps_after_rounding(void **state)
{
    (void)state;
    assert_int_equal(with_data_at(0x401FFF, 1),
                     ELF64_OVERLAP); /* the end of the text */
    assert_int_equal(with_data_at(0x402FFF, 1), ELF64_OVERLAP);
    assert_int_equal(with_data_at(0x3FF000, 0x1001), ELF64_OVERLAP);
    assert_int_equal(with_data_at(0x3FF000, 0x1000), ELF64_OK);
    assert_int_equal(with_data_at(0x100000, 0x1000000), ELF64_OVERLAP);
    assert_int_equal(with_data_at(0x403000, 1), ELF64_OK);
}

static void alignment(void **state)
{
    struct image *image = new_image();

    (void)state;
    image->segments[2].p_vaddr += 8;
    assert_int_equal(parse_all(image), ELF64_BAD_ALIGNMENT);
    image = new_image();
    image->segments[2].p_align = 0x3000;
    assert_int_equal(parse_all(image), ELF64_BAD_ALIGNMENT);
    image = new_image();
    image->segments[0].p_align = 0x200000; /* 0x400000 is at 0x1000 in the file */
    assert_int_equal(parse_all(image), ELF64_BAD_ALIGNMENT);
    image = new_image();
    image->segments[2].p_align = 0;
    assert_int_equal(parse_all(image), ELF64_OK);
    image = new_image();
    image->segments[2].p_vaddr += 8;
    image->segments[2].p_align = 8; /* a page is the least */
    assert_int_equal(parse_all(image), ELF64_BAD_ALIGNMENT);
}

static void never_writable_and_executable(void **state)
{
    struct image *image = new_image();

    (void)state;
    image->segments[2].p_flags = PF_W | PF_X;
    assert_int_equal(parse_all(image), ELF64_WRITE_AND_EXECUTE);
    image = new_image();
    image->segments[0].p_flags = PF_R | PF_W | PF_X;
    assert_int_equal(parse_all(image), ELF64_WRITE_AND_EXECUTE);
}

static enum elf64_status with_entry(uint64_t entry)
{
    struct image *image = new_image();

    image->header.e_entry = entry;
    return parse_all(image);
}

static void entries(void **state)
{
    (void)state;
    assert_int_equal(with_entry(0x400000), ELF64_OK);
    assert_int_equal(with_entry(0x4017FF), ELF64_OK);
    assert_int_equal(with_entry(0x401800), ELF64_BAD_ENTRY);
    assert_int_equal(with_entry(0x3FFFFF), ELF64_BAD_ENTRY);
    assert_int_equal(with_entry(0x402000), ELF64_BAD_ENTRY);
    assert_int_equal(with_entry(0x403200), ELF64_BAD_ENTRY);
    assert_int_equal(with_entry(0), ELF64_BAD_ENTRY);
    assert_int_equal(with_entry(0xFFFFFFFF80200000), ELF64_BAD_ENTRY);
}

static void each_status_has_a_text(void **state)
{
    (void)state;
    for (unsigned i = 0; i <= ELF64_BAD_ENTRY; i++) {
        assert_non_null(strstr(elf64_status_text((enum elf64_status)i), "ELF file"));
    }
    assert_string_equal(elf64_status_text((enum elf64_status)99), "unknown ELF status");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(yields_the_plan),
        cmocka_unit_test(flags_are_those_of_the_gabi),
        cmocka_unit_test(every_cut_is_truncated),
        cmocka_unit_test(other_kinds_of_file),
        cmocka_unit_test(header_sizes),
        cmocka_unit_test(segment_counts),
        cmocka_unit_test(segments_without_memory_are_left_out),
        cmocka_unit_test(addresses),
        cmocka_unit_test(overlaps_after_rounding),
        cmocka_unit_test(alignment),
        cmocka_unit_test(never_writable_and_executable),
        cmocka_unit_test(entries),
        cmocka_unit_test(each_status_has_a_text),
    };

    return cmocka_run_group_tests_name("elf64", tests, NULL, NULL);
}
