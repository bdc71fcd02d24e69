/**
 * refusals.c - see refusals.h.
 */
#include "wasm_host/refusals.h"
#include "core/bytes.h"

static bool is_called(const struct wasi_refusal *refusal, const char *prefix)
{
    size_t size = strlen(prefix);

    return strlen(refusal->function) >= size &&
           memcmp(refusal->function, prefix, size) == 0;
}

/** Appends to a zero-terminated text of PROGRAM_SUBJECT_MAX bytes, cut where it does not fit. */
static void append(char *text, const char *bytes, size_t size)
{
    size_t length = strlen(text);
    size_t room = PROGRAM_SUBJECT_MAX - 1 - length;

    size = size < room ? size : room;
    memcpy(text + length, bytes, size);
    text[length + size] = '\0';
}

/** The path as the program means it: below the directory's name. */
static void put_path(const struct wasi_refusal *refusal,
                     struct program_denial *out_denial)
{
    const char *directory = refusal->preopen_path;
    bool is_absolute =
        refusal->path != NULL && refusal->path_size > 0 && refusal->path[0] == '/';

    if (directory != NULL && !is_absolute) {
        append(out_denial->subject, directory, strlen(directory));
        size_t length = strlen(out_denial->subject);
        if (refusal->path_size > 0 && out_denial->subject[length - 1] != '/') {
            append(out_denial->subject, "/", 1);
        }
    }
    if (refusal->path != NULL) {
        append(out_denial->subject, refusal->path, refusal->path_size);
    }
}

static bool deny_path(const struct wasi_refusal *refusal, const char *no_rights_path,
                      struct program_denial *out_denial)
{
    bool is_covered =
        refusal->preopen_path != NULL &&
        (no_rights_path == NULL ||
         strlen(no_rights_path) != strlen(refusal->preopen_path) ||
         memcmp(no_rights_path, refusal->preopen_path, strlen(no_rights_path)) != 0);

    if (refusal->path == NULL && refusal->preopen_path == NULL) {
        return false; /* a right that the program gave up itself */
    }
    out_denial->grant = refusal->leads_out ? PROGRAM_GRANT_OUTSIDE
                        : is_covered       ? PROGRAM_GRANT_WRITE
                                           : PROGRAM_GRANT_DIRECTORY;
    out_denial->for_write =
        is_called(refusal, "path_create") || is_called(refusal, "path_unlink") ||
        is_called(refusal, "path_remove") || is_called(refusal, "path_rename") ||
        is_called(refusal, "path_link") || is_called(refusal, "path_symlink") ||
        is_called(refusal, "path_filestat_set");
    put_path(refusal, out_denial);
    return true;
}

static bool deny_not_capable(const struct wasi_refusal *refusal,
                             const char *no_rights_path,
                             struct program_denial *out_denial)
{
    if (is_called(refusal, "clock_")) {
        out_denial->grant = refusal->fd == WASI_CLOCK_REALTIME
                                ? PROGRAM_GRANT_CLOCK_REAL
                                : PROGRAM_GRANT_CLOCK;
        return true;
    }
    if (is_called(refusal, "random_")) {
        out_denial->grant = PROGRAM_GRANT_RANDOM;
        return true;
    }
    return deny_path(refusal, no_rights_path, out_denial);
}

static bool deny_stream(const struct wasi_refusal *refusal,
                        struct program_denial *out_denial)
{
    static const char *const names[] = {"stdin", "stdout", "stderr"};

    if (refusal->fd > 2 ||
        (!is_called(refusal, "fd_read") && !is_called(refusal, "fd_write"))) {
        return false;
    }
    out_denial->grant = PROGRAM_GRANT_CONSOLE;
    append(out_denial->subject, names[refusal->fd], strlen(names[refusal->fd]));
    return true;
}

bool refusal_to_denial(const struct wasi_refusal *refusal, const char *no_rights_path,
                       struct program_denial *out_denial)
{
    size_t size = strlen(refusal->function);

    *out_denial = (struct program_denial){.grant = 0};
    size = size < PROGRAM_OPERATION_MAX ? size : PROGRAM_OPERATION_MAX - 1;
    memcpy(out_denial->operation, refusal->function, size);
    if (is_called(refusal, "sock_")) {
        out_denial->grant = PROGRAM_GRANT_NETWORK;
        return true;
    }
    switch (refusal->error) {
    case WASI_ENOTCAPABLE:
        return deny_not_capable(refusal, no_rights_path, out_denial);
    case WASI_EBADF:
        return deny_stream(refusal, out_denial);
    default:
        return false;
    }
}

/** FNV-1a over what makes a denial distinct. */
static uint64_t hash_of(const struct program_denial *denial)
{
    uint64_t hash = 0xcbf29ce484222325u ^ denial->grant ^ denial->for_write << 8;

    for (size_t i = 0; denial->subject[i] != '\0'; i++) {
        hash = (hash ^ (uint8_t)denial->subject[i]) * 0x100000001b3u;
    }
    return hash;
}

bool refusals_is_new(struct refusals_told *told, const struct program_denial *denial)
{
    const uint32_t most = sizeof(told->hashes) / sizeof(told->hashes[0]);
    uint64_t hash = hash_of(denial);

    for (uint32_t i = 0; i < told->count; i++) {
        if (told->hashes[i] == hash) {
            return false;
        }
    }
    if (told->count == most) {
        return false;
    }
    told->hashes[told->count++] = hash;
    return true;
}
