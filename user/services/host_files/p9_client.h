/**
 * p9_client.h - a 9P2000.L session: one request at a time, one function each.
 *
 * Pure but for the transport. The server is the host's: what it answers is looked at as
 * strictly as anybody else's words; an answer that breaks the protocol is FILE_IO. No request here follows
 * a symbolic link: walks are of one name, and what it names is looked at before it is walked further.
 */
#ifndef HOST_FILES_P9_CLIENT_H
#define HOST_FILES_P9_CLIENT_H

#include "protocols/file.h"
#include "services/host_files/p9_message.h"

enum { P9_ROOT_FID = 0, P9_NAME_MAX = FILE_NAME_MAX };

/** How messages get to the server. */
struct p9_transport {
    void *context;
    /** Sends @p size bytes of `request` and has the response in `response`. false: there is no server any more. */
    bool (*transact)(void *context, size_t size, size_t *out_size);
    uint8_t *request;
    size_t request_max;
    const uint8_t *response;
    size_t response_max;
};

struct p9_client {
    struct p9_transport transport;
    uint32_t message_max; /**< agreed with the server */
    uint16_t tag;
};

/** Flags of p9_open() and p9_create(): those of Linux on x86. */
enum p9_open_flag {
    P9_O_READ = 0,
    P9_O_WRITE = 1,
    P9_O_READ_WRITE = 2,
    P9_O_EXCLUSIVE = 0200,
    P9_O_TRUNCATE = 01000,
    P9_O_NON_BLOCKING = 04000,
    P9_O_DIRECTORY = 0200000,
    P9_O_NO_FOLLOW = 0400000
};

/** Attributes to set, as bits of p9_attributes_to_set.valid. */
enum p9_set {
    P9_SET_SIZE = 0x8,
    P9_SET_ACCESS_NOW = 0x10,
    P9_SET_MODIFICATION_NOW = 0x20,
    P9_SET_ACCESS = 0x80,
    P9_SET_MODIFICATION = 0x100
};

struct p9_attributes_to_set {
    uint32_t valid;
    uint64_t size;
    uint64_t access_time_ns;
    uint64_t modification_time_ns;
};

/** Agrees on the protocol and attaches the server's root to P9_ROOT_FID. */
MN_MUST_CHECK enum file_status p9_connect(struct p9_client *client);

/** The most that one p9_read() or p9_write() moves. */
uint32_t p9_data_max(const struct p9_client *client);

/** Makes @p new_fid what @p fid is. */
MN_MUST_CHECK enum file_status p9_clone(struct p9_client *client, uint32_t fid,
                                        uint32_t new_fid);

/** Makes @p new_fid what @p name (no slash, not "..") is in @p fid; tells what that is. */
MN_MUST_CHECK enum file_status p9_walk(struct p9_client *client, uint32_t fid,
                                       const char *name, uint32_t new_fid,
                                       struct p9_qid *out_qid);

/** @p fid is free again, whatever the server answers. */
void p9_clunk(struct p9_client *client, uint32_t fid);

MN_MUST_CHECK enum file_status p9_open(struct p9_client *client, uint32_t fid,
                                       uint32_t flags);

/** Makes a file in the directory @p fid, which becomes that file, open. */
MN_MUST_CHECK enum file_status p9_create(struct p9_client *client, uint32_t fid,
                                         const char *name, uint32_t flags);
MN_MUST_CHECK enum file_status p9_attributes(struct p9_client *client, uint32_t fid,
                                             struct file_attributes *out_attributes);
MN_MUST_CHECK enum file_status p9_set(struct p9_client *client, uint32_t fid,
                                      const struct p9_attributes_to_set *set);

/** At most p9_data_max() bytes; fewer mean nothing but that there may be more. */
MN_MUST_CHECK enum file_status p9_read(struct p9_client *client, uint32_t fid,
                                       uint64_t offset, void *to, uint32_t size,
                                       uint32_t *out_size);
MN_MUST_CHECK enum file_status p9_write(struct p9_client *client, uint32_t fid,
                                        uint64_t offset, const void *from,
                                        uint32_t size, uint32_t *out_size);

/** Entries of the open directory @p fid behind @p cookie, as struct file_entry's without "." and ".."; 0
 *  bytes: the end. */
MN_MUST_CHECK enum file_status p9_read_directory(struct p9_client *client, uint32_t fid,
                                                 uint64_t cookie, uint8_t *to,
                                                 uint64_t size, uint64_t *out_size);
MN_MUST_CHECK enum file_status p9_sync(struct p9_client *client, uint32_t fid,
                                       bool data_only);
MN_MUST_CHECK enum file_status p9_make_directory(struct p9_client *client, uint32_t fid,
                                                 const char *name);
MN_MUST_CHECK enum file_status p9_unlink(struct p9_client *client, uint32_t fid,
                                         const char *name, bool is_directory);
MN_MUST_CHECK enum file_status p9_rename(struct p9_client *client, uint32_t from_fid,
                                         const char *from, uint32_t to_fid,
                                         const char *to);
MN_MUST_CHECK enum file_status p9_link(struct p9_client *client, uint32_t directory_fid,
                                       uint32_t fid, const char *name);
MN_MUST_CHECK enum file_status p9_symlink(struct p9_client *client, uint32_t fid,
                                          const char *name, const void *target,
                                          size_t size);
MN_MUST_CHECK enum file_status p9_read_link(struct p9_client *client, uint32_t fid,
                                            void *to, size_t size, uint64_t *out_size);

/** What an errno of Linux's is in the file system protocol. */
enum file_status p9_status(uint32_t error);

#endif
