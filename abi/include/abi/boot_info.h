/**
 * boot_info.h - what the kernel tells Init of the machine, in one read-only page.
 *
 * The page lies at MN_INIT_BOOT_INFO, which is also Init's argument (RDI).
 */
#ifndef ABI_BOOT_INFO_H
#define ABI_BOOT_INFO_H

#include <stdint.h>

#define MN_BOOT_INFO_MAGIC       0x4f464e49534f4e4dull /**< "MNOSINFO" */
#define MN_BOOT_COMMAND_LINE_MAX 2048

/** Bits of mn_boot_info.cpu_features. */
#define MN_CPU_SSE41 1u /**< the Wasm engine needs it (x86-64-v2) */
#define MN_CPU_AVX   2u

/** A linear framebuffer of 32-bit pixels; address 0: there is none. */
struct mn_framebuffer {
    uint64_t address; /**< physical */
    uint32_t width;   /**< pixels */
    uint32_t height;  /**< pixels */
    uint32_t pitch;   /**< bytes a line */
    uint8_t red_shift;
    uint8_t green_shift;
    uint8_t blue_shift;
    uint8_t bits_per_pixel; /**< 32 */
};
_Static_assert(sizeof(struct mn_framebuffer) == 24, "no holes");

struct mn_boot_info {
    uint64_t magic;        /**< MN_BOOT_INFO_MAGIC */
    uint64_t initrd_size;  /**< bytes of the archive at MN_INIT_INITRD */
    uint64_t memory_bytes; /**< usable RAM that the firmware reported */
    uint32_t cpu_count;    /**< CPUs that run threads */
    uint32_t cpu_features; /**< MN_CPU_* */
    struct mn_framebuffer framebuffer;
    uint64_t entry_tsc;     /**< time stamp counter at the kernel's first instruction */
    uint64_t boot_protocol; /**< enum mn_boot_protocol */
    char command_line[MN_BOOT_COMMAND_LINE_MAX]; /**< zero-terminated */
};
_Static_assert(sizeof(struct mn_boot_info) <= 4096, "one page");

enum mn_boot_protocol { MN_BOOT_PVH = 1, MN_BOOT_MULTIBOOT2 = 2, MN_BOOT_LIMINE = 3 };

#endif
