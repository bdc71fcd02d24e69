/**
 * fuzz_archive_tree.c - any bytes as an archive: each node can be found by its name, and read whole.
 */
#include "model/choices.h"
#include "services/initrd_files/archive_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static volatile uint8_t seen;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct archive_tree tree = {.reallocate = realloc, .release = free};
    const struct file_system system = archive_file_system(&tree);

    (void)!archive_tree_open(&tree, data, size);
    for (uint32_t i = 1; i < tree.count; i++) {
        const struct archive_node *node = &tree.nodes[i];
        char name[FILE_NAME_MAX + 1] = "";
        enum file_type type;
        file_node found;

        require(node->parent < i && node->name_size > 0 &&
                node->name_size <= FILE_NAME_MAX);
        __builtin_memcpy(name, node->name, node->name_size);
        require(system.open(&tree, node->parent, name, 0, &found, &type) == FILE_OK &&
                found == i);
        for (uint64_t at = 0; at < node->size; at++) {
            seen = node->data[at];
        }
    }
    archive_tree_close(&tree);
    return 0;
}
