/**
 * sessions.h - the sessions of a file service and their handles.
 *
 * A session is found by its badge alone, a handle in its session alone. Handles are made on
 * demand, never more than the session may have.
 */
#ifndef LIBFILE_SESSIONS_H
#define LIBFILE_SESSIONS_H

#include "core/attributes.h"
#include "libfile/file_system.h"

/** An open object; free ones are in a list. */
struct file_handle {
    file_node node;
    uint16_t flags; /**< FILE_OPEN_READ, FILE_OPEN_WRITE */
    uint8_t type;   /**< enum file_type */
    bool is_open;
    uint32_t next_free; /**< while it is closed; 0: the last */
};
_Static_assert(sizeof(struct file_handle) == 16, "no holes");

struct file_session {
    uint64_t badge; /**< 0: there is none */
    uint8_t *buffer;
    uint64_t buffer_bytes;
    struct file_handle *handles; /**< by number; 0 is the root */
    uint32_t handle_count;       /**< of the table */
    uint32_t handles_max;        /**< numbers are up to it */
    uint32_t free_handle;        /**< the first of the free ones, or 0 */
    bool is_read_only;
};

/** Where the table's memory comes from: as C's realloc and free. */
struct file_memory {
    void *(*reallocate)(void *pointer, size_t size);
    void (*release)(void *pointer);
};

struct file_sessions {
    const struct file_system *system; /**< borrowed */
    const struct file_memory *memory; /**< borrowed */
    struct file_session entries[FILE_SESSIONS];
};

/** The session of @p badge, or NULL. */
struct file_session *sessions_find(struct file_sessions *sessions, uint64_t badge);

/**
 * Opens a session; @p attach is checked, @p path zero-terminated, @p buffer is where its buffer lies.
 * FILE_BUSY: the low bits of the badge are taken; FILE_NO_MEMORY, and what the file system says.
 */
MN_MUST_CHECK enum file_status sessions_attach(struct file_sessions *sessions,
                                               const struct file_attach *attach,
                                               const char *path, uint8_t *buffer);

/** Closes all that the session has open, and it. */
void sessions_detach(struct file_sessions *sessions, struct file_session *session);

/** The open handle @p number, or NULL. */
struct file_handle *session_handle(const struct file_session *session, uint32_t number);

/** Finds a free number for an object; the entry is the caller's to fill. FILE_NO_HANDLES,
 *  FILE_NO_MEMORY. Entries may move: pointers to others are no longer good. */
MN_MUST_CHECK enum file_status session_take_handle(struct file_sessions *sessions,
                                                   struct file_session *session,
                                                   uint32_t *out_number);

/** Gives the number back; its object is closed or was never opened. */
void session_give_handle(struct file_session *session, uint32_t number);

#endif
