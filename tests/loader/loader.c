/**
 * loader.c - see loader.h.
 */
#include "loader.h"

#include "arch/x86_64/instructions.h"
#include "core/bytes.h"
#include "core/format.h"
#include "core/ustar.h"
#include "debug/console.h"
#include "debug/log.h"

enum { DEBUG_EXIT_PORT = 0xf4, FAILED = 2, STACK_BYTES = 65536 };

/* start.S */
_Noreturn void loader_enter(uint64_t cr3, uint64_t stack_top, uint64_t entry);
_Noreturn void loader_main(uint64_t start_info);

static struct loader_input input;
static struct memory_map memory;

void loader_fail(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    log_printf("loader: ");
    log_printf_v(format, arguments);
    log_printf("\n");
    va_end(arguments);
    x86_outl(DEBUG_EXIT_PORT, FAILED);
    for (;;) {
        x86_hlt();
    }
}

static uint64_t in_hhdm(const void *pointer)
{
    return LOADER_HHDM + (uint64_t)pointer;
}

static void find_file(const char *name, struct ustar_entry *out_file)
{
    enum ustar_status status =
        ustar_find(input.archive, input.archive_size, name, out_file);

    if (status != USTAR_OK) {
        loader_fail("%s: %s", name, ustar_status_text(status));
    }
}

static uint64_t limine_type(enum memory_kind kind)
{
    switch (kind) {
    case MEMORY_USABLE:
        return LIMINE_MEMMAP_USABLE;
    case MEMORY_RECLAIMABLE:
        return LIMINE_MEMMAP_BOOTLOADER_RECLAIMABLE;
    case MEMORY_ACPI:
        return LIMINE_MEMMAP_ACPI_RECLAIMABLE;
    case MEMORY_KERNEL:
        return LIMINE_MEMMAP_EXECUTABLE_AND_MODULES;
    default:
        return LIMINE_MEMMAP_RESERVED;
    }
}

static const void *answer_memory_map(void)
{
    struct limine_list_response *response = memory_arena(sizeof *response);
    struct limine_memmap_entry *entries = memory_arena(memory.count * sizeof *entries);
    uint64_t *pointers = memory_arena(memory.count * sizeof *pointers);

    for (uint32_t i = 0; i < memory.count; i++) {
        const struct memory_region *region = &memory.regions[i];

        entries[i] = (struct limine_memmap_entry){region->base, region->size,
                                                  limine_type(region->kind)};
        pointers[i] = in_hhdm(&entries[i]);
    }
    *response = (struct limine_list_response){0, memory.count, in_hhdm(pointers)};
    return response;
}

static struct limine_file *make_file(uint64_t physical, uint64_t size, const char *path,
                                     const char *command_line)
{
    size_t length = strlen(command_line) + 1;
    char *copy = memory_arena(length + strlen(path) + 1);
    struct limine_file *file = memory_arena(sizeof *file);

    memcpy(copy, command_line, length);
    memcpy(copy + length, path, strlen(path) + 1);
    *file = (struct limine_file){.address = LOADER_HHDM + physical,
                                 .size = size,
                                 .path = in_hhdm(copy + length),
                                 .cmdline = in_hhdm(copy)};
    return file;
}

static const void *answer_module(void)
{
    struct limine_list_response *response = memory_arena(sizeof *response);
    uint64_t *pointers = memory_arena(sizeof *pointers);
    struct ustar_entry file;
    uint64_t physical;

    find_file("initrd.tar", &file);
    physical = memory_take_top(&input, file.size);
    memcpy((void *)physical, file.data, file.size);
    pointers[0] = in_hhdm(make_file(physical, file.size, "/initrd.tar", ""));
    *response = (struct limine_list_response){0, 1, in_hhdm(pointers)};
    return response;
}

static const void *answer_file(void)
{
    struct limine_file_response *response = memory_arena(sizeof *response);
    struct ustar_entry file;
    uint8_t *copy;

    find_file("kernel.elf", &file);
    copy = memory_arena(PAGE_BYTES);
    memcpy(copy, file.data, PAGE_BYTES);
    response->file = in_hhdm(
        make_file((uint64_t)copy, PAGE_BYTES, "/kernel.elf", input.command_line));
    return response;
}

static const void *answer_hhdm(void)
{
    struct limine_hhdm_response *response = memory_arena(sizeof *response);

    response->offset = LOADER_HHDM;
    return response;
}

static const void *answer_address(const struct loader_image *image)
{
    struct limine_address_response *response = memory_arena(sizeof *response);

    response->physical_base = image->physical_base;
    response->virtual_base = image->virtual_base;
    return response;
}

static const void *answer_rsdp(void)
{
    struct limine_rsdp_response *response = memory_arena(sizeof *response);

    response->address = input.rsdp;
    return response;
}

/* The kernel asked for @p feature, and nobody forbade to answer. */
static struct limine_request *wanted(const struct loader_image *image,
                                     enum limine_feature feature)
{
    char word[64];

    (void)format_buffer(word, sizeof word, "loader.no=%s",
                        limine_feature_names[feature]);
    return input_has_word(&input, word) ? NULL : image_request(image, feature);
}

static void answer(const struct loader_image *image, enum limine_feature feature,
                   const void *response)
{
    struct limine_request *request = wanted(image, feature);

    if (request != NULL) {
        request->response = in_hhdm(response);
    }
}

static void check_base_revision(const struct loader_image *image)
{
    uint64_t *tag = image_base_revision(image);

    if (tag == NULL || tag[2] > LIMINE_BASE_REVISION_SUPPORTED) {
        loader_fail("base revision %lld", tag == NULL ? 0 : (long long)tag[2]);
    }
    if (tag[2] == LIMINE_BASE_REVISION_SUPPORTED) {
        tag[2] = 0;
    }
}

void loader_main(uint64_t start_info)
{
    struct loader_image image;
    struct ustar_entry file;
    const void *module;
    uint8_t *stack;
    uint64_t cr3;

    console_reclaim();
    input_read(start_info, &input);
    find_file("kernel.elf", &file);
    image_load(&input, file.data, file.size, &image);
    module = answer_module();
    check_base_revision(&image);
    memory_final_map(&input, &memory);
    cr3 = tables_make(&image, &memory);
    answer(&image, LIMINE_HHDM, answer_hhdm());
    answer(&image, LIMINE_MEMORY_MAP, answer_memory_map());
    answer(&image, LIMINE_MODULE, module);
    answer(&image, LIMINE_EXECUTABLE_FILE, answer_file());
    answer(&image, LIMINE_EXECUTABLE_ADDRESS, answer_address(&image));
    answer(&image, LIMINE_RSDP, answer_rsdp());
    if (wanted(&image, LIMINE_MP) != NULL) {
        answer(&image, LIMINE_MP, cpus_park(&input, cr3));
    }
    stack = memory_arena(STACK_BYTES);
    log_printf("loader: kernel at 0x%llx, entered at 0x%llx\n",
               (unsigned long long)image.physical_base,
               (unsigned long long)image.entry);
    loader_enter(cr3, in_hhdm(stack) + STACK_BYTES, image.entry);
}
