/**
 * main.c - the initrd, read-only, as a service: protocols/file.h.
 *
 * The archive is mapped where its start record says. One that is damaged is served as far as it can be read.
 */
#include "abi/user_memory_map.h"
#include "libfile/server_loop.h"
#include "mnos/heap.h"
#include "mnos/memory.h"
#include "mnos/service.h"
#include "services/initrd_files/archive_tree.h"

#define HEAP_BASE 0x40000000ul

enum { HEAP_BYTES = 1 << 20 };

static const char name[] = "initrd_files";

int main(const struct file_service_start *start);

int main(const struct file_service_start *start)
{
    static struct archive_tree tree = {.reallocate = realloc, .release = free};
    const struct file_system system = archive_file_system(&tree);
    const struct mnos_memory_source source = {.account = SERVICE_SLOT_ACCOUNT,
                                              .process = SERVICE_SLOT_SELF,
                                              .scratch_slot = SERVICE_SLOT_SCRATCH};
    const char *problem;

    if (mnos_memory_map(&source, HEAP_BASE, HEAP_BYTES / MN_PAGE_SIZE,
                        MN_MAP_WRITABLE) != MN_OK) {
        mnos_service_log(name, "no memory for a heap");
        return 1;
    }
    init_heap((void *)HEAP_BASE, HEAP_BYTES);
    problem =
        archive_tree_open(&tree, (const void *)start->archive, start->archive_bytes);
    if (problem != NULL) {
        mnos_service_log(name, "%s", problem);
    }
    server_loop(&system, start);
    return 1;
}
