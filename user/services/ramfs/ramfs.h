/**
 * ramfs.h - the RAM file system's volumes as a struct file_system.
 *
 * A volume has a name and lasts as long as the service; a private one has none and goes with the
 * session that it was made for. A node is a volume's index and an inode number.
 */
#ifndef RAMFS_RAMFS_H
#define RAMFS_RAMFS_H

#include "libfile/file_system.h"
#include "services/ramfs/volume.h"

enum { RAMFS_VOLUMES = FILE_SESSIONS, RAMFS_VOLUME_NAME_MAX = 63 };

struct ramfs_entry {
    bool is_used;
    bool is_private;
    char name[RAMFS_VOLUME_NAME_MAX + 1];
    struct ramfs_volume volume;
};

struct ramfs {
    const struct ramfs_memory *memory; /**< borrowed */
    uint64_t (*now_ns)(void);          /**< since 1970 */
    struct ramfs_entry entries[RAMFS_VOLUMES];
};

/** The file system's attach and detach (volumes.c). */
enum file_status ramfs_attach(void *context, const struct file_attach *attach_record,
                              const char *path, file_node *out_root);
void ramfs_detach(void *context, file_node root);

/** The operations; @p ramfs, zeroed but for its first two fields, is lent. */
struct file_system ramfs_file_system(struct ramfs *ramfs);

#endif
