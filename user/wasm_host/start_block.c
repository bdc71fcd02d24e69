/**
 * start_block.c - see start_block.h.
 */
#include "wasm_host/start_block.h"
#include "core/bytes.h"
#include "core/checked_math.h"
#include "protocols/file.h"

static const uint8_t *bytes_of(const struct program_start *start)
{
    return (const uint8_t *)start;
}

static bool is_string(const struct program_start *start, uint32_t offset)
{
    for (uint64_t i = offset; i < start->size; i++) {
        if (bytes_of(start)[i] == '\0') {
            return true;
        }
    }
    return false;
}

static bool is_array(const struct program_start *start, uint32_t offset, uint32_t count,
                     size_t item_bytes, size_t alignment)
{
    return offset % alignment == 0 &&
           range_fits(offset, (uint64_t)count * item_bytes, start->size);
}

static bool are_strings(const struct program_start *start, uint32_t array,
                        uint32_t count)
{
    if (!is_array(start, array, count, sizeof(uint32_t), sizeof(uint32_t))) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        if (!is_string(start, bytes_load_le32(bytes_of(start) + array + 4ull * i))) {
            return false;
        }
    }
    return true;
}

static bool is_grant(uint32_t slot)
{
    return slot >= PROGRAM_SLOT_FIRST_GRANT && slot <= PROGRAM_SLOT_LAST_GRANT;
}

static bool is_directory(const struct program_start *start, uint32_t index)
{
    const struct program_directory *directory = start_block_directory(start, index);

    return is_grant(directory->slot) && directory->buffer >= PROGRAM_MAPPINGS &&
           directory->buffer_bytes >= FILE_BUFFER_BYTES_MIN &&
           range_fits(directory->buffer, directory->buffer_bytes,
                      PROGRAM_MAPPINGS_END) &&
           is_string(start, directory->path) && is_string(start, directory->source) &&
           *start_block_string(start, directory->path) != '\0';
}

static bool are_directories(const struct program_start *start)
{
    if (start->directory_count > PROGRAM_DIRECTORIES_MAX ||
        !is_array(start, start->directories, start->directory_count,
                  sizeof(struct program_directory), 8)) {
        return false;
    }
    for (uint32_t i = 0; i < start->directory_count; i++) {
        if (!is_directory(start, i)) {
            return false;
        }
    }
    return true;
}

static bool are_slots(const struct program_start *start)
{
    for (size_t i = 0; i < 3; i++) {
        uint32_t slot = start->streams[i].slot;
        if (slot != 0 && !is_grant(slot)) {
            return false;
        }
    }
    return start->random_slot == 0 || is_grant(start->random_slot);
}

static bool is_mapped_range(uint64_t address, uint64_t size)
{
    return address >= PROGRAM_MAPPINGS &&
           range_fits(address, size, PROGRAM_MAPPINGS_END);
}

const char *start_block_problem(const void *block, size_t size)
{
    const struct program_start *start = block;

    if (size < sizeof(*start) || start->magic != PROGRAM_START_MAGIC) {
        return "it has no magic number";
    }
    if (start->size < sizeof(*start) || start->size > size ||
        start->size > UINT32_MAX) {
        return "its size";
    }
    if (!is_mapped_range(start->module, start->module_bytes) ||
        !is_mapped_range(start->report, PROGRAM_REPORT_BYTES)) {
        return "the place of the module or of the report area";
    }
    if (!are_strings(start, start->arguments, start->argument_count) ||
        !are_strings(start, start->environment, start->environment_count) ||
        !is_string(start, start->module_name)) {
        return "its strings";
    }
    if (!are_directories(start)) {
        return "its directories";
    }
    return are_slots(start) ? NULL : "its slots";
}

const char *start_block_string(const struct program_start *start, uint32_t offset)
{
    return (const char *)start + offset;
}

const char *start_block_item(const struct program_start *start, uint32_t array,
                             uint32_t index)
{
    return start_block_string(start,
                              bytes_load_le32(bytes_of(start) + array + 4ull * index));
}

const struct program_directory *start_block_directory(const struct program_start *start,
                                                      uint32_t index)
{
    return (const struct program_directory *)(const void *)(bytes_of(start) +
                                                            start->directories) +
           index;
}
