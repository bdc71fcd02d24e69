/**
 * boot_info.h - what every boot protocol tells, and all that the kernel knows of it.
 *
 * pvh_read(), multiboot2_read() and limine_read() fill it in from what their loader left
 * in memory; boot_info_settle() makes the memory map say what is in use. Physical addresses
 * throughout. Pure: host tests and a fuzzer run all of it.
 */
#ifndef CORE_BOOT_INFO_H
#define CORE_BOOT_INFO_H

#include "abi/boot_info.h"
#include "core/acpi.h"
#include "core/attributes.h"
#include "core/memory_map.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BOOT_CPU_MAX = 64, BOOT_RSDP_SIZE = 36 /**< of ACPI 2 and later */ };

/** A CPU to start. */
struct boot_cpu {
    uint32_t lapic_id;
    /** Physical address of Limine's goto_address for it; 0: by INIT and STARTUP. */
    uint64_t goto_address;
};

struct boot_info {
    enum mn_boot_protocol protocol;
    struct memory_map memory; /**< sorted, without overlaps, once it is settled */
    uint64_t memory_bytes;    /**< usable RAM that the firmware reported */
    uint64_t initrd_base;     /**< any alignment */
    uint64_t initrd_size;     /**< 0: there is no initrd */
    uint64_t rsdp;            /**< of ACPI; 0: not told, or in rsdp_copy */
    uint64_t kernel_base;     /**< where the image's first byte lies */
    uint64_t trampoline_page; /**< the pages that were asked for below 1 MiB; 0: none */
    uint64_t entry_tsc;       /**< time stamp counter at the first instruction */
    uint64_t early_map_base;  /**< address of physical 0 until the kernel's own map */
    struct mn_framebuffer framebuffer;
    /** The other CPUs. Limine tells them, the kernel takes them from ACPI else. */
    uint32_t cpu_count;
    struct boot_cpu cpus[BOOT_CPU_MAX];
    /** Multiboot2 gives a copy of the RSDP, in memory that is free: it is kept here. */
    bool has_rsdp_copy;
    uint8_t rsdp_copy[BOOT_RSDP_SIZE];
    char command_line[MN_BOOT_COMMAND_LINE_MAX]; /**< zero-terminated; cut if longer */
};

enum boot_status {
    BOOT_OK,
    BOOT_BAD_MAGIC,       /**< this is not what the loader should have left */
    BOOT_NO_MEMORY_MAP,   /**< the loader gives none */
    BOOT_BAD_MEMORY_MAP,  /**< its entries are too small */
    BOOT_MAP_FULL,        /**< more than MEMORY_MAP_MAX regions */
    BOOT_OUT_OF_REACH,    /**< what is told lies where it can't be read */
    BOOT_NO_HHDM,         /**< Limine does not answer this request */
    BOOT_NO_ADDRESS,      /**< the same */
    BOOT_INITRD_UNALIGNED /**< the initrd does not begin with a page */
};

/** What went wrong, as a text for people; "" for BOOT_OK. */
const char *boot_status_text(enum boot_status status);

/** Where @p size bytes of physical memory can be read; NULL: nowhere. */
typedef const void *boot_reach(uint64_t physical, uint64_t size);

/** Adds an entry of a memory map whose types are E820's (ACPI 6.5, table 15.4). */
MN_MUST_CHECK enum boot_status boot_info_add_e820(struct boot_info *info, uint64_t base,
                                                  uint64_t size, uint32_t type);

/** Copies a command line of at most @p size bytes, or up to its zero, cut to fit. */
void boot_info_set_command_line(struct boot_info *info, const char *text, size_t size);

/**
 * Finds `name=0xHEX` or `name=DECIMAL` as a word of the command line.
 *
 * Returns whether there is one with a number that fits 64 bits, in @p out_value.
 */
bool boot_info_option(const struct boot_info *info, const char *name,
                      uint64_t *out_value);

/** The port of the command line's word debug_exit=PORT; 0: none. */
uint16_t boot_info_debug_exit(const struct boot_info *info);

/** What boot_info_settle() needs to know of the kernel. */
struct boot_image {
    uint64_t boot_size;       /**< bytes of the image that only boot needs, its first */
    uint64_t size;            /**< bytes of all of it */
    uint64_t trampoline_size; /**< whole pages to be found below 1 MiB */
};

/** Makes the memory map say what the kernel, the initrd and the trampoline lie in, and
 *  counts the memory that the firmware reported. BOOT_MAP_FULL, BOOT_INITRD_UNALIGNED. */
MN_MUST_CHECK enum boot_status boot_info_settle(struct boot_info *info,
                                                const struct boot_image *image,
                                                struct memory_map_work *work);

/** Adds the CPUs that ACPI lists, but for the one with APIC ID @p own, where the boot loader did
 *  not name any. */
void boot_info_add_cpus(struct boot_info *info, const struct acpi_info *acpi,
                        uint32_t own);

/** Tells Init, in a zeroed page, what is known of the boot: all but the CPUs. */
void boot_info_tell(const struct boot_info *info, struct mn_boot_info *out_page);

#endif
