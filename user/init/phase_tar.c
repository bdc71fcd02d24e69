/**
 * phase_tar.c - the initrd's files, one a line.
 */
#include "core/ustar.h"
#include "init/init.h"

bool phase_tar(struct init *init)
{
    struct ustar archive = ustar_open(init->initrd, init->boot_info->initrd_size);
    struct ustar_entry entry;
    enum ustar_status status;

    while ((status = ustar_next(&archive, &entry)) == USTAR_OK) {
        if (entry.type == USTAR_FILE) {
            init_say(init, "tar: %s %zu", entry.name, entry.size);
        }
    }
    if (status != USTAR_END) {
        return init_fail(init, "tar: %s, at byte %zu of the initrd",
                         ustar_status_text(status), archive.offset);
    }
    return true;
}
