/**
 * manifest.h - reads the manifest of a program: what it is granted, one grant a line.
 *
 * docs/manifest.md describes the language; words.h its words. No line, no grant: what a
 * program has without any is its console and its exit. The text is untrusted; a manifest
 * with an error grants nothing (the reader stops at the first).
 */
#ifndef CORE_MANIFEST_H
#define CORE_MANIFEST_H

#include "core/attributes.h"
#include "core/words.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum manifest_kind {
    MANIFEST_NAME,        /**< name TEXT: what the program is called, its argument 0 */
    MANIFEST_ARGUMENT,    /**< arg TEXT */
    MANIFEST_ENVIRONMENT, /**< env NAME=VALUE */
    MANIFEST_CONSOLE,     /**< console all|output|none */
    MANIFEST_CLOCK,       /**< clock [real] */
    MANIFEST_RANDOM,      /**< random */
    MANIFEST_DIRECTORY,   /**< dir SOURCE PATH ro|rw [quota SIZE] */
    MANIFEST_MEMORY,      /**< memory SIZE */
    MANIFEST_CPU,         /**< cpu PERCENT [period MILLISECONDS] */
    MANIFEST_FUEL,        /**< fuel N */
    MANIFEST_THREADS,     /**< threads N */
    MANIFEST_TIMEOUT,     /**< timeout SECONDS */
    MANIFEST_KINDS
};

enum manifest_console {
    MANIFEST_CONSOLE_ALL,    /**< stdin, stdout and stderr: without a line as well */
    MANIFEST_CONSOLE_OUTPUT, /**< stdout and stderr; stdin is at its end */
    MANIFEST_CONSOLE_NONE
};

/** Where a directory comes from: the word before the colon of SOURCE. */
enum manifest_source {
    MANIFEST_SOURCE_HOST,  /**< host:PATH, a directory of the host's, by 9P */
    MANIFEST_SOURCE_RAM,   /**< ram:NAME, of the RAM file system; made when missing */
    MANIFEST_SOURCE_INITRD /**< initrd:PATH, read-only */
};

#define MANIFEST_CPU_PERIOD_NS   UINT64_C(100000000) /**< where no period stands */
#define MANIFEST_CPU_PERCENT_MAX 100u
#define MANIFEST_THREADS_MAX     64u
/** Each memory size is a multiple of a Wasm page, 64 KiB, and at least one. */
#define MANIFEST_MEMORY_UNIT UINT64_C(65536)

/** One line. The strings are valid until the next is read. */
struct manifest_grant {
    enum manifest_kind kind;
    const char *text; /**< NAME, ARGUMENT, ENVIRONMENT: as the program sees it */
    enum manifest_console console; /**< CONSOLE */
    bool real;                     /**< CLOCK: the time of the day as well */
    enum manifest_source source;   /**< DIRECTORY */
    const char *source_name;       /**< DIRECTORY: what stands behind the colon */
    const char *path;              /**< DIRECTORY: its name for the program */
    bool writable;                 /**< DIRECTORY */
    uint64_t quota_bytes;          /**< DIRECTORY: 0: none was said */
    uint64_t value;     /**< MEMORY: bytes; CPU: percent; FUEL; THREADS; TIMEOUT: ns */
    uint64_t period_ns; /**< CPU */
};

enum manifest_status {
    MANIFEST_GRANT, /**< a line was read */
    MANIFEST_END,   /**< all were */
    MANIFEST_ERROR  /**< error_line and expected say what is wrong */
};

/** A position in a manifest. Text and buffer are borrowed. */
struct manifest {
    struct words words;
    uint32_t seen;        /**< bit k: a line of kind k was read */
    const char *expected; /**< after MANIFEST_ERROR: what was expected */
    const char *word;     /**< and the word in its place; NULL: not one word */
};

/** A position at the beginning. @p buffer holds the strings of one line. */
struct manifest manifest_open(const char *text, size_t size, char *buffer,
                              size_t buffer_size);

/** Reads the next line. After MANIFEST_ERROR nothing more is to be read. */
MN_MUST_CHECK enum manifest_status manifest_next(struct manifest *manifest,
                                                 struct manifest_grant *out_grant);

/** Writes `line N: expected …, not "word"` into @p buffer, as format_buffer(). */
size_t manifest_error_print(const struct manifest *manifest, char *buffer, size_t size);

#endif
