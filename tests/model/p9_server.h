/**
 * p9_server.h - a 9P2000.L server over a RAM volume, as plain as can be, for tests of the client.
 */
#ifndef TESTS_MODEL_P9_SERVER_H
#define TESTS_MODEL_P9_SERVER_H

#include "services/host_files/host_files.h"
#include "services/ramfs/volume.h"

enum { SERVER_FIDS = 2 * HOST_NODES + 8, SERVER_MESSAGE_MAX = 8192 };

struct p9_server {
    struct ramfs_volume *volume;  /**< lent */
    uint32_t inodes[SERVER_FIDS]; /**< by fid; 0: it is free */
    uint8_t request[SERVER_MESSAGE_MAX];
    uint8_t response[SERVER_MESSAGE_MAX];
    unsigned open_fids;
};

/** The transport to it; @p server, zeroed but for its volume, is lent. */
struct p9_transport p9_server_transport(struct p9_server *server);

#endif
