/**
 * boot_info.h - what every boot protocol fills in, and all that the kernel knows of it.
 *
 * The structure lies in memory that is given back after boot, as does everything in
 * kernel/boot: copy what has to last. Physical addresses throughout.
 */
#ifndef BOOT_BOOT_INFO_H
#define BOOT_BOOT_INFO_H

#include "abi/boot_info.h"
#include "arch/x86_64/smp.h"
#include "boot/memory_map.h"
#include <stdbool.h>
#include <stdint.h>

struct boot_info {
    enum mn_boot_protocol protocol;
    struct memory_map memory; /**< sorted, without overlaps; see memory_map.h */
    uint64_t memory_bytes;    /**< usable RAM that the firmware reported */
    uint64_t initrd_base;     /**< any alignment */
    uint64_t initrd_size;     /**< 0: there is no initrd */
    uint64_t rsdp;            /**< of ACPI; 0: not told */
    uint64_t kernel_base;     /**< where the image's first byte, image_start, lies */
    uint64_t trampoline_page; /**< TRAMPOLINE_PAGES free pages below 1 MiB; 0: none */
    uint64_t entry_tsc;       /**< time stamp counter at the first instruction */
    uint64_t early_map_base;  /**< address of physical 0 until kernel_map_build() */
    struct mn_framebuffer framebuffer;
    /** The other CPUs. Limine tells them, machine_init() takes them from ACPI else. */
    uint32_t cpu_target_count;
    struct smp_target cpu_targets[CPU_MAX];
    char command_line[MN_BOOT_COMMAND_LINE_MAX]; /**< zero-terminated; cut if longer */
};

/** The one there is. Zeros until a protocol's entry fills it. */
extern struct boot_info boot_info;

/** What all protocols begin with: from here on a panic is seen, and ends the machine. */
void boot_begin(struct boot_info *info, enum mn_boot_protocol protocol);

/**
 * What all protocols end in: takes the machine over and calls kernel_main() on the boot
 * CPU's own stack. The caller has filled @p info, with the raw map in info->memory.
 *
 * Panics when there is no memory to work with or more than it can describe.
 */
_Noreturn void boot_start(struct boot_info *info);

/** The kernel proper (kernel/main.c). Interrupts are off, the final map is in force. */
_Noreturn void kernel_main(struct boot_info *info);

/** Copies a zero-terminated command line of any length into @p info, cut to fit; a panic
 *  knows from it how to end the machine. */
void boot_info_set_command_line(struct boot_info *info, const char *text);

/**
 * Finds `name=0xHEX` or `name=DECIMAL` as a word of the command line.
 *
 * Returns whether there is one with a number that fits 64 bits, in @p out_value.
 */
bool boot_info_option(const struct boot_info *info, const char *name,
                      uint64_t *out_value);

/** The port of the command line's word debug_exit=PORT; 0: none. */
uint16_t boot_info_debug_exit(const struct boot_info *info);

#endif
