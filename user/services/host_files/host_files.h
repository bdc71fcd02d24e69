/**
 * host_files.h - a directory of the host's, behind a 9P session, as a struct file_system.
 *
 * A node has up to two of the server's fids: one that names the object, with which one walks and asks, and one
 * that is open, for contents; 9P walks from no open fid. No name is walked further before it is
 * known to be a directory, so that a link is never followed; who swaps one in meanwhile gets an error,
 * as servers themselves don't follow links in a walk.
 */
#ifndef HOST_FILES_HOST_FILES_H
#define HOST_FILES_HOST_FILES_H

#include "libfile/file_system.h"
#include "services/host_files/p9_client.h"

enum { HOST_NODES = 4096 };

/** An open object; free ones are in a list by `fid`. */
struct host_node {
    uint32_t fid;
    uint32_t open_fid; /**< P9_NO_FID: not open */
    uint32_t next_free;
    uint32_t type; /**< enum file_type */
};

struct host_files {
    struct p9_client client; /**< connected */
    struct host_node nodes[HOST_NODES];
    uint32_t node_count; /**< of the table that were ever used */
    uint32_t free_node;  /**< the first of the free ones + 1, or 0 */
};

/** The operations; @p files, zeroed but for its client, is lent. */
struct file_system host_files_system(struct host_files *files);

#endif
