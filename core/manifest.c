/**
 * manifest.c - see manifest.h.
 */
#include "core/manifest.h"
#include "core/bytes.h"
#include "core/format.h"

struct manifest manifest_open(const char *text, size_t size, char *buffer,
                              size_t buffer_size)
{
    return (struct manifest){.words = words_open(text, size, buffer, buffer_size)};
}

static bool is_word(const char *word, const char *text)
{
    size_t length = strlen(text);

    return strlen(word) == length && memcmp(word, text, length) == 0;
}

static bool expect(struct manifest *manifest, const char *expected, const char *word)
{
    manifest->expected = expected;
    manifest->word = word;
    return false;
}

/** Reads the operands of one kind: words[1] to words[count - 1], of which there are as
 *  many as its row says. False with manifest->expected set. */
typedef bool (*operand_reader)(struct manifest *manifest, const struct words_line *line,
                               struct manifest_grant *grant);

static bool read_text(struct manifest *manifest, const struct words_line *line,
                      struct manifest_grant *grant)
{
    (void)manifest;
    grant->text = line->words[1];
    return true;
}

static bool read_environment(struct manifest *manifest, const struct words_line *line,
                             struct manifest_grant *grant)
{
    const char *text = line->words[1];
    size_t i = 0;

    while (text[i] != '\0' && text[i] != '=') {
        i++;
    }
    if (i == 0 || text[i] == '\0') {
        return expect(manifest, "NAME=VALUE", text);
    }
    grant->text = text;
    return true;
}

static bool read_console(struct manifest *manifest, const struct words_line *line,
                         struct manifest_grant *grant)
{
    static const char *const names[] = {[MANIFEST_CONSOLE_ALL] = "all",
                                        [MANIFEST_CONSOLE_OUTPUT] = "output",
                                        [MANIFEST_CONSOLE_NONE] = "none"};

    for (unsigned i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (is_word(line->words[1], names[i])) {
            grant->console = (enum manifest_console)i;
            return true;
        }
    }
    return expect(manifest, "all, output or none", line->words[1]);
}

static bool read_clock(struct manifest *manifest, const struct words_line *line,
                       struct manifest_grant *grant)
{
    if (line->count == 2 && !is_word(line->words[1], "real")) {
        return expect(manifest, "`real` or nothing behind `clock`", line->words[1]);
    }
    grant->real = line->count == 2;
    return true;
}

static bool read_random(struct manifest *manifest, const struct words_line *line,
                        struct manifest_grant *grant)
{
    (void)manifest;
    (void)line;
    (void)grant;
    return true;
}

/** SOURCE: a kind, a colon, and what it is called there. */
static bool read_source(struct manifest *manifest, const char *word,
                        struct manifest_grant *grant)
{
    static const char *const kinds[] = {[MANIFEST_SOURCE_HOST] = "host:",
                                        [MANIFEST_SOURCE_RAM] = "ram:",
                                        [MANIFEST_SOURCE_INITRD] = "initrd:"};

    for (unsigned i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
        size_t length = strlen(kinds[i]);

        if (strlen(word) > length && memcmp(word, kinds[i], length) == 0) {
            grant->source = (enum manifest_source)i;
            grant->source_name = word + length;
            return true;
        }
    }
    return expect(manifest, "host:FOLDER, ram:NAME or initrd:FOLDER", word);
}

static bool read_quota(struct manifest *manifest, const struct words_line *line,
                       struct manifest_grant *grant)
{
    if (!is_word(line->words[4], "quota")) {
        return expect(manifest, "`quota SIZE` or nothing more", line->words[4]);
    }
    if (line->count != 6 || !words_size(line->words[5], &grant->quota_bytes) ||
        grant->quota_bytes == 0) {
        return expect(manifest, "a size like 16M behind `quota`",
                      line->count == 6 ? line->words[5] : NULL);
    }
    if (grant->source != MANIFEST_SOURCE_RAM) {
        return expect(manifest, "a quota for ram: alone", line->words[1]);
    }
    return true;
}

static bool read_directory(struct manifest *manifest, const struct words_line *line,
                           struct manifest_grant *grant)
{
    if (!read_source(manifest, line->words[1], grant)) {
        return false;
    }
    grant->path = line->words[2];
    if (grant->path[0] == '\0') {
        return expect(manifest, "the directory's name for the program", grant->path);
    }
    grant->writable = is_word(line->words[3], "rw");
    if (!grant->writable && !is_word(line->words[3], "ro")) {
        return expect(manifest, "ro or rw", line->words[3]);
    }
    if (grant->writable && grant->source == MANIFEST_SOURCE_INITRD) {
        return expect(manifest, "ro, as the initrd is", line->words[3]);
    }
    return line->count == 4 || read_quota(manifest, line, grant);
}

static bool read_memory(struct manifest *manifest, const struct words_line *line,
                        struct manifest_grant *grant)
{
    return (words_size(line->words[1], &grant->value) && grant->value > 0 &&
            grant->value % MANIFEST_MEMORY_UNIT == 0) ||
           expect(manifest, "a size like 64M, in whole pages of 64K", line->words[1]);
}

static bool read_period(struct manifest *manifest, const struct words_line *line,
                        struct manifest_grant *grant)
{
    const uint64_t millisecond_ns = 1000000;
    const uint64_t longest_ms = 4000;
    uint64_t milliseconds;

