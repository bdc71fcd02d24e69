/**
 * command_line.c - the words of the machine's command line.
 */
#include "init/command_line.h"
#include "core/bytes.h"

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/** A word of the command line. */
struct word {
    const char *text;
    size_t length;
};

/** The word at *@p next, moved behind it; length 0: there is none. */
static struct word next_word(const char **next)
{
    struct word word;

    while (is_blank(**next)) {
        (*next)++;
    }
    word = (struct word){.text = *next};
    while (**next != '\0' && !is_blank(**next)) {
        (*next)++;
        word.length++;
    }
    return word;
}

bool command_line_has(const char *command_line, const char *word)
{
    size_t wanted = strlen(word);
    struct word found = next_word(&command_line);

    while (found.length > 0 &&
           (found.length != wanted || memcmp(found.text, word, wanted) != 0)) {
        found = next_word(&command_line);
    }
    return found.length > 0;
}

bool command_line_value(const char *command_line, const char *prefix,
                        char out_value[COMMAND_LINE_VALUE_BYTES])
{
    size_t start = strlen(prefix);
    struct word found = next_word(&command_line);

    while (found.length > 0 &&
           (found.length < start || memcmp(found.text, prefix, start) != 0)) {
        found = next_word(&command_line);
    }
    if (found.length <= start || found.length - start >= COMMAND_LINE_VALUE_BYTES) {
        return false;
    }
    memcpy(out_value, found.text + start, found.length - start);
    out_value[found.length - start] = '\0';
    return true;
}
