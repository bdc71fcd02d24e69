/**
 * denial.c - see denial.h.
 */
#include "mnos/denial.h"
#include "core/bytes.h"
#include "core/format.h"
#include <stdbool.h>

void mnos_denial_copy(struct program_denial *out_denial, const void *from)
{
    memcpy(out_denial, from, sizeof(*out_denial));
    out_denial->operation[PROGRAM_OPERATION_MAX - 1] = '\0';
    out_denial->subject[PROGRAM_SUBJECT_MAX - 1] = '\0';
}

/** The directory that a path lies in: its size, 1 for what lies in the root. */
static int directory_size(const char *path)
{
    int size = (int)strlen(path);

    while (size > 1 && path[size - 1] != '/') {
        size--;
    }
    return size > 1 ? size - 1 : 1;
}

static size_t print_directory(const struct program_denial *denial, char *buffer,
                              size_t size)
{
    const char *path = denial->subject[0] != '\0' ? denial->subject : "/";
    bool is_absolute = path[0] == '/';
    const char *shown = is_absolute ? path : ".";
    int length = is_absolute ? directory_size(path) : 1;

    return format_buffer(buffer, size,
                         "%s %s: no directory covers it; allow it by `dir host:%.*s "
                         "%.*s %s` (--dir %.*s::%.*s%s)",
                         denial->operation, path, length, shown, length, shown,
                         denial->for_write != 0 ? "rw" : "ro", length, shown, length,
                         shown, denial->for_write != 0 ? "" : ":ro");
}

/** Grants whose line and option are always the same. */
static const struct {
    const char *missing;
    const char *line;
    const char *option;
} fixed[PROGRAM_GRANTS] = {
    [PROGRAM_GRANT_WRITE] = {"its directory is read-only", "dir SOURCE PATH rw",
                             "--dir HOST::GUEST without :ro"},
    [PROGRAM_GRANT_OUTSIDE] = {"it leads out of its directory", "dir SOURCE PATH ro",
                               "--dir HOST::GUEST:ro, for where it leads"},
    [PROGRAM_GRANT_CLOCK] = {"no clock", "clock", "--clock"},
    [PROGRAM_GRANT_CLOCK_REAL] = {"no time of day", "clock real", "--clock=real"},
    [PROGRAM_GRANT_RANDOM] = {"no random bytes", "random", "--random"},
    [PROGRAM_GRANT_CONSOLE] = {"no console", "console all", "--allow 'console all'"}};

static size_t print(const struct program_denial *denial, char *buffer, size_t size)
{
    const char *space = denial->subject[0] != '\0' ? " " : "";

    if (denial->grant == PROGRAM_GRANT_DIRECTORY) {
        return print_directory(denial, buffer, size);
    }
    if (denial->grant >= PROGRAM_GRANTS || fixed[denial->grant].line == NULL) {
        return format_buffer(buffer, size, "%s%s%s: there is no network to be granted",
                             denial->operation, space, denial->subject);
    }
    return format_buffer(buffer, size, "%s%s%s: %s; allow it by `%s` (%s)",
                         denial->operation, space, denial->subject,
                         fixed[denial->grant].missing, fixed[denial->grant].line,
                         fixed[denial->grant].option);
}

size_t mnos_denial_print(const struct program_denial *denial, char *buffer, size_t size)
{
    size_t length = print(denial, buffer, size);

    for (size_t i = 0; i < length; i++) {
        if (buffer[i] < ' ' || buffer[i] == 0x7f) {
            buffer[i] = '?';
        }
    }
    return length;
}
