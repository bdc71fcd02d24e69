/**
 * main.c - the official WebAssembly suite inside of the system: the runner of mnos-wasm, in
 * Init's place, over the test files in its initrd.
 *
 * It stands in for the host's command: files are those of the archive, the engine's memory is
 * libmnos's heap, without guard pages. The archive's *.json are run; the rest is what
 * they name. Prints what fails and `N passed, N failed, N skipped`, and ends the machine.
 */
#include "abi/boot_info.h"
#include "abi/cap.h"
#include "core/checked_math.h"
#include "core/ustar.h"
#include "mnos/heap.h"
#include "mnos/machine.h"
#include "mnos/process.h"
#include "mnos/uart16550.h"
#include "spec.h"
#include <stdarg.h>
#include <string.h>

enum { HEAP_ORDER = 15, HEAP_SLOT = 20, FILES_MAX = 8192, NAME_MAX_BYTES = 100 };

struct entry {
    char name[NAME_MAX_BYTES];
    struct file file;
};

static struct entry *entries;
static size_t entry_count;

/** Files that have nothing but modules in text form (tests/spec/skip.txt). */
static const char *const text_only[] = {"v1/token.json",
                                        "v1/utf8-invalid-encoding.json"};

const char *skip_list_reason(const struct skip_list *list, const char *test,
                             uint64_t line)
{
    (void)list;
    for (size_t i = 0; i < sizeof(text_only) / sizeof(text_only[0]); i++) {
        if (line == 0 && strcmp(test, text_only[i]) == 0) {
            return "only modules in text form";
        }
    }
    return NULL;
}

bool file_open(const char *path, struct file *out_file)
{
    for (size_t i = 0; i < entry_count; i++) {
        if (strcmp(entries[i].name, path) == 0) {
            *out_file = entries[i].file;
            return true;
        }
    }
    mnos_printf("%s: not in the initrd\n", path);
    return false;
}

void file_close(struct file *file)
{
    *file = (struct file){NULL, 0};
}

static void *heap_allocate(void *context, size_t size)
{
    (void)context;
    return malloc(size);
}

static void heap_release(void *context, void *pointer, size_t size)
{
    (void)context;
    (void)size;
    free(pointer);
}

struct wasm_engine *engine_open(const struct engine_options *options)
{
    const struct wasm_engine_config config = {
        .platform = {.allocate = heap_allocate, .release = heap_release},
        .features = options->features};
    struct wasm_engine *engine = NULL;

    return wasm_engine_create(&config, &engine) == WASM_OK ? engine : NULL;
}

int refuse(const char *format, ...)
{
    char text[256];
    va_list arguments;

    va_start(arguments, format);
    (void)format_buffer_v(text, sizeof(text), format, arguments);
    va_end(arguments);
    mnos_printf("%s\n", text);
    return STATUS_REFUSED;
}

bool parse_number(const char *text, uint64_t *out_number)
{
    uint64_t number = 0;

    if (*text == 0) {
        return false;
    }
    for (; *text != 0; text++) {
        if (*text < '0' || *text > '9' || !checked_mul(number, 10, &number) ||
            !checked_add(number, (uint64_t)(*text - '0'), &number)) {
            return false;
        }
    }
    *out_number = number;
    return true;
}

/** Maps one large block as the heap. */
static bool make_heap(void)
{
    if (sys_alloc_memory(MN_INIT_SLOT_MEMORY, HEAP_SLOT, HEAP_ORDER) != MN_OK ||
        sys_map_memory(MN_INIT_SLOT_SELF, HEAP_SLOT, MN_INIT_HEAP, MN_MAP_WRITABLE) !=
            MN_OK) {
        return false;
    }
    init_heap((void *)MN_INIT_HEAP, MN_PAGE_SIZE << HEAP_ORDER);
    return true;
}

/** Notes where each file of the archive is. */
static bool index_archive(const struct mn_boot_info *info)
{
    struct ustar archive = ustar_open((const void *)MN_INIT_INITRD, info->initrd_size);
    struct ustar_entry found;

    entries = malloc(FILES_MAX * sizeof(*entries));
    if (entries == NULL) {
        return false;
    }
    while (entry_count < FILES_MAX && ustar_next(&archive, &found) == USTAR_OK) {
        struct entry *entry = &entries[entry_count];

        if (found.type != USTAR_FILE || strlen(found.name) >= NAME_MAX_BYTES) {
            continue;
        }
        memcpy(entry->name, found.name, strlen(found.name) + 1);
        entry->file = (struct file){found.data, found.size};
        entry_count++;
    }
    return entry_count < FILES_MAX;
}

static bool is_test(const char *name)
{
    size_t size = strlen(name);

    return size > 5 && strcmp(name + size - 5, ".json") == 0;
}

/** The suite of WebAssembly 1.0 is run as such, our own with all that the engine knows. */
static uint32_t features_for(const char *name)
{
    return strncmp(name, "v1/", 3) == 0 ? WASM_FEATURES_1 : WASM_FEATURES_ALL;
}

static bool run_all(void)
{
    struct spec_counts counts = {0};

    for (size_t i = 0; i < entry_count; i++) {
        if (is_test(entries[i].name)) {
            struct spec_options options = {
                .engine = {.features = features_for(entries[i].name)}};

            spec_run_file(entries[i].name, &options, &counts);
        }
    }
    mnos_printf("%lu passed, %lu failed, %lu skipped\n", counts.passed, counts.failed,
                counts.skipped);
    return counts.failed == 0 && counts.passed > 0;
}

int main(const struct mn_boot_info *info);

int main(const struct mn_boot_info *info)
{
    static struct mnos_console console = {
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    bool good = false;

    mnos_console_set_default(&console);
    if (!make_heap() || !index_archive(info)) {
        mnos_printf("guest spec: too little memory\n");
    } else {
        good = run_all();
    }
    (void)mnos_console_drain(&console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, good ? MN_END_OK : MN_END_FAILED);
    return 1;
}
