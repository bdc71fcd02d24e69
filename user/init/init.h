/**
 * init.h - what Init's phases share, and the phases.
 *
 * A phase prints what it found and returns true; or it calls init_fail(), which prints one
 * line and returns false. Later phases run all the same, with what there is.
 */
#ifndef INIT_INIT_H
#define INIT_INIT_H

#include "abi/boot_info.h"
#include "core/attributes.h"
#include "mnos/console.h"
#include "mnos/process_loader.h"
#include <stdbool.h>
#include <stdint.h>

/** The state of process 1. */
struct init {
    const struct mn_boot_info *boot_info; /**< mapped for good, read-only */
    const uint8_t *initrd;                /**< boot_info->initrd_size bytes, likewise */
    struct mnos_console console;          /**< polled COM1, then serial_drv's */
    struct mnos_process serial_drv;       /**< slot 0: it does not run */
    bool runs_program; /**< the machine runs for one program, by `mnos run` */
    bool failed;       /**< a phase did */
};

/** Prints one line, "[init] " before it. */
MN_PRINTF(2, 3) void init_say(struct init *init, const char *format, ...);

/** Prints one line, "[init] FAILED: " before it, and remembers. Returns false. */
MN_PRINTF(2, 3) bool init_fail(struct init *init, const char *format, ...);

/** After an output to @p console that gave @p status: if serial_drv is gone, polls COM1
 *  from now on, says so there, and returns true. */
bool init_console_recover(struct mnos_console *console, mn_status status);

/* The phases, in the order of the boot contract; one file each. */

/** The banner on polled COM1, and what the kernel gave to Init. */
bool phase_capabilities(struct init *init);

/** Lists the files of the initrd. */
bool phase_tar(struct init *init);

/** Maps the heap and proves it by a vector. */
bool phase_heap(struct init *init);

/** Runs hello_wasm.wasm of the initrd in the engine. */
bool phase_wasm(struct init *init);

/** Reads features and capacity of the legacy virtio-blk device. */
bool phase_virtio_blk(struct init *init);

/** Starts serial_drv and hands the console over to it. */
bool phase_serial_drv(struct init *init);

/** After the phases: prints the kernel's log and what is typed. Does not return. */
_Noreturn void supervise(struct init *init);

/** Passes over what the kernel's log holds now: at Init's start, what the kernel has
 *  printed itself. */
void supervise_skip_log(void);

/** Prints what the kernel's log has got since. */
void supervise_print_log(struct init *init);

#endif
