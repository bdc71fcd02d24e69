/**
 * grants.c - see grants.h.
 */
#include "grants.h"
#include "arguments.h"
#include "complain.h"
#include "core/manifest.h"
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/** A manifest is read by people; one of that size is another kind of file. */
enum { MANIFEST_BYTES_MAX = 1 << 20 };

/** Reads @p file to its end behind @p text; false: an error, or too large. */
static bool read_all(int file, struct text *text)
{
    char bytes[4096];
    ssize_t size = read(file, bytes, sizeof(bytes));

    while (size > 0 && text->size <= MANIFEST_BYTES_MAX) {
        text_add_bytes(text, bytes, (size_t)size);
        size = read(file, bytes, sizeof(bytes));
    }
    return size == 0;
}

/** Reads all of @p path behind @p text; false after complaining. */
static bool read_file(const char *path, struct text *text)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    bool good = file >= 0 && read_all(file, text);

    if (!good && text->size > MANIFEST_BYTES_MAX) {
        complain("%s is too large for a manifest", path);
    } else if (!good) {
        complain_errno("cannot read the manifest %s", path);
    }
    if (file >= 0) {
        close(file);
    }
    return good;
}

/** Hands each grant of @p text to @p take. False with @p out_error, of @p error_size bytes,
 *  written. */
static bool for_each_grant(const struct text *text,
                           void (*take)(void *context,
                                        const struct manifest_grant *grant),
                           void *context, char *out_error, size_t error_size)
{
    char *buffer = malloc(text->size + 1);
    struct manifest manifest;
    struct manifest_grant grant;
    enum manifest_status status;

    if (buffer == NULL) {
        out_of_memory();
    }
    manifest = manifest_open(text_string(text), text->size, buffer, text->size + 1);
    while ((status = manifest_next(&manifest, &grant)) == MANIFEST_GRANT) {
        take(context, &grant);
    }
    if (status == MANIFEST_ERROR) {
        manifest_error_print(&manifest, out_error, error_size);
    }
    free(buffer);
    return status == MANIFEST_END;
}

static void take_nothing(void *context, const struct manifest_grant *grant)
{
    (void)context;
    (void)grant;
}

bool grants_add_file(struct grants *grants, const char *path)
{
    struct text text = {0};
    char error[512];
    bool good = read_file(path, &text);

    if (good && !for_each_grant(&text, take_nothing, NULL, error, sizeof(error))) {
        complain("%s: %s", path, error);
        good = false;
    }
    if (good) {
        text_add_bytes(&grants->manifest, text_string(&text), text.size);
        text_add(&grants->manifest, "\n");
    }
    text_release(&text);
    return good;
}

bool grants_add_line(struct grants *grants, const char *option, const char *value,
                     const char *line)
{
    static const char prefix[] = "line 1: ";
    struct text text = {0};
    char error[512];
    bool good;

    text_add(&text, line);
    good = for_each_grant(&text, take_nothing, NULL, error, sizeof(error));
    if (!good) {
        complain("%s%s%s: %s", option, value != NULL ? " " : "",
                 value != NULL ? value : "", error + sizeof(prefix) - 1);
    }
    text_add(&grants->manifest, line);
    text_add(&grants->manifest, "\n");
    text_release(&text);
    return good;
}

void grants_add_argument(struct grants *grants, const char *argument)
{
    text_add(&grants->manifest, "arg");
    text_add_word(&grants->manifest, argument);
    text_add(&grants->manifest, "\n");
}

static void take_directory(struct grants *grants, const struct manifest_grant *grant)
{
    if (grant->source != MANIFEST_SOURCE_HOST) {
        return;
    }
    if (grants->directory_count < GRANTS_DIRECTORIES_MAX) {
        grants->directories[grants->directory_count] = (struct grants_directory){
            .path = text_of("%s", grant->source_name), .writable = grant->writable};
    }
    grants->directory_count++;
}

static void take_grant(void *context, const struct manifest_grant *grant)
{
    struct grants *grants = context;

    switch (grant->kind) {
    case MANIFEST_NAME:
        grants->has_name = true;
        break;
    case MANIFEST_DIRECTORY:
        take_directory(grants, grant);
        break;
    case MANIFEST_MEMORY:
        grants->memory_bytes = grant->value;
        break;
    case MANIFEST_TIMEOUT:
        grants->timeout_ns = grant->value;
        break;
    default:
        break;
    }
}

bool grants_finish(struct grants *grants, const char *name)
{
    char error[512];

    if (!for_each_grant(&grants->manifest, take_grant, grants, error, sizeof(error))) {
        complain("the manifest and the options together: %s", error);
        return false;
    }
    if (grants->directory_count > GRANTS_DIRECTORIES_MAX) {
        grants->directory_count = GRANTS_DIRECTORIES_MAX;
        complain("a program takes %d directories of the host at most",
                 GRANTS_DIRECTORIES_MAX);
        return false;
    }
    if (!grants->has_name) {
        text_add(&grants->manifest, "name");
        text_add_word(&grants->manifest, name);
        text_add(&grants->manifest, "\n");
    }
    return true;
}

void grants_release(struct grants *grants)
{
    for (size_t i = 0; i < grants->directory_count; i++) {
        free(grants->directories[i].path);
    }
    text_release(&grants->manifest);
    *grants = (struct grants){0};
}
