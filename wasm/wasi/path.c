/**
 * path.c - the path_* functions but path_open: attributes, links, making and removing names.
 */
#include "wasi/path.h"
#include "wasi/filestat.h"

enum wasi_errno wasi_path_find(struct wasi *wasi, const struct wasi_guest_path *path,
                               uint64_t rights, enum wasi_follow follow,
                               struct wasi_place *out_place,
                               struct wasi_descriptor **out_descriptor)
{
    struct wasi_descriptor *descriptor;
    const char *bytes = guest_range(wasi, path->address, path->size);

    wasi->asked = (struct wasi_asked){
        .path = bytes, .path_size = bytes != NULL ? path->size : 0, .fd = path->fd};
    enum wasi_errno error = wasi_descriptors_find_directory(
        &wasi->descriptors, path->fd, rights, &descriptor);
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (bytes == NULL) {
        return WASI_EFAULT;
    }
    if (out_descriptor != NULL) {
        *out_descriptor = descriptor;
    }
    error = wasi_resolve(&wasi->backend, descriptor->object, bytes, path->size, follow,
                         out_place);
    wasi->asked.leads_out = error == WASI_ENOTCAPABLE;
    return error;
}

enum wasi_errno wasi_path_follow(uint32_t lookupflags, enum wasi_follow *out_follow)
{
    if ((lookupflags & ~(uint32_t)WASI_LOOKUP_SYMLINK_FOLLOW) != 0) {
        return WASI_EINVAL;
    }
    *out_follow = lookupflags != 0 ? WASI_FOLLOW_ALWAYS : WASI_FOLLOW_IF_SLASH;
    return WASI_SUCCESS;
}

static struct wasi_guest_path guest_path(const union wasm_value *fd,
                                         const union wasm_value *bytes)
{
    return (struct wasi_guest_path){
        .fd = fd->i32, .address = bytes[0].i32, .size = bytes[1].i32};
}

/* Calls one of the backend's operations on a directory and a name. */
typedef enum wasi_errno (*name_operation)(void *context, struct wasi_object *directory,
                                          const char *name);

static enum wasi_errno on_name(struct wasi *wasi, const union wasm_value *arguments,
                               uint64_t right, name_operation operation,
                               enum wasi_errno when_dot)
{
    struct wasi_guest_path path = guest_path(arguments, arguments + 1);
    struct wasi_place place;
    enum wasi_errno error =
        wasi_path_find(wasi, &path, right, WASI_FOLLOW_NEVER, &place, NULL);

    if (error != WASI_SUCCESS) {
        return error;
    }
    error = strlen(place.name) == 1 && place.name[0] == '.'
                ? when_dot
                : operation(wasi->backend.context, place.directory, place.name);
    wasi_place_release(&wasi->backend, &place);
    return error;
}

enum wasi_errno wasi_path_create_directory(struct wasi *wasi,
                                           const union wasm_value *arguments)
{
    return on_name(wasi, arguments, WASI_RIGHT_PATH_CREATE_DIRECTORY,
                   wasi->backend.make_directory_at, WASI_EEXIST);
}

enum wasi_errno wasi_path_remove_directory(struct wasi *wasi,
                                           const union wasm_value *arguments)
{
    return on_name(wasi, arguments, WASI_RIGHT_PATH_REMOVE_DIRECTORY,
                   wasi->backend.remove_directory_at, WASI_EINVAL);
}

/* The type behind a place, without following a link in the last component. */
static enum wasi_errno require_directory(struct wasi *wasi,
                                         const struct wasi_place *place)
{
    struct wasi_stat stat;

    if (!place->must_be_directory) {
        return WASI_SUCCESS;
    }
    enum wasi_errno error = wasi->backend.stat_at(wasi->backend.context,
                                                  place->directory, place->name, &stat);
    if (error != WASI_SUCCESS) {
        return error;
    }
    return stat.filetype == WASI_FILETYPE_DIRECTORY ? WASI_SUCCESS : WASI_ENOTDIR;
}

