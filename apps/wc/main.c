/**
 * main.c - wc: counts lines, words and bytes of its standard input, or of the files that
 * it is given.
 *
 * Usage: wc [FILE]... (`-` is standard input). Ends with 1 if a file cannot be read.
 */
#include <ctype.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

struct counts {
    uint64_t lines;
    uint64_t words;
    uint64_t bytes;
};

static void print_counts(const struct counts *counts, const char *name)
{
    printf("%7llu %7llu %7llu%s%s\n", (unsigned long long)counts->lines,
           (unsigned long long)counts->words, (unsigned long long)counts->bytes,
           name != NULL ? " " : "", name != NULL ? name : "");
}

static struct counts count(FILE *file)
{
    struct counts counts = {0};
    bool in_word = false;
    int c;

    while ((c = getc(file)) != EOF) {
        counts.bytes++;
        counts.lines += c == '\n';
        counts.words += !in_word && isspace(c) == 0;
        in_word = isspace(c) == 0;
    }
    return counts;
}

/** Counts @p name (NULL: standard input, without a name) and adds to @p total. */
static bool count_named(const char *name, struct counts *total)
{
    bool is_input = name == NULL || strcmp(name, "-") == 0;
    FILE *file = is_input ? stdin : fopen(name, "rb");
    struct counts counts;
    bool failed;

    if (file == NULL) {
        fprintf(stderr, "wc: %s: %s\n", name, strerror(errno));
        return false;
    }
    counts = count(file);
    failed = ferror(file) != 0;
    if (failed) {
        fprintf(stderr, "wc: %s: %s\n", is_input ? "standard input" : name,
                strerror(errno));
    }
    if (!is_input) {
        fclose(file);
    }
    total->lines += counts.lines;
    total->words += counts.words;
    total->bytes += counts.bytes;
    print_counts(&counts, name);
    return !failed;
}

int main(int argc, char **argv)
{
    struct counts total = {0};
    bool counted = true;

    if (argc < 2) {
        counted = count_named(NULL, &total);
    }
    for (int i = 1; i < argc; i++) {
        counted = count_named(argv[i], &total) && counted;
    }
    if (argc > 2) {
        print_counts(&total, "total");
    }
    return !counted || fflush(stdout) != 0;
}
