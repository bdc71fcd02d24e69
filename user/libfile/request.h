/**
 * request.h - a decoded request of the file system protocol; between the files of the server.
 */
#ifndef LIBFILE_REQUEST_H
#define LIBFILE_REQUEST_H

#include "libfile/server.h"

/** One request on its way through the server. */
struct file_request {
    struct file_server *server;
    const struct file_system *system;
    struct file_session *session;
    uint32_t flags; /**< the label's */
    const uint64_t *words;
    uint64_t reply[2]; /**< words 0 and 1; zero at first */
};

typedef enum file_status (*file_handler)(struct file_request *request);

/** Is a name that clients may send. @p dot_is_fine: "." as well. */
bool request_name_is_good(const char *name, uint64_t size, bool dot_is_fine);

/** Copies the name of @p size bytes at @p offset of the buffer, zero-terminated. FILE_INVALID,
 *  FILE_NAME_TOO_LONG. */
enum file_status request_name(const struct file_request *request, uint64_t offset,
                              uint64_t size, bool dot_is_fine,
                              char out_name[FILE_NAME_MAX + 1]);

/** The open directory @p number. FILE_BAD_HANDLE, FILE_NOT_DIRECTORY. */
enum file_status request_directory(const struct file_request *request, uint64_t number,
                                   file_node *out_node);

/** The open file @p number, open for @p flags (FILE_OPEN_*). FILE_BAD_HANDLE,
 *  FILE_IS_DIRECTORY. */
enum file_status request_file(const struct file_request *request, uint64_t number,
                              uint32_t flags, file_node *out_node);

/** Bytes of data that the buffer has room for. */
uint64_t request_data_max(const struct file_request *request);

/* One handler an opcode. In requests_object.c: */
enum file_status request_open(struct file_request *request);
enum file_status request_close(struct file_request *request);
enum file_status request_stat(struct file_request *request);
enum file_status request_set_times(struct file_request *request);
enum file_status request_read(struct file_request *request);
enum file_status request_write(struct file_request *request);
enum file_status request_set_size(struct file_request *request);
enum file_status request_allocate(struct file_request *request);
enum file_status request_advise(struct file_request *request);
enum file_status request_sync(struct file_request *request);
/* In requests_name.c: */
enum file_status request_stat_at(struct file_request *request);
enum file_status request_set_times_at(struct file_request *request);
enum file_status request_read_directory(struct file_request *request);
enum file_status request_make_directory(struct file_request *request);
enum file_status request_remove_directory(struct file_request *request);
enum file_status request_unlink(struct file_request *request);
enum file_status request_rename(struct file_request *request);
enum file_status request_link(struct file_request *request);
enum file_status request_symlink(struct file_request *request);
enum file_status request_read_link(struct file_request *request);

/** Copies and checks the times at FILE_BUFFER_RECORD. FILE_INVALID. */
enum file_status request_times(const struct file_request *request,
                               struct file_times *out_times);

#endif