    if (!is_word(line->words[2], "period")) {
        return expect(manifest, "`period MILLISECONDS` or nothing more",
                      line->words[2]);
    }
    if (line->count != 4 || !words_number(line->words[3], &milliseconds) ||
        milliseconds == 0 || milliseconds > longest_ms) {
        return expect(manifest, "1 to 4000 milliseconds behind `period`",
                      line->count == 4 ? line->words[3] : NULL);
    }
    grant->period_ns = milliseconds * millisecond_ns;
    return true;
}

static bool read_cpu(struct manifest *manifest, const struct words_line *line,
                     struct manifest_grant *grant)
{
    if (!words_number(line->words[1], &grant->value) || grant->value == 0 ||
        grant->value > MANIFEST_CPU_PERCENT_MAX) {
        return expect(manifest, "1 to 100 percent", line->words[1]);
    }
    grant->period_ns = MANIFEST_CPU_PERIOD_NS;
    return line->count == 2 || read_period(manifest, line, grant);
}

static bool read_fuel(struct manifest *manifest, const struct words_line *line,
                      struct manifest_grant *grant)
{
    return (words_number(line->words[1], &grant->value) && grant->value > 0) ||
           expect(manifest, "a number above 0", line->words[1]);
}

static bool read_threads(struct manifest *manifest, const struct words_line *line,
                         struct manifest_grant *grant)
{
    return (words_number(line->words[1], &grant->value) && grant->value > 0 &&
            grant->value <= MANIFEST_THREADS_MAX) ||
           expect(manifest, "1 to 64 threads", line->words[1]);
}

static bool read_timeout(struct manifest *manifest, const struct words_line *line,
                         struct manifest_grant *grant)
{
    return (words_seconds(line->words[1], &grant->value) && grant->value > 0) ||
           expect(manifest, "seconds, like 10 or 0.5", line->words[1]);
}

/** What each kind looks like. */
static const struct {
    const char *name;
    uint32_t words_min;
    uint32_t words_max;
    bool repeats; /**< may stand more than once */
    operand_reader read;
    const char *form;
} rows[MANIFEST_KINDS] = {
    [MANIFEST_NAME] = {"name", 2, 2, false, read_text, "name TEXT"},
    [MANIFEST_ARGUMENT] = {"arg", 2, 2, true, read_text, "arg TEXT"},
    [MANIFEST_ENVIRONMENT] = {"env", 2, 2, true, read_environment, "env NAME=VALUE"},
    [MANIFEST_CONSOLE] = {"console", 2, 2, false, read_console,
                          "console all|output|none"},
    [MANIFEST_CLOCK] = {"clock", 1, 2, false, read_clock, "clock [real]"},
    [MANIFEST_RANDOM] = {"random", 1, 1, false, read_random, "random"},
    [MANIFEST_DIRECTORY] = {"dir", 4, 6, true, read_directory,
                            "dir SOURCE PATH ro|rw [quota SIZE]"},
    [MANIFEST_MEMORY] = {"memory", 2, 2, false, read_memory, "memory SIZE"},
    [MANIFEST_CPU] = {"cpu", 2, 4, false, read_cpu, "cpu PERCENT [period MS]"},
    [MANIFEST_FUEL] = {"fuel", 2, 2, false, read_fuel, "fuel N"},
    [MANIFEST_THREADS] = {"threads", 2, 2, false, read_threads, "threads N"},
    [MANIFEST_TIMEOUT] = {"timeout", 2, 2, false, read_timeout, "timeout SECONDS"},
};

/** Finds the kind by the first word; MANIFEST_KINDS: there is none. */
static enum manifest_kind find_kind(const char *word)
{
    unsigned kind = 0;

    while (kind < MANIFEST_KINDS && !is_word(word, rows[kind].name)) {
        kind++;
    }
    return (enum manifest_kind)kind;
}

static bool read_grant(struct manifest *manifest, const struct words_line *line,
                       struct manifest_grant *grant)
{
    enum manifest_kind kind = find_kind(line->words[0]);

    if (kind == MANIFEST_KINDS) {
        return expect(manifest,
                      "name, arg, env, console, clock, random, dir, memory, cpu, fuel, "
                      "threads or timeout",
                      line->words[0]);
    }
    if (line->count < rows[kind].words_min || line->count > rows[kind].words_max) {
        return expect(manifest, rows[kind].form, NULL);
    }
    if (!rows[kind].repeats && (manifest->seen >> kind & 1) != 0) {
        return expect(manifest, "this grant on one line only", line->words[0]);
    }
    manifest->seen |= 1u << kind;
    *grant = (struct manifest_grant){.kind = kind};
    return rows[kind].read(manifest, line, grant);
}

enum manifest_status manifest_next(struct manifest *manifest,
                                   struct manifest_grant *out_grant)
{
    struct words_line line;

    switch (words_next(&manifest->words, &line)) {
    case WORDS_END:
        return MANIFEST_END;
    case WORDS_ERROR:
        (void)expect(manifest, line.error, NULL);
        return MANIFEST_ERROR;
    case WORDS_LINE:
        break;
    }
    return read_grant(manifest, &line, out_grant) ? MANIFEST_GRANT : MANIFEST_ERROR;
}

size_t manifest_error_print(const struct manifest *manifest, char *buffer, size_t size)
{
    if (manifest->word == NULL) {
        return format_buffer(buffer, size, "line %u: expected %s",
                             (unsigned)manifest->words.line, manifest->expected);
    }
    return format_buffer(buffer, size, "line %u: expected %s, not \"%s\"",
                         (unsigned)manifest->words.line, manifest->expected,
                         manifest->word);
}
