/**
 * client.h - the client's side of the file system protocol: one session, one request at a time.
 *
 * Pure but for `call`, which does one CALL. What lies in the buffer is good until the next request.
 */
#ifndef LIBFILE_CLIENT_H
#define LIBFILE_CLIENT_H

#include "core/attributes.h"
#include "libfile/message.h"
#include <stdbool.h>

/** A session. */
struct file_client {
    uint64_t slot; /**< of its endpoint; what `call` is given */
    uint8_t *buffer;
    uint64_t buffer_bytes;
    /** Sends the message and takes the reply; false: the service is gone. */
    bool (*call)(uint64_t slot, struct file_message *message);
};

/** Words 0 and 1 of a reply. */
struct file_answer {
    uint64_t words[2];
};

/** Makes one request. @p out_answer, which may be NULL, is written with FILE_OK. FILE_IO: the
 *  service is gone, or answered what is no answer. */
MN_MUST_CHECK enum file_status client_request(const struct file_client *client,
                                              uint64_t label, const uint64_t words[3],
                                              struct file_answer *out_answer);

/** Puts @p name, zero-terminated, where the next request looks for it; gives its size for the
 *  request's word. Longer names are cut behind FILE_NAME_MAX, so that they are refused. */
uint64_t client_put_name(const struct file_client *client, enum file_buffer where,
                         const char *name);

/** Bytes of data that fit into one request. */
uint64_t client_data_max(const struct file_client *client);

/** Opens @p name in @p directory. */
MN_MUST_CHECK enum file_status client_open(const struct file_client *client,
                                           uint64_t directory, const char *name,
                                           uint32_t flags, struct file_answer *out);

/** Requests whose words are a directory's handle and a name. */
MN_MUST_CHECK enum file_status client_on_name(const struct file_client *client,
                                              enum file_opcode opcode,
                                              uint64_t directory, const char *name);

/** FILE_RENAME and FILE_LINK. */
MN_MUST_CHECK enum file_status client_on_names(const struct file_client *client,
                                               enum file_opcode opcode,
                                               const uint64_t directories[2],
                                               const char *from, const char *to);

#endif
