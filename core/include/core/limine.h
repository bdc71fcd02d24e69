/**
 * limine.h - what a Limine loader tells (The Limine Boot Protocol, base revision 3). Pure.
 *
 * Pointers are addresses in the loader's direct map. Of older base revisions all that is
 * used here is the same, so they are accepted too.
 */
#ifndef CORE_LIMINE_H
#define CORE_LIMINE_H

#include "core/boot_info.h"

/** What each request begins with; the protocol's "Features". */
struct limine_request {
    uint64_t id[4];
    uint64_t revision;
    const void *response; /**< the loader's; NULL: it does not answer */
    uint64_t argument;    /**< of those requests that have one */
};
_Static_assert(sizeof(struct limine_request) == 56, "Features");

/** The answers, borrowed: each is the response of the request with its name, or NULL. */
struct limine_answers {
    const void *hhdm;
    const void *memory_map;
    const void *modules;
    const void *file; /**< the kernel's */
    const void *address;
    const void *rsdp;
    const void *framebuffers;
    const void *mp;
};

/**
 * Fills in @p info. @p image_start is the address of the image's first byte as linked.
 *
 * BOOT_NO_HHDM, BOOT_NO_ADDRESS, BOOT_NO_MEMORY_MAP, BOOT_MAP_FULL; the command line
 * is read as soon as there is an HHDM.
 */
MN_MUST_CHECK enum boot_status limine_read(const struct limine_answers *answers,
                                           uint64_t image_start,
                                           struct boot_info *info);

#endif
