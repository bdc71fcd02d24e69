/**
 * symbols.c - see symbols.h.
 */
#include "symbols.h"
#include "core/checked_math.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/** The bytes of an open file, whose position is at its start afterwards; 0 on failure. */
static size_t file_size(FILE *file)
{
    long size = fseek(file, 0, SEEK_END) == 0 ? ftell(file) : 0;

    return size > 0 && fseek(file, 0, SEEK_SET) == 0 ? (size_t)size : 0;
}

/** Reads a whole file; NULL where that fails or there is nothing in it. */
static unsigned char *read_file(const char *path, size_t *out_size)
{
    FILE *file = fopen(path, "re");
    unsigned char *bytes = NULL;

    if (file == NULL) {
        return NULL;
    }
    *out_size = file_size(file);
    if (*out_size > 0) {
        bytes = malloc(*out_size);
    }
    if (bytes != NULL && fread(bytes, 1, *out_size, file) != *out_size) {
        free(bytes);
        bytes = NULL;
    }
    fclose(file);
    return bytes;
}

/** Copies @p size bytes at @p offset out of the file, which need not be aligned. */
static bool read_at(const struct symbols *symbols, uint64_t offset, void *out,
                    size_t size)
{
    if (!range_fits(offset, size, symbols->size)) {
        return false;
    }
    memcpy(out, symbols->file + offset, size);
    return true;
}

static bool read_section(const struct symbols *symbols, const Elf64_Ehdr *header,
                         uint64_t index, Elf64_Shdr *out_section)
{
    uint64_t offset;

    return index < header->e_shnum &&
           checked_add(header->e_shoff, index * sizeof(*out_section), &offset) &&
           read_at(symbols, offset, out_section, sizeof(*out_section));
}

/** Takes the table over from section @p table if it and its names lie in the file. */
static bool use_table(struct symbols *symbols, const Elf64_Ehdr *header,
                      const Elf64_Shdr *table)
{
    Elf64_Shdr names;

    if (table->sh_entsize != sizeof(Elf64_Sym) ||
        !range_fits(table->sh_offset, table->sh_size, symbols->size) ||
        !read_section(symbols, header, table->sh_link, &names) ||
        names.sh_type != SHT_STRTAB || names.sh_size == 0 ||
        !range_fits(names.sh_offset, names.sh_size, symbols->size) ||
        symbols->file[names.sh_offset + names.sh_size - 1] != '\0') {
        return false;
    }
    symbols->table_offset = table->sh_offset;
    symbols->count = table->sh_size / sizeof(Elf64_Sym);
    symbols->names_offset = names.sh_offset;
    symbols->names_size = names.sh_size;
    return true;
}

static bool find_table(struct symbols *symbols)
{
    Elf64_Ehdr header;
    Elf64_Shdr section;

    if (!read_at(symbols, 0, &header, sizeof(header)) ||
        memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
        header.e_ident[EI_CLASS] != ELFCLASS64 ||
        header.e_ident[EI_DATA] != ELFDATA2LSB ||
        header.e_shentsize != sizeof(Elf64_Shdr)) {
        return false;
    }
    for (uint64_t i = 0; i < header.e_shnum; i++) {
        if (read_section(symbols, &header, i, &section) &&
            section.sh_type == SHT_SYMTAB) {
            return use_table(symbols, &header, &section);
        }
    }
    return false;
}

bool symbols_take(struct symbols *symbols, unsigned char *file, size_t size)
{
    *symbols = (struct symbols){.size = size};
    symbols->file = file;
    if (!find_table(symbols)) {
        symbols_close(symbols);
        return false;
    }
    return true;
}

bool symbols_open(struct symbols *symbols, const char *path)
{
    size_t size = 0;
    unsigned char *file = read_file(path, &size);

    *symbols = (struct symbols){0};
    return file != NULL && symbols_take(symbols, file, size);
}

void symbols_close(struct symbols *symbols)
{
    free(symbols->file);
    *symbols = (struct symbols){0};
}

/** Can @p symbol name an address? Sections, files and undefined symbols can't. */
static bool names_an_address(const Elf64_Sym *symbol)
{
    unsigned char type = ELF64_ST_TYPE(symbol->st_info);

    return symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS &&
           (type == STT_FUNC || type == STT_OBJECT || type == STT_NOTYPE);
}

const char *symbols_find(const struct symbols *symbols, uint64_t address,
                         uint64_t *out_offset)
{
    Elf64_Sym best = {0};
    bool found = false;

    for (uint64_t i = 0; i < symbols->count; i++) {
        Elf64_Sym symbol;

        memcpy(&symbol, symbols->file + symbols->table_offset + i * sizeof(symbol),
               sizeof(symbol));
        if (names_an_address(&symbol) && symbol.st_name < symbols->names_size &&
            symbol.st_value <= address &&
            (!found || symbol.st_value > best.st_value ||
             (symbol.st_value == best.st_value && symbol.st_size > best.st_size))) {
            best = symbol;
            found = true;
        }
    }
    if (!found || (best.st_size != 0 && address - best.st_value >= best.st_size)) {
        return NULL;
    }
    *out_offset = address - best.st_value;
    return (const char *)symbols->file + symbols->names_offset + best.st_name;
}
