/**
 * file_world.h - a file server over the RAM file system in one process, and its clients.
 *
 * Messages go by function call; blocks are pages of the host's, counted, and run out when told to.
 */
#ifndef TESTS_MODEL_FILE_WORLD_H
#define TESTS_MODEL_FILE_WORLD_H

#include "libfile/client.h"
#include "libfile/server.h"
#include "model/p9_server.h"
#include "services/ramfs/ramfs.h"
#include <string.h>

enum { WORLD_BUFFER_BYTES = FILE_BUFFER_BYTES_MIN, WORLD_SESSIONS = 4 };

/** There is one world at a time. */
struct file_world {
    struct ramfs ramfs;
    struct p9_server p9;
    struct host_files host; /**< connected to `p9`, if that is what is tested */
    struct file_system system;
    struct file_server server;
    uint64_t blocks_out;   /**< given out and not given back */
    uint64_t blocks_limit; /**< at most so many out */
    uint64_t now_ns;
    uint8_t buffers[WORLD_SESSIONS][WORLD_BUFFER_BYTES]; /**< by badge - 1 */
};

/** Makes the world; it has no session. */
struct file_world *world_open(void);

/** The same with the host's file system: 9P to a server over a volume. A session's path is "". */
struct file_world *world_open_p9(void);

/** Detaches all and destroys it. All blocks of private volumes must be back. */
void world_close(struct file_world *world);

/** Attaches a session to @p path; @p badge from FILE_BADGE_FIRST to WORLD_SESSIONS. */
enum file_status world_attach(struct file_world *world, uint64_t badge,
                              const char *path, uint32_t flags, uint64_t quota_bytes);

/** The client of a session. */
struct file_client world_client(struct file_world *world, uint64_t badge);

/** Aborts unless every block is where the volumes say. */
void world_check(struct file_world *world);

#endif