enum wasi_errno wasi_path_unlink_file(struct wasi *wasi,
                                      const union wasm_value *arguments)
{
    struct wasi_guest_path path = guest_path(arguments, arguments + 1);
    struct wasi_place place;
    enum wasi_errno error = wasi_path_find(wasi, &path, WASI_RIGHT_PATH_UNLINK_FILE,
                                           WASI_FOLLOW_NEVER, &place, NULL);

    if (error != WASI_SUCCESS) {
        return error;
    }
    error = require_directory(wasi, &place);
    if (error == WASI_SUCCESS) {
        error = place.must_be_directory
                    ? WASI_EISDIR
                    : wasi->backend.unlink_at(wasi->backend.context, place.directory,
                                              place.name);
    }
    wasi_place_release(&wasi->backend, &place);
    return error;
}

enum wasi_errno wasi_path_filestat_get(struct wasi *wasi,
                                       const union wasm_value *arguments)
{
    struct wasi_guest_path path = guest_path(arguments, arguments + 2);
    enum wasi_follow follow;
    struct wasi_place place;
    struct wasi_stat stat;
    enum wasi_errno error = wasi_path_follow(arguments[1].i32, &follow);

    if (error == WASI_SUCCESS) {
        error = wasi_path_find(wasi, &path, WASI_RIGHT_PATH_FILESTAT_GET, follow,
                               &place, NULL);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    error = wasi->backend.stat_at(wasi->backend.context, place.directory, place.name,
                                  &stat);
    if (error == WASI_SUCCESS && place.must_be_directory &&
        stat.filetype != WASI_FILETYPE_DIRECTORY) {
        error = WASI_ENOTDIR;
    }
    wasi_place_release(&wasi->backend, &place);
    return error != WASI_SUCCESS ? error
                                 : wasi_filestat_write(wasi, arguments[4].i32, &stat);
}

enum wasi_errno wasi_path_filestat_set_times(struct wasi *wasi,
                                             const union wasm_value *arguments)
{
    struct wasi_guest_path path = guest_path(arguments, arguments + 2);
    enum wasi_follow follow;
    struct wasi_place place;
    struct wasi_times times;
    enum wasi_errno error = wasi_path_follow(arguments[1].i32, &follow);

    if (error == WASI_SUCCESS) {
        error = wasi_times_from(arguments[4].i64, arguments[5].i64, arguments[6].i32,
                                &times);
    }
    if (error == WASI_SUCCESS) {
        error = wasi_path_find(wasi, &path, WASI_RIGHT_PATH_FILESTAT_SET_TIMES, follow,
                               &place, NULL);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    error = require_directory(wasi, &place);
    if (error == WASI_SUCCESS) {
        error = wasi->backend.set_times_at(wasi->backend.context, place.directory,
                                           place.name, &times);
    }
    wasi_place_release(&wasi->backend, &place);
    return error;
}

/* "." names no entry of its directory: it can be neither moved nor linked. */
static bool is_dot(const struct wasi_place *place)
{
    return place->name[0] == '.' && place->name[1] == '\0';
}

static enum wasi_errno link_places(struct wasi *wasi, const struct wasi_place *from,
                                   const struct wasi_place *to)
{
    if (is_dot(from)) {
        return WASI_EPERM;
    }
    if (is_dot(to)) {
        return WASI_EEXIST;
    }
    if (to->must_be_directory) {
        return WASI_ENOENT;
    }
    enum wasi_errno error = require_directory(wasi, from);
    return error != WASI_SUCCESS
               ? error
               : wasi->backend.link_at(wasi->backend.context, from->directory,
                                       from->name, to->directory, to->name);
}

enum wasi_errno wasi_path_link(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_guest_path from_path = guest_path(arguments, arguments + 2);
    struct wasi_guest_path to_path = guest_path(arguments + 4, arguments + 5);
    struct wasi_place from;
    struct wasi_place to;
    enum wasi_follow follow;
    enum wasi_errno error = wasi_path_follow(arguments[1].i32, &follow);

    if (error == WASI_SUCCESS) {
        error = wasi_path_find(wasi, &from_path, WASI_RIGHT_PATH_LINK_SOURCE, follow,
                               &from, NULL);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    error = wasi_path_find(wasi, &to_path, WASI_RIGHT_PATH_LINK_TARGET,
                           WASI_FOLLOW_NEVER, &to, NULL);
    if (error == WASI_SUCCESS) {
        error = link_places(wasi, &from, &to);
        wasi_place_release(&wasi->backend, &to);
    }
    wasi_place_release(&wasi->backend, &from);
    return error;
}

static enum wasi_errno rename_places(struct wasi *wasi, const struct wasi_place *from,
                                     const struct wasi_place *to)
{
    if (is_dot(from) || is_dot(to)) {
        return WASI_EBUSY;
    }
    struct wasi_place source = *from;
    source.must_be_directory = from->must_be_directory || to->must_be_directory;
    enum wasi_errno error = require_directory(wasi, &source);
    return error != WASI_SUCCESS
               ? error
               : wasi->backend.rename_at(wasi->backend.context, from->directory,
                                         from->name, to->directory, to->name);
}

enum wasi_errno wasi_path_rename(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_guest_path from_path = guest_path(arguments, arguments + 1);
    struct wasi_guest_path to_path = guest_path(arguments + 3, arguments + 4);
    struct wasi_place from;
    struct wasi_place to;
    enum wasi_errno error =
        wasi_path_find(wasi, &from_path, WASI_RIGHT_PATH_RENAME_SOURCE,
                       WASI_FOLLOW_NEVER, &from, NULL);

    if (error != WASI_SUCCESS) {
        return error;
    }
    error = wasi_path_find(wasi, &to_path, WASI_RIGHT_PATH_RENAME_TARGET,
                           WASI_FOLLOW_NEVER, &to, NULL);
    if (error == WASI_SUCCESS) {
        error = rename_places(wasi, &from, &to);
        wasi_place_release(&wasi->backend, &to);
    }
    wasi_place_release(&wasi->backend, &from);
    return error;
}

/* Copies a link's target out of the guest. An absolute one would lead out of the directory. */
static enum wasi_errno copy_target(struct wasi *wasi, uint32_t address, uint32_t size,
                                   char target[WASI_PATH_MAX])
{
    const char *bytes = guest_range(wasi, address, size);

    if (bytes == NULL) {
        return WASI_EFAULT;
    }
    if (size == 0) {
        return WASI_ENOENT;
    }
    if (size >= WASI_PATH_MAX) {
        return WASI_ENAMETOOLONG;
    }
    if (bytes[0] == '/') {
        return WASI_ENOTCAPABLE;
    }
    memcpy(target, bytes, size);
    target[size] = '\0';
    return strlen(target) == size ? WASI_SUCCESS : WASI_EINVAL;
}

enum wasi_errno wasi_path_symlink(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_guest_path path = guest_path(arguments + 2, arguments + 3);
    struct wasi_place place;
    char target[WASI_PATH_MAX];
    enum wasi_errno error =
        copy_target(wasi, arguments[0].i32, arguments[1].i32, target);

    if (error == WASI_SUCCESS) {
        error = wasi_path_find(wasi, &path, WASI_RIGHT_PATH_SYMLINK, WASI_FOLLOW_NEVER,
                               &place, NULL);
    }
    if (error != WASI_SUCCESS) {
        return error;
    }
    if (is_dot(&place)) {
        error = WASI_EEXIST;
    } else if (place.must_be_directory) {
        error = WASI_ENOENT;
    } else {
        error = wasi->backend.symlink_at(wasi->backend.context, target, place.directory,
                                         place.name);
    }
    wasi_place_release(&wasi->backend, &place);
    return error;
}

enum wasi_errno wasi_path_readlink(struct wasi *wasi, const union wasm_value *arguments)
{
    struct wasi_guest_path path = guest_path(arguments, arguments + 1);
    struct wasi_place place;
    size_t used = 0;
    char *buffer = guest_range(wasi, arguments[3].i32, arguments[4].i32);

    if (buffer == NULL) {
        return WASI_EFAULT;
    }
    enum wasi_errno error = wasi_path_find(wasi, &path, WASI_RIGHT_PATH_READLINK,
                                           WASI_FOLLOW_NEVER, &place, NULL);
    if (error != WASI_SUCCESS) {
        return error;
    }
    error = require_directory(wasi, &place); /* a link with a slash behind it is none */
    if (error == WASI_SUCCESS && place.must_be_directory) {
        error = WASI_EINVAL;
    } else if (error == WASI_SUCCESS && arguments[4].i32 > 0) {
        error = wasi->backend.read_link_at(wasi->backend.context, place.directory,
                                           place.name, buffer, arguments[4].i32, &used);
    }
    wasi_place_release(&wasi->backend, &place);
    return error != WASI_SUCCESS
               ? error
               : guest_write32(wasi, arguments[5].i32, (uint32_t)used);
}
