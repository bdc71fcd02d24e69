/**
 * limine_protocol.h - the Limine boot protocol as a loader sees it: what it looks for in an
 * image, and what it answers. Source: The Limine Boot Protocol, base revision 3.
 *
 * Written independently of kernel/boot/limine.c, so that a mistake there is seen.
 */
#ifndef LOADER_LIMINE_PROTOCOL_H
#define LOADER_LIMINE_PROTOCOL_H

#include <stddef.h>
#include <stdint.h>

#define LIMINE_BASE_REVISION_SUPPORTED 3
#define LIMINE_LOWEST_ADDRESS          0xffffffff80000000ull

extern const uint64_t limine_start_marker[4];
extern const uint64_t limine_end_marker[2];
extern const uint64_t limine_base_revision_id[2];
/** The first two words of every request's id. */
extern const uint64_t limine_common_id[2];

/** The last two words of a request's id. */
enum limine_feature {
    LIMINE_HHDM,
    LIMINE_MEMORY_MAP,
    LIMINE_MODULE,
    LIMINE_EXECUTABLE_FILE,
    LIMINE_EXECUTABLE_ADDRESS,
    LIMINE_RSDP,
    LIMINE_FRAMEBUFFER,
    LIMINE_MP,
    LIMINE_FEATURES
};
extern const uint64_t limine_feature_ids[LIMINE_FEATURES][2];
/** "hhdm", "memory_map", ... */
extern const char *const limine_feature_names[LIMINE_FEATURES];

struct limine_request {
    uint64_t id[4];
    uint64_t revision;
    uint64_t response;
};

struct limine_hhdm_response {
    uint64_t revision;
    uint64_t offset;
};

struct limine_memmap_entry {
    uint64_t base;
    uint64_t length;
    uint64_t type;
};

enum limine_memmap_type {
    LIMINE_MEMMAP_USABLE = 0,
    LIMINE_MEMMAP_RESERVED = 1,
    LIMINE_MEMMAP_ACPI_RECLAIMABLE = 2,
    LIMINE_MEMMAP_BOOTLOADER_RECLAIMABLE = 5,
    LIMINE_MEMMAP_EXECUTABLE_AND_MODULES = 6
};

/** Responses that are a count and an array of pointers: memory map, modules. */
struct limine_list_response {
    uint64_t revision;
    uint64_t count;
    uint64_t pointers;
};

struct limine_file {
    uint64_t revision;
    uint64_t address;
    uint64_t size;
    uint64_t path;
    uint64_t cmdline;
    uint32_t media_type;
    uint32_t unused;
    uint32_t tftp_ip;
    uint32_t tftp_port;
    uint32_t partition_index;
    uint32_t mbr_disk_id;
    uint8_t uuids[48];
};
_Static_assert(sizeof(struct limine_file) == 112, "File Structure");

struct limine_file_response {
    uint64_t revision;
    uint64_t file;
};

struct limine_address_response {
    uint64_t revision;
    uint64_t physical_base;
    uint64_t virtual_base;
};

struct limine_rsdp_response {
    uint64_t revision;
    uint64_t address; /**< physical in base revision 3 */
};

struct limine_mp_response {
    uint64_t revision;
    uint32_t flags;
    uint32_t bsp_lapic_id;
    uint64_t cpu_count;
    uint64_t cpus;
};

struct limine_mp_info {
    uint32_t processor_id;
    uint32_t lapic_id;
    uint64_t reserved;
    uint64_t goto_address;
    uint64_t extra_argument;
};

#endif
