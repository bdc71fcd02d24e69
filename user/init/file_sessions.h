/**
 * file_sessions.h - attaches directories of the file services to programs
 * (protocols/file.h).
 */
#ifndef INIT_FILE_SESSIONS_H
#define INIT_FILE_SESSIONS_H

#include "core/attributes.h"
#include "init/instance.h"
#include "protocols/file.h"
#include <stdbool.h>
#include <stdint.h>

enum { FILE_SESSION_BUFFER_ORDER = 5 };

/** Each program's buffers: large enough for reads of 64 KiB in one request. */
#define FILE_SESSION_BUFFER_BYTES (MN_PAGE_SIZE << FILE_SESSION_BUFFER_ORDER)

/** A session of a program's. A zeroed one is none. */
struct file_session {
    uint64_t badge;
    uint64_t buffer_slot; /**< of the buffer's frames, Init's */
    char service[32];     /**< the service's name in the manifest */
};

/** What is attached. */
struct file_session_request {
    const char *service;
    const char *path; /**< as in struct file_attach */
    uint32_t flags;   /**< enum file_attach_flag */
    uint64_t quota_bytes;
    uint64_t slot;         /**< of the program's CNode, for the endpoint */
    uint64_t buffer_vaddr; /**< where the program gets the buffer */
};

/** Maps the supervisor's buffer into the file service that @p instance is, and makes
 *  the page that it is started with. Returns that page's address there; 0 with
 *  @p out_error written. */
uint64_t file_service_equip(const struct instance *instance,
                            struct mnos_process_error *out_error);

/** Attaches, and gives the program its endpoint and buffer. FILE_OK, with @p out_session
 *  written; FILE_IO: the service is not there, or memory ran out; else its answer. */
MN_MUST_CHECK enum file_status
file_session_open(const struct instance *program,
                  const struct file_session_request *request,
                  struct file_session *out_session);

/** Detaches, and gives the buffer back. */
void file_session_close(struct file_session *session);

#endif
