/**
 * fuzz_symbols.c - the host command's symbol reader on any bytes.
 *
 * Besides what the sanitizers see: a name that is found lies in the file and ends there.
 */
#include "mnos/symbols.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void find(const struct symbols *symbols, uint64_t address)
{
    uint64_t offset = 0;
    const char *name = symbols_find(symbols, address, &offset);
    const char *file = (const char *)symbols->file;

    if (name != NULL && (offset > address || name < file ||
                         strlen(name) >= (size_t)(file + symbols->size - name))) {
        abort();
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct symbols symbols;
    unsigned char *copy = malloc(size > 0 ? size : 1);

    if (copy == NULL) {
        abort();
    }
    memcpy(copy, data, size);
    if (symbols_take(&symbols, copy, size)) {
        find(&symbols, 0);
        find(&symbols, 0x1008);
        find(&symbols, 0xffffffff80200010);
        find(&symbols, UINT64_MAX);
        symbols_close(&symbols);
    }
    return 0;
}
