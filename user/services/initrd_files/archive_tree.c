/**
 * archive_tree.c - see archive_tree.h. A node's number is its place in the table.
 */
#include "services/initrd_files/archive_tree.h"
#include "core/bytes.h"

enum { FIRST_NODES = 64 };

static bool is_folder(const struct archive_node *node)
{
    return node->data == NULL;
}

static uint32_t find(const struct archive_tree *tree, uint32_t parent, const char *name,
                     size_t size)
{
    for (uint32_t i = ARCHIVE_ROOT + 1; i < tree->count; i++) {
        const struct archive_node *node = &tree->nodes[i];

        if (node->parent == parent && node->name_size == size &&
            memcmp(node->name, name, size) == 0) {
            return i;
        }
    }
    return ARCHIVE_ROOT;
}

static bool grow(struct archive_tree *tree)
{
    uint32_t capacity = tree->capacity == 0 ? FIRST_NODES : tree->capacity * 2;

    if (tree->count < tree->capacity) {
        return true;
    }
    if (capacity > ARCHIVE_NODES_MAX) {
        return false;
    }
    struct archive_node *nodes =
        tree->reallocate(tree->nodes, capacity * sizeof(*nodes));
    if (nodes == NULL) {
        return false;
    }
    tree->nodes = nodes;
    tree->capacity = capacity;
    return true;
}

/** A folder of that name, empty. ARCHIVE_ROOT: no memory. */
static uint32_t add(struct archive_tree *tree, uint32_t parent, const char *name,
                    size_t size)
{
    char *copy = grow(tree) ? tree->reallocate(NULL, size) : NULL;

    if (copy == NULL) {
        return ARCHIVE_ROOT;
    }
    memcpy(copy, name, size);
    tree->nodes[tree->count] = (struct archive_node){
        .name = copy, .name_size = (uint32_t)size, .parent = parent};
    return tree->count++;
}

static size_t component_size(const char *path)
{
    size_t size = 0;

    while (path[size] != '\0' && path[size] != '/') {
        size++;
    }
    return size;
}

static bool is_name(const char *name, size_t size)
{
    bool is_dots = size <= 2 && name[0] == '.' && name[size - 1] == '.';

    return size > 0 && size <= FILE_NAME_MAX && !is_dots;
}

/** Adds what @p path names; *@p out_node is ARCHIVE_ROOT for a path that is none. false: no memory. */
static bool add_path(struct archive_tree *tree, const char *path, uint32_t *out_node)
{
    uint32_t node = ARCHIVE_ROOT;

    *out_node = ARCHIVE_ROOT;
    while (*path != '\0') {
        size_t size = component_size(path);
        if (!is_name(path, size) || !is_folder(&tree->nodes[node])) {
            return true;
        }
        uint32_t child = find(tree, node, path, size);
        if (child == ARCHIVE_ROOT) {
            child = add(tree, node, path, size);
        }
        if (child == ARCHIVE_ROOT) {
            return false;
        }
        node = child;
        path += size + (path[size] == '/');
    }
    *out_node = node;
    return true;
}

/** Has it anything in it? Then it stays a folder, whatever later entries say. */
static bool has_children(const struct archive_tree *tree, uint32_t folder)
{
    for (uint32_t i = ARCHIVE_ROOT + 1; i < tree->count; i++) {
        if (tree->nodes[i].parent == folder) {
            return true;
        }
    }
    return false;
}

static bool add_entry(struct archive_tree *tree, const struct ustar_entry *entry)
{
    uint32_t node;

    if (entry->type == USTAR_OTHER) {
        return true;
    }
    if (!add_path(tree, entry->name, &node)) {
        return false;
    }
    if (entry->type == USTAR_FILE && node != ARCHIVE_ROOT &&
        !has_children(tree, node)) {
        tree->nodes[node].data = entry->data;
        tree->nodes[node].size = entry->size;
    }
    return true;
}

const char *archive_tree_open(struct archive_tree *tree, const void *archive,
                              size_t size)
{
    static const char no_memory[] = "no memory for the archive's names";
    struct ustar position = ustar_open(archive, size);
    struct ustar_entry entry;
    enum ustar_status status;

    if (!grow(tree)) {
        return no_memory;
    }
    tree->nodes[tree->count++] = (struct archive_node){.parent = ARCHIVE_ROOT};
    while ((status = ustar_next(&position, &entry)) == USTAR_OK) {
        if (!add_entry(tree, &entry)) {
            return no_memory;
        }
    }
    return status == USTAR_END ? NULL : ustar_status_text(status);
}

void archive_tree_close(struct archive_tree *tree)
{
    for (uint32_t i = ARCHIVE_ROOT + 1; i < tree->count; i++) {
        tree->release(tree->nodes[i].name);
    }
    tree->release(tree->nodes);
    tree->nodes = NULL;
    tree->count = 0;
    tree->capacity = 0;
}

/* --- the file system --- */

static const struct archive_node *node_of(const struct archive_tree *tree,
                                          file_node node)
{
    return &tree->nodes[node];
}

static enum file_status look_up(const struct archive_tree *tree, file_node directory,
                                const char *name, file_node *out_node)
{
    if (name[0] == '.' && name[1] == '\0') {
        *out_node = directory;
        return FILE_OK;
    }
    *out_node = find(tree, (uint32_t)directory, name, strlen(name));
    return *out_node == ARCHIVE_ROOT ? FILE_NO_ENTRY : FILE_OK;
}

