/**
 * system_manifest.c - see system_manifest.h.
 */
#include "init/system_manifest.h"
#include "abi/rights.h"
#include "core/bytes.h"
#include "core/format.h"
#include "core/words.h"
#include "protocols/pci_bus.h"

/** What is read at the moment. */
struct reader {
    struct system_manifest *manifest;
    struct system_service *service; /**< NULL: none has begun */
    const struct words_line *line;
    const char *expected;
};

static bool is_word(const char *word, const char *text)
{
    size_t length = strlen(text);

    return strlen(word) == length && memcmp(word, text, length) == 0;
}

static bool expect(struct reader *reader, const char *expected)
{
    reader->expected = expected;
    return false;
}

static bool copy_name(struct reader *reader, const char *word, char *out)
{
    size_t size = strlen(word) + 1;

    if (size == 1 || size > SYSTEM_NAME_BYTES) {
        return expect(reader, "a name of 1 to 31 bytes");
    }
    memcpy(out, word, size);
    return true;
}

uint32_t system_manifest_find(const struct system_manifest *manifest, const char *name)
{
    uint32_t index = 0;

    while (index < manifest->count && !is_word(name, manifest->services[index].name)) {
        index++;
    }
    return index;
}

static bool read_service(struct reader *reader)
{
    struct system_manifest *manifest = reader->manifest;
    const char *name = reader->line->words[1];

    if (manifest->count == SYSTEM_SERVICES_MAX) {
        return expect(reader, "at most 80 services");
    }
    if (system_manifest_find(manifest, name) < manifest->count) {
        return expect(reader, "each service once");
    }
    reader->service = &manifest->services[manifest->count];
    *reader->service = (struct system_service){.memory_bytes = SYSTEM_MEMORY_DEFAULT};
    if (!copy_name(reader, name, reader->service->name) ||
        !copy_name(reader, reader->line->count == 3 ? reader->line->words[2] : name,
                   reader->service->file)) {
        return false;
    }
    manifest->count++;
    return true;
}

static bool read_program(struct reader *reader)
{
    struct system_manifest *manifest = reader->manifest;
    struct system_program *program = &manifest->programs[manifest->program_count];
    uint64_t copies = 1;

    if (manifest->program_count == SYSTEM_PROGRAMS_MAX) {
        return expect(reader, "at most 16 lines of programs");
    }
    if (reader->line->count == 3 && (!words_number(reader->line->words[2], &copies) ||
                                     copies == 0 || copies > SYSTEM_COPIES_MAX)) {
        return expect(reader, "1 to 256 copies");
    }
    program->copies = (uint32_t)copies;
    manifest->program_count++;
    return copy_name(reader, reader->line->words[1], program->name);
}

static bool read_memory(struct reader *reader)
{
    uint64_t *bytes = &reader->service->memory_bytes;

    return (words_size(reader->line->words[1], bytes) && *bytes > 0) ||
           expect(reader, "a size like 4M behind `memory`");
}

static bool read_optional(struct reader *reader)
{
    reader->service->optional = true;
    return true;
}

static bool read_files(struct reader *reader)
{
    reader->service->serves_files = true;
    return true;
}

/** The next own slot's entry; NULL: there are as many as a service can have. */
static struct system_grant *next_grant(struct reader *reader)
{
    struct system_service *service = reader->service;

    if (service->grant_count == SYSTEM_GRANTS_MAX) {
        (void)expect(reader, "at most 8 own slots of a service");
        return NULL;
    }
    return &service->grants[service->grant_count++];
}

static bool read_rights(struct reader *reader, const char *letters,
                        uint32_t *out_rights)
{
    static const char names[] = "rwxgv"; /* in the order of the bits */

    for (; *letters != '\0'; letters++) {
        unsigned bit = 0;

        while (names[bit] != '\0' && names[bit] != *letters) {
            bit++;
        }
        if (names[bit] == '\0') {
            return expect(reader, "rights by the letters rwxgv");
        }
        *out_rights |= 1u << bit;
    }
    return true;
}

static bool read_give(struct reader *reader)
{
    struct system_grant *grant = next_grant(reader);
    const char *letters = reader->line->count == 3 ? reader->line->words[2] : "rw";

    if (grant == NULL) {
        return false;
    }
    grant->kind = SYSTEM_GRANT_POWER;
    return copy_name(reader, reader->line->words[1], grant->name) &&
           read_rights(reader, letters, &grant->rights);
}

