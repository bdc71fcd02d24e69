/**
 * backtrace.h - gives names to the addresses of a kernel panic.
 *
 * The kernel has no symbols. In a panic it prints a line "panic:   0x<address>" a frame,
 * innermost first; this watches the serial line for them, and afterwards reads the
 * names out of the kernel's ELF file.
 */
#ifndef MNOS_BACKTRACE_H
#define MNOS_BACKTRACE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { BACKTRACE_FRAMES_MAX = 64, BACKTRACE_LINE_MAX = 128 };

/** What was seen so far. All zero at the start. */
struct backtrace {
    uint64_t addresses[BACKTRACE_FRAMES_MAX];
    size_t count;
    bool panicked;                 /**< a line began with "panic:" */
    char line[BACKTRACE_LINE_MAX]; /**< the current line, its first bytes */
    size_t length;                 /**< of the current line, which may be longer */
};

/** Watches @p size more bytes of the serial line. */
void backtrace_watch(struct backtrace *backtrace, const char *bytes, size_t size);

/** Prints one line a frame on standard error, "0x<address> symbol+0x<offset>", with the
 *  symbols of the file @p kernel; nothing where there was no panic. */
void backtrace_print(const struct backtrace *backtrace, const char *kernel);

#endif
