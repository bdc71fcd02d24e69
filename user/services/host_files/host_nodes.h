/**
 * host_nodes.h - between the files of the host's file system.
 */
#ifndef HOST_FILES_HOST_NODES_H
#define HOST_FILES_HOST_NODES_H

#include "services/host_files/host_files.h"

/** The fid for what lasts one request. */
enum { SCRATCH_FID = 2 * HOST_NODES + 1 };

static inline struct host_node *node_of(struct host_files *files, file_node node)
{
    return &files->nodes[node];
}

/** What a name is in a directory, by @p fid from then on. */
enum file_status host_walk(struct host_files *files, uint32_t directory_fid,
                           const char *name, uint32_t fid, enum file_type *out_type);

/** Opens what the node's fid names, by its second fid. */
enum file_status host_open_contents(struct host_files *files, struct host_node *node,
                                    uint32_t p9_flags);

/** Fills in the operations of host_objects.c: all but sessions and opening. */
void host_objects(struct file_system *system);

#endif
