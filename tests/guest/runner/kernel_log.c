/**
 * kernel_log.c - the kernel's log, as tests look at it; see child.h.
 */
#include "core/bytes.h"
#include "guest/runner/child.h"
#include "mnos/machine.h"

enum { TEXT_SIZE = 8192 };

static uint64_t offset;
static char text[TEXT_SIZE];
static size_t text_size;

/** Reads on; what does not fit into the text is forgotten. */
static void read_on(void)
{
    static char piece[512];
    struct mnos_log_piece got;

    while (sys_read_log(MN_INIT_SLOT_MACHINE, piece, sizeof(piece), offset, 0, &got) ==
               MN_OK &&
           got.size > 0) {
        offset = got.offset + got.size;
        for (size_t i = 0; i < got.size && text_size < sizeof(text); i++) {
            text[text_size++] = piece[i];
        }
    }
}

void log_skip(void)
{
    read_on();
    text_size = 0;
}

bool log_has(const char *wanted)
{
    size_t size = strlen(wanted);

    read_on();
    for (size_t at = 0; at + size <= text_size; at++) {
        if (memcmp(text + at, wanted, size) == 0) {
            return true;
        }
    }
    return false;
}
