/**
 * command.c - messages, files and engine options of the sub-commands.
 */
#include "command.h"
#include "core/checked_math.h"
#include "platform_linux.h"
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

int refuse(const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    fputs("mnos-wasm: ", stderr);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    return STATUS_REFUSED;
}

bool file_open(const char *path, struct file *out_file)
{
    static const uint8_t nothing[1];
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 || fstat(fd, &stat) != 0) {
        refuse("cannot read %s: %s", path, strerror(errno));
        if (fd >= 0) {
            close(fd);
        }
        return false;
    }
    if (!S_ISREG(stat.st_mode)) {
        refuse("cannot read %s: not a regular file", path);
        close(fd);
        return false;
    }
    const void *bytes = nothing;
    size_t size = (size_t)stat.st_size;
    if (size > 0) {
        bytes = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    }
    close(fd);
    if (bytes == MAP_FAILED) {
        refuse("cannot map %s: %s", path, strerror(errno));
        return false;
    }
    *out_file = (struct file){.bytes = bytes, .size = size};
    return true;
}

void file_close(struct file *file)
{
    if (file->size > 0) {
        munmap((void *)(uintptr_t)file->bytes, file->size);
    }
    *file = (struct file){0};
}

struct engine_options engine_options_default(void)
{
    return (struct engine_options){.features = WASM_FEATURES_ALL,
                                   .explicit_bounds = false};
}

static bool parse_features(const char *text, uint32_t *out_features)
{
    static const struct {
        const char *name;
        uint32_t features;
    } versions[] = {{"1.0", WASM_FEATURES_1},
                    {"2.0", WASM_FEATURES_2},
                    {"flat-types", WASM_FEATURES_ALL & ~WASM_FEATURE_RECURSIVE_TYPES},
                    {"all", WASM_FEATURES_ALL}};

    for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
        if (strcmp(text, versions[i].name) == 0) {
            *out_features = versions[i].features;
            return true;
        }
    }
    refuse("--features %s: give 1.0, 2.0, flat-types or all", text);
    return false;
}

bool engine_options_take(struct engine_options *options, int argc, char **argv,
                         int *index, bool *out_refused)
{
    const char *word = argv[*index];

    if (strcmp(word, "--explicit-bounds") == 0) {
        options->explicit_bounds = true;
        return true;
    }
    if (strcmp(word, "--features") != 0) {
        return false;
    }
    if (*index + 1 >= argc) {
        refuse("--features needs a value: 1.0, 2.0, flat-types or all");
        *out_refused = true;
        return true;
    }
    *index += 1;
    if (!parse_features(argv[*index], &options->features)) {
        *out_refused = true;
    }
    return true;
}

struct wasm_engine *engine_open(const struct engine_options *options)
{
    struct wasm_engine_config config = {.platform = platform_linux(),
                                        .features = options->features,
                                        .explicit_bounds = options->explicit_bounds};
    struct wasm_engine *engine = NULL;
    enum wasm_status status = wasm_engine_create(&config, &engine);

    if (status != WASM_OK) {
        refuse("cannot make an engine: %s", wasm_status_text(status));
        return NULL;
    }
    return engine;
}

int refuse_module(const char *path, const struct wasm_module *module,
                  const struct wasm_error *error)
{
    char text[512];

    wasm_error_print(error, module, text, sizeof(text));
    return refuse("%s: %s", path, text);
}

bool parse_number(const char *text, uint64_t *out_number)
{
    uint64_t number = 0;

    if (*text == '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        if (*text < '0' || *text > '9' || !checked_mul(number, 10, &number) ||
            !checked_add(number, (uint64_t)(*text - '0'), &number)) {
            return false;
        }
    }
    *out_number = number;
    return true;
}

bool parse_size(const char *text, uint64_t *out_bytes)
{
    char digits[24];
    size_t length = strlen(text);
    unsigned shift = 0;

    if (length == 0 || length >= sizeof(digits)) {
        return false;
    }
    switch (text[length - 1]) {
    case 'K':
        shift = 10;
        break;
    case 'M':
        shift = 20;
        break;
    case 'G':
        shift = 30;
        break;
    default:
        break;
    }
    length -= shift != 0 ? 1 : 0;
    memcpy(digits, text, length);
    digits[length] = '\0';
    uint64_t number;
    return parse_number(digits, &number) &&
           checked_mul(number, (uint64_t)1 << shift, out_bytes);
}
