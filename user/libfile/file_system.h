/**
 * file_system.h - what a file service is made of: a table of operations on nodes.
 *
 * The server (server.h) speaks the protocol; it knows sessions, handles and what each may do, and checks
 * names. A file system knows nodes: numbers of its own choosing, each of which it holds open
 * until `close`. Names are zero-terminated, 1 to FILE_NAME_MAX bytes, without slash, never ".."; "." only
 * where an operation says so. No operation follows a symbolic link. Results are written with FILE_OK only.
 */
#ifndef LIBFILE_FILE_SYSTEM_H
#define LIBFILE_FILE_SYSTEM_H

#include "protocols/file.h"
#include <stdbool.h>
#include <stddef.h>

typedef uint64_t file_node;

/** What FILE_WRITE asks for. */
struct file_write {
    uint64_t offset;
    bool append; /**< at the file's end instead */
    const void *bytes;
    uint64_t size;
};

/** Two names, of FILE_RENAME and FILE_LINK. */
struct file_names {
    file_node from_directory;
    const char *from;
    file_node to_directory;
    const char *to;
};

struct file_system {
    void *context; /**< the first argument of every operation */

    /** Opens the directory at @p path (zero-terminated) for a session. */
    enum file_status (*attach)(void *context, const struct file_attach *attach,
                               const char *path, file_node *out_root);
    /** Inverse of attach: nothing that was opened through the root is open any more. */
    void (*detach)(void *context, file_node root);

    /** Opens @p name or "."; `flags` of FILE_OPEN_*, EXCLUSIVE only with CREATE. */
    enum file_status (*open)(void *context, file_node directory, const char *name,
                             uint32_t flags, file_node *out_node,
                             enum file_type *out_type);
    void (*close)(void *context, file_node node);
    enum file_status (*stat)(void *context, file_node node,
                             struct file_attributes *out_attributes);
    /** Of @p name or ".". */
    enum file_status (*stat_at)(void *context, file_node directory, const char *name,
                                struct file_attributes *out_attributes);
    enum file_status (*set_times)(void *context, file_node node,
                                  const struct file_times *times);
    /** Of @p name or ".". */
    enum file_status (*set_times_at)(void *context, file_node directory,
                                     const char *name, const struct file_times *times);

    /* Of files that are open for it. */
    enum file_status (*read)(void *context, file_node node, uint64_t offset, void *to,
                             uint64_t size, uint64_t *out_size);
    enum file_status (*write)(void *context, file_node node,
                              const struct file_write *write, uint64_t *out_size,
                              uint64_t *out_end);
    enum file_status (*set_size)(void *context, file_node node, uint64_t size);
    enum file_status (*allocate)(void *context, file_node node, uint64_t offset,
                                 uint64_t size);
    enum file_status (*sync)(void *context, file_node node, bool data_only);

    /* Of directories. */
    enum file_status (*read_directory)(void *context, file_node directory,
                                       uint64_t cookie, void *to, uint64_t size,
                                       uint64_t *out_size);
    enum file_status (*make_directory)(void *context, file_node directory,
                                       const char *name);
    enum file_status (*remove_directory)(void *context, file_node directory,
                                         const char *name);
    enum file_status (*unlink)(void *context, file_node directory, const char *name);
    enum file_status (*rename)(void *context, const struct file_names *names);
    enum file_status (*link)(void *context, const struct file_names *names);
    enum file_status (*symlink)(void *context, file_node directory, const char *name,
                                const void *target, uint64_t size);
    enum file_status (*read_link)(void *context, file_node directory, const char *name,
                                  void *to, uint64_t size, uint64_t *out_size);
};

/** Makes every operation that changes something answer FILE_READ_ONLY. */
void file_system_refuse_changes(struct file_system *system);

#endif