static enum file_status attach(void *context, const struct file_attach *attach_record,
                               const char *path, file_node *out_root)
{
    const struct archive_tree *tree = context;
    uint32_t node = ARCHIVE_ROOT;

    (void)attach_record;
    while (*path != '\0') {
        size_t size = component_size(path);
        if (size > 0 && !is_name(path, size)) {
            return FILE_INVALID;
        }
        if (size > 0) {
            node = find(tree, node, path, size);
        }
        if (size > 0 && node == ARCHIVE_ROOT) {
            return FILE_NO_ENTRY;
        }
        if (!is_folder(&tree->nodes[node])) {
            return FILE_NOT_DIRECTORY;
        }
        path += size + (path[size] == '/');
    }
    *out_root = node;
    return FILE_OK;
}

/** Nodes are not held: nothing ever goes. */
static void let_go(void *context, file_node node)
{
    (void)context;
    (void)node;
}

static enum file_status open_name(void *context, file_node directory, const char *name,
                                  uint32_t flags, file_node *out_node,
                                  enum file_type *out_type)
{
    const struct archive_tree *tree = context;
    enum file_status status = look_up(tree, directory, name, out_node);

    if (status == FILE_NO_ENTRY && (flags & FILE_OPEN_CREATE) != 0) {
        return FILE_READ_ONLY;
    }
    if (status != FILE_OK) {
        return status;
    }
    bool folder = is_folder(node_of(tree, *out_node));
    if ((flags & FILE_OPEN_EXCLUSIVE) != 0) {
        return FILE_EXISTS;
    }
    if ((flags & (FILE_OPEN_WRITE | FILE_OPEN_TRUNCATE)) != 0) {
        return folder ? FILE_IS_DIRECTORY : FILE_READ_ONLY;
    }
    *out_type = folder ? FILE_TYPE_DIRECTORY : FILE_TYPE_FILE;
    return !folder && (flags & FILE_OPEN_DIRECTORY) != 0 ? FILE_NOT_DIRECTORY : FILE_OK;
}

static enum file_status stat_node(void *context, file_node node,
                                  struct file_attributes *out_attributes)
{
    const struct archive_node *described = node_of(context, node);

    *out_attributes = (struct file_attributes){
        .device = 1,
        .inode = node + 1,
        .type = is_folder(described) ? FILE_TYPE_DIRECTORY : FILE_TYPE_FILE,
        .link_count = 1,
        .size = described->size};
    return FILE_OK;
}

static enum file_status stat_at(void *context, file_node directory, const char *name,
                                struct file_attributes *out_attributes)
{
    file_node node;
    enum file_status status = look_up(context, directory, name, &node);

    return status != FILE_OK ? status : stat_node(context, node, out_attributes);
}

static enum file_status read_file(void *context, file_node node, uint64_t offset,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    const struct archive_node *file = node_of(context, node);
    uint64_t left = offset < file->size ? file->size - offset : 0;

    *out_size = size < left ? size : left;
    if (*out_size > 0) {
        memcpy(to, file->data + offset, *out_size);
    }
    return FILE_OK;
}

static enum file_status sync(void *context, file_node node, bool data_only)
{
    (void)context;
    (void)node;
    (void)data_only;
    return FILE_OK;
}

static uint64_t put_entry(const struct archive_tree *tree, uint32_t number, uint8_t *to,
                          uint64_t room)
{
    const struct archive_node *node = &tree->nodes[number];
    uint64_t bytes = FILE_ENTRY_BYTES(node->name_size);
    const struct file_entry entry = {
        .next_cookie = number + 1ull,
        .inode = number + 1ull,
        .type = is_folder(node) ? FILE_TYPE_DIRECTORY : FILE_TYPE_FILE,
        .name_size = node->name_size};

    if (bytes > room) {
        return 0;
    }
    memset(to, 0, bytes);
    memcpy(to, &entry, sizeof(entry));
    memcpy(to + sizeof(entry), node->name, node->name_size);
    return bytes;
}

/** A cookie is the number of the node to go on with. */
static enum file_status read_directory(void *context, file_node directory,
                                       uint64_t cookie, void *to, uint64_t size,
                                       uint64_t *out_size)
{
    const struct archive_tree *tree = context;
    uint64_t first = cookie > ARCHIVE_ROOT ? cookie : ARCHIVE_ROOT + 1;
    uint64_t done = 0;

    for (uint64_t i = first; i < tree->count; i++) {
        if (tree->nodes[i].parent != directory) {
            continue;
        }
        uint64_t bytes =
            put_entry(tree, (uint32_t)i, (uint8_t *)to + done, size - done);
        if (bytes == 0) {
            break;
        }
        done += bytes;
    }
    *out_size = done;
    return FILE_OK;
}

/* The operation's type is fixed. NOLINTBEGIN(readability-non-const-parameter) */
static enum file_status read_link(void *context, file_node directory, const char *name,
                                  void *to, uint64_t size, uint64_t *out_size)
{
    file_node node;
    enum file_status status = look_up(context, directory, name, &node);

    (void)to;
    (void)size;
    (void)out_size;
    return status != FILE_OK ? status : FILE_NOT_LINK;
}
/* NOLINTEND(readability-non-const-parameter) */

struct file_system archive_file_system(struct archive_tree *tree)
{
    struct file_system system = {.context = tree,
                                 .attach = attach,
                                 .detach = let_go,
                                 .open = open_name,
                                 .close = let_go,
                                 .stat = stat_node,
                                 .stat_at = stat_at,
                                 .read = read_file,
                                 .sync = sync,
                                 .read_directory = read_directory,
                                 .read_link = read_link};

    file_system_refuse_changes(&system);
    return system;
}
