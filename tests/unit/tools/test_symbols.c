/**
 * test_symbols.c - the host command's symbol reader, on whole and on broken files.
 */
#include "mnos/symbols.h"
#include "tools/elf_image.h"
#include "unit.h"
#include <stdlib.h>

static bool take(struct symbols *symbols, const struct elf_image *image, size_t size)
{
    unsigned char *copy = malloc(size);

    assert_non_null(copy);
    memcpy(copy, image, size);
    return symbols_take(symbols, copy, size);
}

static void names_lie_between_their_symbols(void **state)
{
    struct elf_image image = elf_image_make();
    struct symbols symbols;
    uint64_t offset = 0;

    (void)state;
    assert_true(take(&symbols, &image, sizeof(image)));
    assert_string_equal(symbols_find(&symbols, 0x1000, &offset), "alpha");
    assert_int_equal(offset, 0);
    assert_string_equal(symbols_find(&symbols, 0x10ff, &offset), "alpha");
    assert_int_equal(offset, 0xff);
    assert_string_equal(symbols_find(&symbols, 0x1100, &offset), "beta");
    assert_string_equal(symbols_find(&symbols, 0x3008, &offset), "beta");
    assert_int_equal(offset, 0x1f08);
    assert_null(symbols_find(&symbols, 0xfff, &offset));
    symbols_close(&symbols);
}

static void a_sized_symbol_ends(void **state)
{
    struct elf_image image = elf_image_make();
    struct symbols symbols;
    uint64_t offset;

    (void)state;
    image.symbols[2].st_size = 0x10;
    assert_true(take(&symbols, &image, sizeof(image)));
    assert_non_null(symbols_find(&symbols, 0x110f, &offset));
    assert_null(symbols_find(&symbols, 0x1110, &offset));
    symbols_close(&symbols);
}

static void every_cut_is_refused(void **state)
{
    struct elf_image image = elf_image_make();
    struct symbols symbols;

    (void)state;
    for (size_t size = 1; size < sizeof(image); size++) {
        assert_false(take(&symbols, &image, size));
    }
}

/** Has @p image refused, and puts it back to what it was. */
static void refused(struct elf_image *image)
{
    struct symbols symbols;

    assert_false(take(&symbols, image, sizeof(*image)));
    *image = elf_image_make();
}

static void lies_are_refused(void **state)
{
    struct elf_image image = elf_image_make();

    (void)state;
    image.header.e_ident[EI_CLASS] = ELFCLASS32;
    refused(&image);
    image.header.e_ident[EI_DATA] = ELFDATA2MSB;
    refused(&image);
    image.header.e_shoff = UINT64_MAX - 64;
    refused(&image);
    image.header.e_shentsize = 8;
    refused(&image);
    image.sections[1].sh_offset = UINT64_MAX;
    refused(&image);
    image.sections[1].sh_size = UINT64_MAX;
    refused(&image);
    image.sections[1].sh_entsize = 0;
    refused(&image);
    image.sections[1].sh_link = 3;
    refused(&image);
    image.sections[2].sh_type = SHT_PROGBITS;
    refused(&image);
    image.sections[2].sh_size = 0;
    refused(&image);
    image.sections[2].sh_offset = UINT64_MAX - 8;
    refused(&image);
    image.names[ELF_IMAGE_NAMES - 1] = 'x';
    refused(&image);
}

static void a_name_outside_is_no_name(void **state)
{
    struct elf_image image = elf_image_make();
    struct symbols symbols;
    uint64_t offset;

    (void)state;
    image.symbols[1].st_name = ELF_IMAGE_NAMES;
    assert_true(take(&symbols, &image, sizeof(image)));
    assert_null(symbols_find(&symbols, 0x1000, &offset));
    symbols_close(&symbols);
}

static void a_missing_file_has_no_symbols(void **state)
{
    struct symbols symbols;

    (void)state;
    assert_false(symbols_open(&symbols, "/nowhere/kernel.elf"));
    assert_false(symbols_open(&symbols, "/dev/null"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_lie_between_their_symbols),
        cmocka_unit_test(a_sized_symbol_ends),
        cmocka_unit_test(every_cut_is_refused),
        cmocka_unit_test(lies_are_refused),
        cmocka_unit_test(a_name_outside_is_no_name),
        cmocka_unit_test(a_missing_file_has_no_symbols),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
