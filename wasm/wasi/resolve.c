/**
 * resolve.c - the walk of resolve.h.
 *
 * What is still to be walked stands at the end of a buffer, so that a link's target is put
 * in front of it without moving it.
 */
#include "wasi/resolve.h"
#include "core/bytes.h"

struct walk {
    const struct wasi_backend *backend;
    struct wasi_place *place;
    enum wasi_follow follow;
    unsigned links;
    size_t start; /* of the rest: [start, WASI_PATH_MAX) of buffer */
    char buffer[WASI_PATH_MAX];
};

/* One component and what stands behind it. */
struct component {
    const char *bytes;
    size_t size;
    bool is_last;   /* nothing but slashes behind it */
    bool has_slash; /* it is last, with a slash behind it */
};

void wasi_place_release(const struct wasi_backend *backend, struct wasi_place *place)
{
    while (place->depth > 0) {
        backend->close(backend->context, place->walked[place->depth]);
        place->depth--;
    }
}

static void skip_slashes(struct walk *walk)
{
    while (walk->start < WASI_PATH_MAX && walk->buffer[walk->start] == '/') {
        walk->start++;
    }
}

/* Takes the next component; the rest is not empty and does not begin with a slash. */
static struct component next_component(struct walk *walk)
{
    size_t begin = walk->start;

    while (walk->start < WASI_PATH_MAX && walk->buffer[walk->start] != '/') {
        walk->start++;
    }
    size_t end = walk->start;
    skip_slashes(walk);
    bool is_last = walk->start == WASI_PATH_MAX;
    struct component component = {.bytes = walk->buffer + begin,
                                  .size = end - begin,
                                  .is_last = is_last,
                                  .has_slash = is_last && end != WASI_PATH_MAX};
    /* One slash stays in front of the rest: a link's target is put before it. */
    walk->start = component.has_slash || !is_last ? walk->start - 1 : walk->start;
    return component;
}

static struct wasi_object *here(const struct walk *walk)
{
    return walk->place->walked[walk->place->depth];
}

static enum wasi_errno put_in_front(struct walk *walk, const char *target, size_t size)
{
    if (size == 0) {
        return WASI_ENOENT;
    }
    if (target[0] == '/') {
        return WASI_ENOTCAPABLE;
    }
    if (size > walk->start) {
        return WASI_ENAMETOOLONG;
    }
    walk->start -= size;
    memcpy(walk->buffer + walk->start, target, size);
    return WASI_SUCCESS;
}

/* Replaces a link by its target; *out_is_link is false where @p name is none (or nothing). */
static enum wasi_errno expand_link(struct walk *walk, const char *name,
                                   bool *out_is_link)
{
    char target[WASI_PATH_MAX];
    size_t size = 0;
    enum wasi_errno error = walk->backend->read_link_at(
        walk->backend->context, here(walk), name, target, sizeof(target), &size);

    *out_is_link = error != WASI_EINVAL && error != WASI_ENOENT;
    if (error != WASI_SUCCESS) {
        return *out_is_link ? error : WASI_SUCCESS;
    }
    if (++walk->links > WASI_PATH_LINKS_MAX) {
        return WASI_ELOOP;
    }
    if (size >= sizeof(target)) {
        return WASI_ENAMETOOLONG;
    }
    return put_in_front(walk, target, size);
}

static enum wasi_errno enter_directory(struct walk *walk, const char *name)
{
    struct wasi_place *place = walk->place;
    struct wasi_object *directory;
    bool is_link;

    if (place->depth == WASI_PATH_DEPTH_MAX) {
        return WASI_ENAMETOOLONG;
    }
    enum wasi_errno error = walk->backend->open_directory_at(
        walk->backend->context, here(walk), name, &directory);
    if (error == WASI_SUCCESS) {
        place->depth++;
        place->walked[place->depth] = directory;
        return WASI_SUCCESS;
    }
    if (error != WASI_ELOOP && error != WASI_ENOTDIR) {
        return error;
    }
    error = expand_link(walk, name, &is_link);
    return is_link ? error : WASI_ENOTDIR;
}

static enum wasi_errno leave_directory(struct walk *walk)
{
    struct wasi_place *place = walk->place;

    if (place->depth == 0) {
        return WASI_ENOTCAPABLE;
    }
    walk->backend->close(walk->backend->context, here(walk));
    place->depth--;
    return WASI_SUCCESS;
}

static void set_name(struct wasi_place *place, const char *bytes, size_t size)
{
    memcpy(place->name, bytes, size);
    place->name[size] = '\0';
}

/* The last component, of the name in place->name: the end, or a link to follow. */
static enum wasi_errno finish(struct walk *walk, bool has_slash, bool *out_done)
{
    walk->place->must_be_directory = has_slash;
    *out_done = true;
    if (walk->follow == WASI_FOLLOW_NEVER ||
        (walk->follow == WASI_FOLLOW_IF_SLASH && !has_slash)) {
        return WASI_SUCCESS;
    }
    bool is_link;
    enum wasi_errno error = expand_link(walk, walk->place->name, &is_link);
    *out_done = !is_link;
    return error;
}

static bool is_dots(const struct component *component, size_t dots)
{
    return component->size == dots && component->bytes[0] == '.' &&
           component->bytes[dots - 1] == '.';
}

static enum wasi_errno step(struct walk *walk, bool *out_done)
{
    struct component component = next_component(walk);
    bool is_dot = is_dots(&component, 1);
    bool is_dot_dot = is_dots(&component, 2);

    *out_done = false;
    if (component.size > WASI_NAME_MAX) {
        return WASI_ENAMETOOLONG;
    }
    if (is_dot_dot) {
        enum wasi_errno error = leave_directory(walk);
        if (error != WASI_SUCCESS) {
            return error;
        }
    }
    if (is_dot || is_dot_dot) {
        set_name(walk->place, ".", 1);
        walk->place->must_be_directory = true;
        *out_done = component.is_last;
        return WASI_SUCCESS;
    }
    set_name(walk->place, component.bytes, component.size);
    if (component.is_last) {
        return finish(walk, component.has_slash, out_done);
    }
    return enter_directory(walk, walk->place->name);
}

static bool has_zero(const char *path, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        if (path[i] == '\0') {
            return true;
        }
    }
    return false;
}

static enum wasi_errno check_path(const char *path, size_t size)
{
    if (size == 0) {
        return WASI_ENOENT;
    }
    if (size >= WASI_PATH_MAX) {
        return WASI_ENAMETOOLONG;
    }
    if (path[0] == '/') {
        return WASI_ENOTCAPABLE;
    }
    return has_zero(path, size) ? WASI_EINVAL : WASI_SUCCESS;
}

enum wasi_errno wasi_resolve(const struct wasi_backend *backend,
                             struct wasi_object *base, const char *path, size_t size,
                             enum wasi_follow follow, struct wasi_place *out_place)
{
    struct walk walk;
    bool done = false;
    enum wasi_errno error = check_path(path, size);

    if (error != WASI_SUCCESS) {
        return error;
    }
    walk.backend = backend;
    walk.place = out_place;
    walk.follow = follow;
    walk.links = 0;
    walk.start = WASI_PATH_MAX - size;
    memcpy(walk.buffer + walk.start, path, size);
    out_place->depth = 0;
    out_place->walked[0] = base;
    while (error == WASI_SUCCESS && !done) {
        skip_slashes(&walk);
        error = step(&walk, &done);
    }
    if (error != WASI_SUCCESS) {
        wasi_place_release(backend, out_place);
        return error;
    }
    out_place->directory = out_place->walked[out_place->depth];
    return WASI_SUCCESS;
}
