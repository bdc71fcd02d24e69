/**
 * image.c - see image.h.
 *
 * Sources: GRUB 2.06 manual, "multiboot2", "module2", "Invoking grub-mkrescue"; Limine 8
 * CONFIG.md and USAGE.md.
 */
#include "image.h"
#include "arguments.h"
#include "complain.h"
#include "files.h"
#include "tool.h"
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/** Copies @p from to WORK/iso/NAME. */
static bool copy_into_image(const char *work, const char *from, const char *name)
{
    char *to = text_of("%s/iso/%s", work, name);
    bool copied = file_copy(from, to);

    free(to);
    return copied;
}

static bool write_into_image(const char *work, const char *name, const char *text)
{
    char *path = text_of("%s/iso/%s", work, name);
    bool written = file_write_text(path, text);

    free(path);
    return written;
}

/** Makes WORK/iso, the folder of what the image holds, or a folder in it. */
static bool make_image_folder(const char *work, const char *name)
{
    char *path = text_of("%s/iso%s", work, name);
    bool made = folder_create(path);

    free(path);
    return made;
}

static bool copy_system(const struct image_request *request, const char *work)
{
    return make_image_folder(work, "") && make_image_folder(work, "/boot") &&
           copy_into_image(work, request->kernel, "boot/kernel.elf") &&
           copy_into_image(work, request->initrd, "boot/initrd.tar");
}

static bool run_in(const char *work, struct arguments *tool)
{
    char *log = text_of("%s/log", work);
    bool ran = tool_run(tool, log);

    free(log);
    arguments_release(tool);
    return ran;
}

/** The words of @p text, each in the quotes of GRUB's script language. Owned. */
static char *grub_words(const char *text)
{
    char *rest = text_of("%s", text);
    char *cursor = rest;
    char *words = text_of("%s", "");

    for (char *word = strsep(&cursor, " "); word != NULL; word = strsep(&cursor, " ")) {
        if (*word != '\0') {
            char *longer = text_of("%s '%s'", words, word);
            free(words);
            words = longer;
        }
    }
    free(rest);
    return words;
}

/** GRUB's configuration. No menu: what stands here is carried out. On UEFI there is a
 *  framebuffer only with a driver for it. */
static char *grub_configuration(const char *kernel_arguments)
{
    char *words = grub_words(kernel_arguments);
    char *text = text_of("if [ \"$grub_platform\" = efi ]; then insmod all_video; fi\n"
                         "multiboot2 /boot/kernel.elf%s\n"
                         "module2 /boot/initrd.tar initrd.tar\n"
                         "boot\n",
                         words);

    free(words);
    return text;
}

static bool write_grub_image(const struct image_request *request, const char *work)
{
    struct arguments tool = {0};
    char *configuration = grub_configuration(request->kernel_arguments);
    bool written = tool_is_installed("grub-mkrescue") && copy_system(request, work) &&
                   make_image_folder(work, "/boot/grub") &&
                   write_into_image(work, "boot/grub/grub.cfg", configuration);

    free(configuration);
    if (!written) {
        return false;
    }
    arguments_add(&tool, "grub-mkrescue");
    arguments_add(&tool, "--install-modules=multiboot2 normal test all_video gfxterm");
    arguments_add_pair(&tool, "--fonts=", "--themes=");
    arguments_add(&tool, "--locales=");
    arguments_add_pair(&tool, "-o", request->output);
    arguments_add(&tool, "%s/iso", work);
    return run_in(work, &tool);
}

/** Limine's configuration, in the format of Limine 8. */
static char *limine_configuration(const char *kernel_arguments)
{
    return text_of("timeout: 0\n"
                   "/MinimalOS\n"
                   "    protocol: limine\n"
                   "    kernel_path: boot():/boot/kernel.elf\n"
                   "    module_path: boot():/boot/initrd.tar\n"
                   "    cmdline: %s\n",
                   kernel_arguments);
}

static bool copy_limine(const struct image_request *request, const char *work)
{
    static const char *const FILES[][2] = {
        {"limine-bios.sys", "boot/limine/limine-bios.sys"},
        {"limine-bios-cd.bin", "boot/limine/limine-bios-cd.bin"},
        {"limine-uefi-cd.bin", "boot/limine/limine-uefi-cd.bin"},
        {"BOOTX64.EFI", "EFI/BOOT/BOOTX64.EFI"},
    };
    bool copied = make_image_folder(work, "/boot/limine") &&
                  make_image_folder(work, "/EFI") &&
                  make_image_folder(work, "/EFI/BOOT");

    for (size_t i = 0; copied && i < sizeof(FILES) / sizeof(FILES[0]); i++) {
        char *from = text_of("%s/%s", request->limine, FILES[i][0]);
        copied = file_is_readable(from, "a file of Limine's (LIMINE_DIR)") &&
                 copy_into_image(work, from, FILES[i][1]);
        free(from);
    }
    return copied;
}

/** An El Torito image with a BIOS and a UEFI entry, that starts from a USB stick too. */
static bool make_limine_iso(const struct image_request *request, const char *work)
{
    struct arguments tool = {0};

    arguments_add_pair(&tool, "xorriso", "-as");
    arguments_add_pair(&tool, "mkisofs", "-R");
    arguments_add_pair(&tool, "-b", "boot/limine/limine-bios-cd.bin");
    arguments_add(&tool, "-no-emul-boot");
    arguments_add_pair(&tool, "-boot-load-size", "4");
    arguments_add(&tool, "-boot-info-table");
    arguments_add_pair(&tool, "--efi-boot", "boot/limine/limine-uefi-cd.bin");
    arguments_add(&tool, "-efi-boot-part");
    arguments_add(&tool, "--efi-boot-image");
    arguments_add(&tool, "--protective-msdos-label");
    arguments_add_pair(&tool, "-o", request->output);
    arguments_add(&tool, "%s/iso", work);
    return run_in(work, &tool);
}

static bool write_limine_image(const struct image_request *request, const char *work)
{
    struct arguments tool = {0};
    char *configuration = limine_configuration(request->kernel_arguments);
    bool written = tool_is_installed("xorriso") && copy_system(request, work) &&
                   copy_limine(request, work) &&
                   write_into_image(work, "boot/limine/limine.conf", configuration) &&
                   make_limine_iso(request, work);

    free(configuration);
    if (!written) {
        return false;
    }
    arguments_add(&tool, "%s/limine", request->limine);
    arguments_add_pair(&tool, "bios-install", request->output);
    return run_in(work, &tool);
}

bool image_write(const struct image_request *request, const char *work)
{
    return request->limine != NULL ? write_limine_image(request, work)
                                   : write_grub_image(request, work);
}
