/**
 * tar.c - files of an archive in memory.
 */
#include "mnos/tar.h"
#include "core/ustar.h"

const char *tar_find(const void *archive, size_t size, const char *name,
                     struct tar_file *out_file)
{
    struct ustar_entry entry;
    enum ustar_status status = ustar_find(archive, size, name, &entry);

    if (status == USTAR_NOT_FOUND) {
        return "it is not in the initrd";
    }
    if (status != USTAR_OK) {
        return ustar_status_text(status);
    }
    *out_file = (struct tar_file){.data = entry.data, .size = entry.size};
    return NULL;
}
