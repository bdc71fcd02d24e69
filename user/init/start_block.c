/**
 * start_block.c - see start_block.h.
 *
 * In this order: struct program_start, the strings, the offsets of the arguments and of
 * the variables, the directories.
 */
#include "init/start_block.h"
#include "core/bytes.h"
#include "mnos/heap.h"

void start_block_init(struct start_block *block)
{
    *block = (struct start_block){
        .start = {.magic = PROGRAM_START_MAGIC, .fuel = UINT64_MAX}};
}

/** Makes room for @p size more bytes of strings. */
static bool reserve(struct start_block *block, uint32_t size)
{
    uint64_t capacity = block->capacity > 0 ? block->capacity : 1024;
    uint8_t *strings;

    while (capacity < (uint64_t)block->size + size) {
        capacity *= 2;
    }
    if (capacity == block->capacity) {
        return true;
    }
    strings = capacity <= UINT32_MAX ? realloc(block->strings, capacity) : NULL;
    if (strings == NULL) {
        block->failed = true;
        return false;
    }
    block->strings = strings;
    block->capacity = (uint32_t)capacity;
    return true;
}

uint32_t start_block_string(struct start_block *block, const char *text)
{
    size_t size = strlen(text) + 1;
    uint32_t offset = (uint32_t)sizeof(struct program_start) + block->size;

    if (size > UINT32_MAX / 2 || !reserve(block, (uint32_t)size)) {
        block->failed = true;
        return 0;
    }
    memcpy(block->strings + block->size, text, size);
    block->size += (uint32_t)size;
    return offset;
}

static void add_offset(struct start_block *block, struct start_block_offsets *offsets,
                       uint32_t offset)
{
    if (offsets->count == offsets->capacity) {
        uint32_t capacity = offsets->capacity > 0 ? 2 * offsets->capacity : 16;
        uint32_t *values =
            realloc(offsets->values, capacity * sizeof(offsets->values[0]));

        if (values == NULL) {
            block->failed = true;
            return;
        }
        offsets->values = values;
        offsets->capacity = capacity;
    }
    offsets->values[offsets->count++] = offset;
}

void start_block_argument(struct start_block *block, const char *text)
{
    add_offset(block, &block->arguments, start_block_string(block, text));
}

void start_block_variable(struct start_block *block, const char *text)
{
    add_offset(block, &block->environment, start_block_string(block, text));
}

bool start_block_directory(struct start_block *block,
                           const struct program_directory *directory)
{
    if (block->start.directory_count == PROGRAM_DIRECTORIES_MAX) {
        return false;
    }
    block->directories[block->start.directory_count++] = *directory;
    return true;
}

/** Where each part stands. */
struct parts {
    uint64_t arguments;
    uint64_t environment;
    uint64_t directories;
    uint64_t end;
};

static struct parts find_parts(const struct start_block *block)
{
    const uint64_t alignment = sizeof(uint64_t);
    uint64_t strings = sizeof(struct program_start) + block->size;
    struct parts parts;

    parts.arguments = (strings + alignment - 1) / alignment * alignment;
    parts.environment = parts.arguments + block->arguments.count * sizeof(uint32_t);
    parts.directories = parts.environment + block->environment.count * sizeof(uint32_t);
    parts.directories = (parts.directories + alignment - 1) / alignment * alignment;
    parts.end = parts.directories +
                block->start.directory_count * sizeof(struct program_directory);
    return parts;
}

size_t start_block_size(const struct start_block *block)
{
    struct parts parts = find_parts(block);

    return block->failed || parts.end > UINT32_MAX ? 0 : parts.end;
}

static void copy(uint8_t *out, const void *from, size_t size)
{
    if (size > 0) {
        memcpy(out, from, size);
    }
}

void start_block_write(const struct start_block *block, void *out)
{
    struct parts parts = find_parts(block);
    struct program_start start = block->start;
    uint8_t *bytes = out;

    start.size = parts.end;
    start.arguments = (uint32_t)parts.arguments;
    start.argument_count = block->arguments.count;
    start.environment = (uint32_t)parts.environment;
    start.environment_count = block->environment.count;
    start.directories = (uint32_t)parts.directories;
    memset(bytes, 0, parts.end);
    copy(bytes, &start, sizeof(start));
    copy(bytes + sizeof(start), block->strings, block->size);
    copy(bytes + parts.arguments, block->arguments.values,
         block->arguments.count * sizeof(uint32_t));
    copy(bytes + parts.environment, block->environment.values,
         block->environment.count * sizeof(uint32_t));
    copy(bytes + parts.directories, block->directories,
         start.directory_count * sizeof(struct program_directory));
}

void start_block_release(struct start_block *block)
{
    free(block->strings);
    free(block->arguments.values);
    free(block->environment.values);
    start_block_init(block);
}
