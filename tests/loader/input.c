/**
 * input.c - what QEMU tells by PVH (start_info.h of Xen), in the loader's terms.
 */
#include "core/bytes.h"
#include "loader.h"

enum { E820_RAM = 1, E820_ACPI = 3, E820_NVS = 4 };

static enum memory_kind kind_of(uint32_t type)
{
    if (type == E820_RAM) {
        return MEMORY_USABLE;
    }
    return type == E820_ACPI || type == E820_NVS ? MEMORY_ACPI : MEMORY_RESERVED;
}

void input_read(uint64_t address, struct loader_input *out_input)
{
    const uint8_t *start = (const uint8_t *)address;
    const uint8_t *modules = (const uint8_t *)bytes_load_le64(start + 16);
    const uint8_t *entry = (const uint8_t *)bytes_load_le64(start + 40);
    uint32_t entries = bytes_load_le32(start + 48);

    out_input->command_line = (const char *)bytes_load_le64(start + 24);
    if (out_input->command_line == NULL) {
        out_input->command_line = "";
    }
    out_input->rsdp = bytes_load_le64(start + 32);
    if (bytes_load_le32(start + 12) == 0) {
        loader_fail("no initrd");
    }
    out_input->archive = (const uint8_t *)bytes_load_le64(modules);
    out_input->archive_size = bytes_load_le64(modules + 8);
    for (uint32_t i = 0; i < entries; i++, entry += 24) {
        if (!memory_map_add(&out_input->memory, bytes_load_le64(entry),
                            bytes_load_le64(entry + 8),
                            kind_of(bytes_load_le32(entry + 16)))) {
            loader_fail("too many memory regions");
        }
    }
}

bool input_has_word(const struct loader_input *input, const char *word)
{
    const char *at = input->command_line;
    size_t length = strlen(word);

    while (*at != 0) {
        size_t end = 0;

        while (at[end] != 0 && at[end] != ' ') {
            end++;
        }
        if (end == length && memcmp(at, word, length) == 0) {
            return true;
        }
        at += end;
        while (*at == ' ') {
            at++;
        }
    }
    return false;
}
