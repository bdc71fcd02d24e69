/**
 * fuzz_manifest.c - core/manifest and core/words on any bytes.
 *
 * Besides what the sanitizers see: strings lie in the buffer, numbers in their ranges, an
 * error has its text, and a word that is quoted reads back as it was.
 */
#include "core/manifest.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { BUFFER_BYTES = 300 };

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static bool is_inside(const char *string, const char *buffer)
{
    return string >= buffer && string + strlen(string) < buffer + BUFFER_BYTES;
}

static void check_grant(const struct manifest_grant *grant, const char *buffer)
{
    require(grant->kind < MANIFEST_KINDS);
    if (grant->kind <= MANIFEST_ENVIRONMENT) {
        require(is_inside(grant->text, buffer));
    }
    if (grant->kind == MANIFEST_DIRECTORY) {
        require(is_inside(grant->source_name, buffer) &&
                is_inside(grant->path, buffer));
        require(*grant->source_name != '\0' && *grant->path != '\0');
    }
    if (grant->kind >= MANIFEST_MEMORY) {
        require(grant->value > 0);
    }
    if (grant->kind == MANIFEST_CPU) {
        require(grant->value <= MANIFEST_CPU_PERCENT_MAX && grant->period_ns > 0);
    }
}

static void read_manifest(const char *text, size_t size, char *buffer)
{
    struct manifest manifest = manifest_open(text, size, buffer, BUFFER_BYTES);
    struct manifest_grant grant;
    enum manifest_status status;
    char message[64];

    while ((status = manifest_next(&manifest, &grant)) == MANIFEST_GRANT) {
        check_grant(&grant, buffer);
    }
    if (status == MANIFEST_ERROR) {
        require(manifest.expected != NULL);
        require(manifest_error_print(&manifest, message, sizeof(message)) > 0);
    }
}

static void quote_and_read(const char *word, char *buffer)
{
    size_t length = words_quote(NULL, 0, word);
    char *quoted = malloc(length + 1);
    struct words words;
    struct words_line line;

    require(quoted != NULL && words_quote(quoted, length + 1, word) == length);
    words = words_open(quoted, length, buffer, BUFFER_BYTES);
    if (strlen(word) < BUFFER_BYTES) {
        require(words_next(&words, &line) == WORDS_LINE && line.count == 1);
        require(strcmp(line.words[0], word) == 0);
    }
    free(quoted);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    char *buffer = malloc(BUFFER_BYTES);

    require(text != NULL && buffer != NULL);
    memcpy(text, data, size);
    read_manifest(text, size, buffer);
    text[size] = '\0';
    quote_and_read(text, buffer);
    free(text);
    free(buffer);
    return 0;
}
