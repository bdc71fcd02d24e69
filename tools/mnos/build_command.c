/**
 * build_command.c - see build_command.h.
 *
 * FILE.wasm goes into the image's initrd as NAME.wasm, and FILE.manifest, where it lies
 * beside it, as NAME.manifest. An image with one program runs that; of several the
 * shell runs the one that it is told to.
 */
#include "build_command.h"
#include "arguments.h"
#include "complain.h"
#include "files.h"
#include "grants.h"
#include "guardian.h"
#include "image.h"
#include "initrd.h"
#include "module.h"
#include "options.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PROGRAMS_MAX = 64, NAME_BYTES_MAX = 48 };

/** One program of the image. */
struct packed {
    char *name;          /**< without .wasm; owned */
    char *wasm_name;     /**< in the initrd; owned */
    char *manifest_name; /**< likewise */
    struct module module;
    struct grants grants;
};

struct build_options {
    const char *output; /**< borrowed from argv; NULL: none was named */
    const char *paths[PROGRAMS_MAX];
    size_t count;
};

static bool take_output(void *target, const char *value)
{
    struct build_options *options = target;

    options->output = value;
    return true;
}

static bool take_file(void *target, const char *value)
{
    struct build_options *options = target;

    options->paths[options->count++] = value;
    return true;
}

static const struct option_row ROWS[] = {
    {"-o", "IMAGE.iso", take_output, "the image to write"},
};

static const struct option_table TABLE = {
    .rows = ROWS,
    .count = sizeof(ROWS) / sizeof(ROWS[0]),
    .operand_max = PROGRAMS_MAX,
    .take_operand = take_file,
};

void build_command_print_help(void)
{
    options_print_help(&TABLE);
}

/** The file's name without folder and .wasm, owned; NULL after complaining that it can't
 *  be a word of the shell and of a command line. */
static char *program_name(const char *path)
{
    static const char suffix[] = ".wasm";
    const char *slash = strrchr(path, '/');
    const char *base = slash != NULL ? slash + 1 : path;
    size_t length = strlen(base);

    if (length > sizeof(suffix) - 1 &&
        strcmp(base + length - (sizeof(suffix) - 1), suffix) == 0) {
        length -= sizeof(suffix) - 1;
    }
    for (size_t i = 0; i < length; i++) {
        if (isalnum((unsigned char)base[i]) == 0 && strchr("._-", base[i]) == NULL) {
            complain("%s: in an image names are made of letters, digits, dots, - and _",
                     path);
            return NULL;
        }
    }
    if (length == 0 || length > NAME_BYTES_MAX) {
        complain("%s: a name of 1 to %d bytes is wanted", path, NAME_BYTES_MAX);
        return NULL;
    }
    return text_of("%.*s", (int)length, base);
}

/** Reads the manifest beside the module, if there is one. */
static bool read_manifest(const char *path, struct packed *packed)
{
    size_t length = strlen(path);
    bool has_suffix = length > 5 && strcmp(path + length - 5, ".wasm") == 0;
    char *manifest =
        text_of("%.*s.manifest", (int)(has_suffix ? length - 5 : length), path);
    bool good = true;

    if (access(manifest, F_OK) == 0) {
        good = grants_add_file(&packed->grants, manifest);
    }
    good = good && grants_finish(&packed->grants, packed->name);
    if (good && packed->grants.directory_count > 0) {
        complain("%s: an image has no directories of this host: take `host:` out",
                 manifest);
        good = false;
    }
    free(manifest);
    return good;
}

/** Checks one program and reads what it needs; false after complaining. */
static bool packed_open(const char *path, struct packed *packed)
{
    packed->name = program_name(path);
    if (packed->name == NULL || !module_open(path, &packed->module)) {
        return false;
    }
    packed->wasm_name = text_of("%s.wasm", packed->name);
    packed->manifest_name = text_of("%s.manifest", packed->name);
    return module_is_program(&packed->module) && read_manifest(path, packed);
}

static void packed_close(struct packed *packed)
{
    module_close(&packed->module);
    grants_release(&packed->grants);
    free(packed->name);
    free(packed->wasm_name);
    free(packed->manifest_name);
}

/** Writes the initrd @p output with all programs. */
static bool write_initrd(const struct packed *packed, size_t count, const char *output)
{
    struct initrd_file files[2 * PROGRAMS_MAX];
    char *base = project_path("build/initrd.tar");
    bool written;

    for (size_t i = 0; i < count; i++) {
        files[2 * i] = (struct initrd_file){packed[i].wasm_name, packed[i].module.bytes,
                                            packed[i].module.size};
        files[2 * i + 1] = (struct initrd_file){packed[i].manifest_name,
                                                text_string(&packed[i].grants.manifest),
                                                packed[i].grants.manifest.size};
    }
    written = file_is_readable(base, "the initrd (`make build` makes it)") &&
              initrd_write(base, files, 2 * count, output);
    free(base);
    return written;
}

/** Makes the image in the folder @p folder of this run. */
static bool make_image(const struct build_options *options, const struct packed *packed,
                       const char *folder)
{
    char *kernel = project_path("build/kernel.elf");
    char *initrd = text_of("%s/initrd.tar", folder);
    char *arguments =
        options->count == 1 ? text_of("run=%s", packed[0].name) : text_of("%s", "");
    const struct image_request request = {.kernel = kernel,
                                          .initrd = initrd,
                                          .kernel_arguments = arguments,
                                          .output = options->output};
    bool made = file_is_readable(kernel, "the kernel (`make build` makes it)") &&
                write_initrd(packed, options->count, initrd) &&
                image_write(&request, folder);

    free(kernel);
    free(initrd);
    free(arguments);
    return made;
}

/** The same with a folder and its guardian. */
static bool build(const struct build_options *options, const struct packed *packed)
{
    struct guardian guardian;
    char *folder = run_folder_create();
    bool made = false;

    if (folder != NULL && guardian_start(&guardian, folder)) {
        made = make_image(options, packed, folder);
        guardian_finish(&guardian);
    }
    free(folder);
    return made;
}

static bool names_differ(const struct packed *packed, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t k = 0; k < i; k++) {
            if (strcmp(packed[i].name, packed[k].name) == 0) {
                complain("%s stands twice: two programs of an image need two names",
                         packed[i].name);
                return false;
            }
        }
    }
    return true;
}

static bool options_are_complete(const struct build_options *options)
{
    if (options->count == 0) {
        complain("build: which programs? ./mnos build FILE.wasm... -o IMAGE.iso");
    } else if (options->output == NULL) {
        complain("build: into which file? ./mnos build FILE.wasm... -o IMAGE.iso");
    }
    return options->count > 0 && options->output != NULL;
}

int build_command(int argc, char **argv)
{
    struct build_options options = {0};
    struct packed packed[PROGRAMS_MAX] = {0};
    bool good =
        options_parse(&TABLE, &options, argc, argv) && options_are_complete(&options);
    size_t opened = 0;

    while (good && opened < options.count) {
        good = packed_open(options.paths[opened], &packed[opened]);
        opened++;
    }
    good = good && names_differ(packed, opened) && build(&options, packed);
    for (size_t i = 0; i < opened; i++) {
        packed_close(&packed[i]);
    }
    return good ? EXIT_IN_ORDER : EXIT_USAGE;
}
