/**
 * server.h - the server's side of the file system protocol, for any struct file_system.
 *
 * Pure: server_handle() takes a request as it came and leaves the reply; server_loop.h has the
 * system calls. Requests and buffers are hostile: what is checked is copied first.
 */
#ifndef LIBFILE_SERVER_H
#define LIBFILE_SERVER_H

#include "libfile/message.h"
#include "libfile/sessions.h"

struct file_server {
    struct file_sessions sessions;
    uint8_t *supervisor_buffer; /**< of FILE_BADGE_SUPERVISOR */
    uint64_t supervisor_buffer_bytes;
    /** Where the buffer of the session @p badge lies. */
    uint8_t *(*buffer_of)(uint64_t badge);
};

/** Answers one request by @p badge. */
void server_handle(struct file_server *server, uint64_t badge,
                   struct file_message *message);

/** The badge is held by nobody any more: its session, if any, is detached. */
void server_badge_gone(struct file_server *server, uint64_t badge);

#endif
