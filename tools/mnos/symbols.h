/**
 * symbols.h - names for addresses, from the symbol table of a 64-bit ELF file.
 *
 * The file is checked like any input: nothing outside of it is read, whatever it says.
 * Source: System V gABI, chapter 4, "Sections" and "Symbol Table".
 */
#ifndef MNOS_SYMBOLS_H
#define MNOS_SYMBOLS_H

#include <elf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A file's symbol table. The pointers lie in @p file. */
struct symbols {
    unsigned char *file; /**< owned */
    size_t size;
    uint64_t table_offset; /**< of the first Elf64_Sym, and @p count of them */
    uint64_t count;
    uint64_t names_offset; /**< of the string table, whose last byte is zero */
    uint64_t names_size;
};

/** Takes @p file, @p size bytes from malloc(), in any case; false where it is no 64-bit
 *  little-endian ELF file with a symbol table. */
bool symbols_take(struct symbols *symbols, unsigned char *file, size_t size);

/** Reads the file @p path; false where it can't be read, is no 64-bit little-endian ELF
 *  file or has no symbol table: there are no names to be had then. */
bool symbols_open(struct symbols *symbols, const char *path);

void symbols_close(struct symbols *symbols);

/** The name of the function or object that @p address lies in, borrowed, and how far
 *  in; NULL where no symbol covers it. A symbol without a size reaches to the next. */
const char *symbols_find(const struct symbols *symbols, uint64_t address,
                         uint64_t *out_offset);

#endif
