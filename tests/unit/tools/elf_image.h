/**
 * elf_image.h - an ELF file with a symbol table, made field by field after <elf.h>.
 */
#ifndef UNIT_TOOLS_ELF_IMAGE_H
#define UNIT_TOOLS_ELF_IMAGE_H

#include <elf.h>
#include <stddef.h>

enum { ELF_IMAGE_SYMBOLS = 4, ELF_IMAGE_NAMES = 32 };

/** A header, two section headers, a symbol table, its names. */
struct elf_image {
    Elf64_Ehdr header;
    Elf64_Shdr sections[3];
    Elf64_Sym symbols[ELF_IMAGE_SYMBOLS];
    char names[ELF_IMAGE_NAMES];
};

/** alpha: 0x1000, 0x100 bytes; beta: behind it, without a size; gamma: 0x3000, undefined. */
static inline struct elf_image elf_image_make(void)
{
    struct elf_image image = {
        .header = {.e_ident = {ELFMAG0, ELFMAG1, ELFMAG2, ELFMAG3, ELFCLASS64,
                               ELFDATA2LSB, EV_CURRENT},
                   .e_shoff = offsetof(struct elf_image, sections),
                   .e_shentsize = sizeof(Elf64_Shdr),
                   .e_shnum = 3},
        .sections = {{0},
                     {.sh_type = SHT_SYMTAB,
                      .sh_offset = offsetof(struct elf_image, symbols),
                      .sh_size = sizeof(image.symbols),
                      .sh_link = 2,
                      .sh_entsize = sizeof(Elf64_Sym)},
                     {.sh_type = SHT_STRTAB,
                      .sh_offset = offsetof(struct elf_image, names),
                      .sh_size = ELF_IMAGE_NAMES}},
        .symbols = {{0},
                    {.st_name = 1,
                     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                     .st_shndx = 1,
                     .st_value = 0x1000,
                     .st_size = 0x100},
                    {.st_name = 7,
                     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_NOTYPE),
                     .st_shndx = 1,
                     .st_value = 0x1100},
                    {.st_name = 12,
                     .st_info = ELF64_ST_INFO(STB_GLOBAL, STT_FUNC),
                     .st_shndx = SHN_UNDEF,
                     .st_value = 0x3000,
                     .st_size = 0x10}},
        .names = "\0alpha\0beta\0gamma",
    };
    return image;
}

#endif
