/**
 * spec_skip.c - the list of tests that are not run, each with its reason.
 */
#include "spec.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct skip_entry {
    char *test;
    uint64_t line; /* 0: the whole file */
    char *reason;
};

struct skip_list {
    struct skip_entry *entries;
    size_t count;
};

/* Splits "FILE[:LINE] reason" in place. */
static bool parse_entry(char *text, struct skip_entry *out_entry)
{
    char *reason = text + strcspn(text, " \t");
    uint64_t line = 0;

    if (*reason == '\0') {
        return false;
    }
    *reason++ = '\0';
    reason += strspn(reason, " \t");
    char *colon = strrchr(text, ':');
    if (colon != NULL) {
        *colon = '\0';
        if (!parse_number(colon + 1, &line) || line == 0) {
            return false;
        }
    }
    if (*text == '\0' || *reason == '\0') {
        return false;
    }
    *out_entry = (struct skip_entry){
        .test = strdup(text), .line = line, .reason = strdup(reason)};
    return out_entry->test != NULL && out_entry->reason != NULL;
}

static bool append(struct skip_list *list, const struct skip_entry *entry)
{
    struct skip_entry *entries =
        realloc(list->entries, (list->count + 1) * sizeof(*entries));

    if (entries == NULL) {
        return false;
    }
    entries[list->count] = *entry;
    list->entries = entries;
    list->count++;
    return true;
}

static bool read_lines(FILE *stream, const char *path, struct skip_list *list)
{
    char line[1024];
    unsigned number = 0;

    while (fgets(line, sizeof(line), stream) != NULL) {
        struct skip_entry entry = {0};
        number++;
        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '\0' || line[0] == '#') {
            continue;
        }
        if (!parse_entry(line, &entry) || !append(list, &entry)) {
            refuse("%s:%u: not of the form: FILE[:LINE] reason", path, number);
            free(entry.test);
            free(entry.reason);
            return false;
        }
    }
    return true;
}

struct skip_list *skip_list_load(const char *path)
{
    struct skip_list *list = calloc(1, sizeof(*list));
    FILE *stream = fopen(path, "r");

    if (list == NULL || stream == NULL) {
        refuse("cannot read the skip file %s", path);
        goto fail;
    }
    if (!read_lines(stream, path, list)) {
        goto fail;
    }
    fclose(stream);
    return list;

fail:
    if (stream != NULL) {
        fclose(stream);
    }
    skip_list_release(list);
    return NULL;
}

void skip_list_release(struct skip_list *list)
{
    if (list == NULL) {
        return;
    }
    for (size_t i = 0; i < list->count; i++) {
        free(list->entries[i].test);
        free(list->entries[i].reason);
    }
    free(list->entries);
    free(list);
}

/* Is @p tail the path @p test, or its last components? */
static bool is_tail(const char *test, const char *tail)
{
    size_t test_length = strlen(test);
    size_t tail_length = strlen(tail);

    if (tail_length > test_length ||
        strcmp(test + test_length - tail_length, tail) != 0) {
        return false;
    }
    return tail_length == test_length || test[test_length - tail_length - 1] == '/';
}

const char *skip_list_reason(const struct skip_list *list, const char *test,
                             uint64_t line)
{
    for (size_t i = 0; list != NULL && i < list->count; i++) {
        const struct skip_entry *entry = &list->entries[i];
        if ((entry->line == 0 || entry->line == line) && is_tail(test, entry->test)) {
            return entry->reason;
        }
    }
    return NULL;
}
