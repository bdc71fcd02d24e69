/**
 * elf64.h - the one ELF loader: checks an image and says what to map where.
 *
 * The kernel runs it for Init, ring 3 for every other program. The image is untrusted:
 * any bytes give a plan that is safe to carry out or a status, never a read outside of
 * them. It maps nothing: for each segment of the plan the caller maps
 * elf64_first_page() to elf64_end_page() with the segment's rights, copies filesz bytes
 * from the image's `offset` to vaddr, and leaves all else zero.
 *
 * What a plan promises: at least one segment; all in [MN_USER_BASE, MN_USER_LIMIT), no two
 * on one page, none both writable and executable; the bytes of each inside of the
 * image; the entry in an executable one.
 *
 * Source: System V gABI chapters 4 and 5, AMD64 psABI section 4.1.
 */
#ifndef CORE_ELF64_H
#define CORE_ELF64_H

#include "abi/user_memory_map.h"
#include "core/attributes.h"
#include <stddef.h>
#include <stdint.h>

enum elf64_status {
    ELF64_OK,
    ELF64_TRUNCATED,         /**< a header or a segment's bytes lie behind the end */
    ELF64_NOT_ELF,           /**< the magic number is missing */
    ELF64_NOT_X86_64,        /**< another class, byte order, version or machine */
    ELF64_NOT_STATIC,        /**< not ET_EXEC, or it asks for an interpreter */
    ELF64_BAD_HEADER,        /**< the size of a header or of a segment is nonsense */
    ELF64_NO_SEGMENT,        /**< there is nothing to load */
    ELF64_TOO_MANY_SEGMENTS, /**< more than ELF64_SEGMENTS_MAX */
    ELF64_BAD_ADDRESS,       /**< a segment outside of [MN_USER_BASE, MN_USER_LIMIT) */
    ELF64_BAD_ALIGNMENT,     /**< address and file offset differ modulo the page size */
    ELF64_OVERLAP,           /**< two segments share a page */
    ELF64_WRITE_AND_EXECUTE, /**< a segment is both */
    ELF64_BAD_ENTRY          /**< the entry lies in no executable segment */
};

/** Bits of a segment's flags: p_flags of the gABI. */
enum { ELF64_EXECUTE = 1, ELF64_WRITE = 2, ELF64_READ = 4 };

enum { ELF64_SEGMENTS_MAX = 16 };

/** One PT_LOAD with memory: vaddr need not be page-aligned, filesz <= memsz. */
struct elf64_segment {
    uint64_t vaddr;
    uint64_t memsz;
    uint64_t
        offset; /**< of its bytes in the image; congruent to vaddr, modulo a page */
    uint64_t filesz;
    uint32_t flags; /**< of ELF64_EXECUTE, ELF64_WRITE, ELF64_READ */
};

struct elf64_plan {
    uint64_t entry;
    size_t count;
    struct elf64_segment segments[ELF64_SEGMENTS_MAX]; /**< in the file's order */
};

/** Checks the image of @p size bytes at @p image, of any alignment. @p out_plan is
 *  written on ELF64_OK only; the other statuses are the first fault that was met. */
MN_MUST_CHECK enum elf64_status elf64_parse(const void *image, size_t size,
                                            struct elf64_plan *out_plan);

/** The address of the first page of a segment of a plan. */
static inline uint64_t elf64_first_page(const struct elf64_segment *segment)
{
    return segment->vaddr & ~(MN_PAGE_SIZE - 1);
}

/** The address behind the last page of a segment of a plan. */
static inline uint64_t elf64_end_page(const struct elf64_segment *segment)
{
    return (segment->vaddr + segment->memsz + MN_PAGE_SIZE - 1) & ~(MN_PAGE_SIZE - 1);
}

/** What @p status means, for a message: "the ELF file is truncated". Never NULL. */
const char *elf64_status_text(enum elf64_status status);

#endif
