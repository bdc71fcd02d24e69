/**
 * command_line.c - the words of the machine's command line.
 */
#include "init/command_line.h"
#include "core/bytes.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool command_line_has(const char *command_line, const char *word)
{
    size_t wanted = strlen(word);
    const char *next = command_line;

    while (*next != '\0') {
        const char *start = next;

        while (*next != '\0' && !is_blank(*next)) {
            next++;
        }
        size_t length = (size_t)(next - start);
        if (length > 0 && length == wanted && memcmp(start, word, length) == 0) {
            return true;
        }
        while (is_blank(*next)) {
            next++;
        }
    }
    return false;
}
