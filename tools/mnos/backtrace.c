/**
 * backtrace.c - see backtrace.h.
 */
#include "backtrace.h"
#include "complain.h"
#include "symbols.h"
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

static const char PANIC[] = "panic:";

/** Reads the address of a line "panic:   0x<address>"; false for every other text. */
static bool parse_frame(const char *line, uint64_t *out_address)
{
    const char *text = line + sizeof(PANIC) - 1;
    char *end;

    text += strspn(text, " ");
    if (text[0] != '0' || text[1] != 'x' || strspn(text + 2, "0123456789abcdef") == 0) {
        return false;
    }
    errno = 0;
    *out_address = strtoull(text, &end, 16);
    return errno == 0 && end[strspn(end, " \r")] == '\0';
}

static void finish_line(struct backtrace *backtrace)
{
    uint64_t address;
    bool whole = backtrace->length < BACKTRACE_LINE_MAX;

    backtrace->line[whole ? backtrace->length : BACKTRACE_LINE_MAX - 1] = '\0';
    if (strncmp(backtrace->line, PANIC, sizeof(PANIC) - 1) == 0) {
        backtrace->panicked = true;
        if (whole && backtrace->count < BACKTRACE_FRAMES_MAX &&
            parse_frame(backtrace->line, &address)) {
            backtrace->addresses[backtrace->count++] = address;
        }
    }
    backtrace->length = 0;
}

void backtrace_watch(struct backtrace *backtrace, const char *bytes, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (bytes[i] == '\n') {
            finish_line(backtrace);
            continue;
        }
        if (backtrace->length < BACKTRACE_LINE_MAX) {
            backtrace->line[backtrace->length] = bytes[i];
        }
        backtrace->length += backtrace->length < BACKTRACE_LINE_MAX;
    }
}

/** The symbol of frame @p index. All but the innermost are return addresses: behind a
 *  call that never returns, one lies at the start of the next function. */
static const char *find_frame(const struct backtrace *backtrace, size_t index,
                              const struct symbols *symbols, uint64_t *out_offset)
{
    uint64_t address = backtrace->addresses[index];
    const char *name = symbols_find(symbols, address, out_offset);

    if (index > 0 && address > 0 && (name == NULL || *out_offset == 0)) {
        name = symbols_find(symbols, address - 1, out_offset);
        *out_offset += name != NULL;
    }
    return name;
}

void backtrace_print(const struct backtrace *backtrace, const char *kernel)
{
    struct symbols symbols;

    if (backtrace->count == 0) {
        return;
    }
    if (!symbols_open(&symbols, kernel)) {
        complain("no names for the backtrace: %s has no symbol table", kernel);
        return;
    }
    complain("the backtrace, with the symbols of %s:", kernel);
    for (size_t i = 0; i < backtrace->count; i++) {
        uint64_t address = backtrace->addresses[i];
        uint64_t offset = 0;
        const char *name = find_frame(backtrace, i, &symbols, &offset);

        if (name != NULL) {
            complain("  0x%016" PRIx64 " %s+0x%" PRIx64, address, name, offset);
        } else {
            complain("  0x%016" PRIx64 " ?", address);
        }
    }
    symbols_close(&symbols);
}
