/**
 * backend.h - WASI's operations by what the program was granted; between the files backend*.c.
 */
#ifndef WASM_HOST_BACKEND_H
#define WASM_HOST_BACKEND_H

#include "core/attributes.h"
#include "libfile/client.h"
#include "wasm_host/host.h"

enum object_kind {
    OBJECT_NOTHING, /**< the directory without rights: it can be described, no more */
    OBJECT_EMPTY,   /**< a stream from which nothing comes, and that swallows all */
    OBJECT_STREAM,
    OBJECT_FILE /**< a file or directory of a service */
};

/** Entries that came in one answer, and how far they were read. */
struct directory_batch {
    uint64_t next_cookie; /**< of the entry at `offset` */
    uint64_t offset;
    uint64_t size;
    uint8_t bytes[];
};

struct wasi_object {
    enum object_kind kind;
    bool is_terminal; /**< OBJECT_STREAM, OBJECT_EMPTY */
    bool is_root;     /**< OBJECT_FILE: the session's, which is not closed */
    uint16_t fdflags;
    uint32_t slot; /**< OBJECT_STREAM */
    /* OBJECT_FILE: */
    const struct file_client *client; /**< the session; lives as long as the program */
    uint64_t handle;
    uint64_t position;
    struct directory_batch *batch; /**< of a directory that is listed; or NULL */
};

/** The backend of @p start, whose block stays. */
struct wasi_backend backend_of(const struct program_start *start);

/** A standard stream: NULL for one that is not granted, or without memory for it. */
struct wasi_object *backend_stream(const struct program_stream *stream);

/** The root of a session. NULL: no memory for it. */
struct wasi_object *backend_directory(const struct program_directory *directory);

/** The directory that has no rights. */
struct wasi_object *backend_nothing(void);

/* The parts of the table, one a file. */
void backend_names(struct wasi_backend *backend);
void backend_files(struct wasi_backend *backend);
void backend_directories(struct wasi_backend *backend);
void backend_time(struct wasi_backend *backend, const struct program_start *start);

/** A new object of that kind, zeroed; NULL: no memory. */
struct wasi_object *object_create(enum object_kind kind);

/** Closes and frees an object (backend_files.c). */
void object_destroy(struct wasi_object *object);

/** A request about the object itself: its handle, then @p a and @p b. WASI_EINVAL: it is no file. */
enum wasi_errno object_request(const struct wasi_object *object, uint64_t label,
                               uint64_t a, uint64_t b, struct file_answer *out_answer);

/** WASI's number of an answer. */
enum wasi_errno errno_of(enum file_status status);

/** What a file's attributes are to WASI. */
struct wasi_stat stat_of(const struct file_attributes *attributes);

/** The attributes that the last request to @p client left. */
struct wasi_stat stat_in_buffer(const struct file_client *client);

/** Puts @p times where FILE_SET_TIMES looks for them. */
void put_times(const struct file_client *client, const struct wasi_times *times);

/* backend_stream.c: one stream, by protocols/stream.h. They wait; WASI_EINTR: the program is to end. */
enum wasi_errno stream_read(const struct wasi_object *object, void *to, size_t size,
                            size_t *out_size);
enum wasi_errno stream_write(const struct wasi_object *object, const void *from,
                             size_t size, size_t *out_size);

/** Bytes that can be read now; *@p out_is_end instead at the end. */
enum wasi_errno stream_available(const struct wasi_object *object, uint64_t *out_bytes,
                                 bool *out_is_end);

/** Names the thread's message buffer and makes HOST_SLOT_EVENTS. NULL, or what failed. */
MN_MUST_CHECK const char *streams_open(void);

/** Waits for the notification in HOST_SLOT_EVENTS, until @p deadline_ns of the kernel's clock (0: for
 *  ever). WASI_EINTR: the program is to end. */
enum wasi_errno events_wait(uint64_t deadline_ns);

/** Fills @p to from the random service in @p slot. WASI_EIO. */
enum wasi_errno random_fill(uint32_t slot, void *to, size_t size);

#endif