/** Services are listed in the order of need: one that is used stands before. */
static bool is_before(struct reader *reader, const char *name)
{
    return system_manifest_find(reader->manifest, name) + 1 < reader->manifest->count ||
           expect(reader, "a service that stands before this one");
}

static bool read_use(struct reader *reader)
{
    struct system_grant *grant = next_grant(reader);

    if (grant == NULL) {
        return false;
    }
    grant->kind = SYSTEM_GRANT_SERVICE;
    if (reader->line->count == 3 &&
        !words_number(reader->line->words[2], &grant->badge)) {
        return expect(reader, "a badge, a number, behind the service");
    }
    return copy_name(reader, reader->line->words[1], grant->name) &&
           is_before(reader, grant->name);
}

/** Four hexadecimal digits. */
static bool read_id(const char *digits, uint64_t *out_id)
{
    *out_id = 0;
    for (unsigned i = 0; i < 4; i++) {
        char c = digits[i];

        if (c >= '0' && c <= '9') {
            *out_id = *out_id * 16 + (uint64_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            *out_id = *out_id * 16 + (uint64_t)(c - 'a') + 10;
        } else {
            return false;
        }
    }
    return true;
}

static bool read_device(struct reader *reader)
{
    struct system_grant *grant = next_grant(reader);
    const char *ids = reader->line->words[1];
    uint64_t vendor;
    uint64_t device;
    uint64_t index = 0;

    if (grant == NULL) {
        return false;
    }
    if (strlen(ids) != 9 || ids[4] != ':' || !read_id(ids, &vendor) ||
        !read_id(ids + 5, &device)) {
        return expect(reader, "VENDOR:DEVICE, four hexadecimal digits each");
    }
    if (reader->line->count == 3 &&
        (!words_number(reader->line->words[2], &index) || index > UINT8_MAX)) {
        return expect(reader, "an index from 0 to 255 behind the device");
    }
    grant->kind = SYSTEM_GRANT_SERVICE;
    grant->badge = PCI_BUS_BADGE(vendor, device, index);
    return copy_name(reader, SYSTEM_BUS_SERVICE, grant->name) &&
           is_before(reader, grant->name);
}

static bool read_skip(struct reader *reader)
{
    return next_grant(reader) != NULL;
}

static const struct {
    const char *name;
    uint32_t words_min;
    uint32_t words_max;
    bool (*read)(struct reader *reader);
    const char *form;
} rows[] = {
    {"service", 2, 3, read_service, "service NAME [FILE]"},
    {"program", 2, 3, read_program, "program NAME [COPIES]"},
    {"memory", 2, 2, read_memory, "memory SIZE"},
    {"optional", 1, 1, read_optional, "optional"},
    {"files", 1, 1, read_files, "files"},
    {"give", 2, 3, read_give, "give POWER [RIGHTS]"},
    {"use", 2, 3, read_use, "use SERVICE [BADGE]"},
    {"device", 2, 3, read_device, "device VENDOR:DEVICE [INDEX]"},
    {"skip", 1, 1, read_skip, "skip"},
};

static bool read_line(struct reader *reader)
{
    const struct words_line *line = reader->line;

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (!is_word(line->words[0], rows[i].name)) {
            continue;
        }
        if (line->count < rows[i].words_min || line->count > rows[i].words_max) {
            return expect(reader, rows[i].form);
        }
        if (i > 1 && reader->service == NULL) { /* neither service nor program */
            return expect(reader, "`service NAME` first");
        }
        return rows[i].read(reader);
    }
    return expect(
        reader, "service, program, memory, optional, files, give, use, device or skip");
}

bool system_manifest_read(const char *text, size_t size,
                          struct system_manifest *out_manifest)
{
    char buffer[512];
    struct words words = words_open(text, size, buffer, sizeof(buffer));
    struct words_line line = {0};
    struct reader reader = {.manifest = out_manifest, .line = &line};
    enum words_status status;

    out_manifest->count = 0;
    out_manifest->program_count = 0;
    while ((status = words_next(&words, &line)) == WORDS_LINE && read_line(&reader)) {
    }
    if (status == WORDS_END) {
        return true;
    }
    format_buffer(out_manifest->error, sizeof(out_manifest->error),
                  "line %u: expected %s", (unsigned)words.line,
                  status == WORDS_ERROR ? line.error : reader.expected);
    return false;
}
