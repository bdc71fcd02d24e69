/**
 * image_command.c - see image_command.h.
 */
#include "image_command.h"
#include "arguments.h"
#include "boot_options.h"
#include "complain.h"
#include "files.h"
#include "guardian.h"
#include "image.h"
#include "options.h"
#include <stdlib.h>

/** The options; all but `output` may be NULL. Texts are borrowed from argv. */
struct image_options {
    const char *kernel;
    const char *initrd;
    const char *append;
    const char *limine;
    const char *output;
};

static bool take_kernel(void *target, const char *value)
{
    struct image_options *options = target;

    options->kernel = value;
    return file_is_readable(value, "the kernel");
}

static bool take_initrd(void *target, const char *value)
{
    struct image_options *options = target;

    options->initrd = value;
    return file_is_readable(value, "the initrd");
}

static bool take_append(void *target, const char *value)
{
    struct image_options *options = target;

    options->append = value;
    return kernel_words_are_plain(value);
}

static bool take_limine(void *target, const char *value)
{
    struct image_options *options = target;

    options->limine = value;
    return true;
}

static bool take_output(void *target, const char *value)
{
    struct image_options *options = target;

    options->output = value;
    return true;
}

static const struct option_row ROWS[] = {
    {"--limine", "FOLDER", take_limine,
     "start by the Limine whose files lie there [GRUB]"},
    {"--kernel", "FILE", take_kernel, "another kernel [build/kernel.elf]"},
    {"--initrd", "FILE", take_initrd, "another initrd [build/initrd.tar]"},
    {"--append", "TEXT", take_append, "words for the kernel's command line"},
};

static const struct option_table TABLE = {
    .rows = ROWS,
    .count = sizeof(ROWS) / sizeof(ROWS[0]),
    .operand_max = 1,
    .take_operand = take_output,
};

void image_command_print_help(void)
{
    options_print_help(&TABLE);
}

/** Makes the image, with a folder of its own for what lies in between. */
static bool make_image(const struct image_request *request)
{
    struct guardian guardian;
    char *folder = run_folder_create();
    bool made = false;

    if (folder != NULL && guardian_start(&guardian, folder)) {
        made = image_write(request, folder);
        guardian_finish(&guardian);
    }
    free(folder);
    return made;
}

int image_command(int argc, char **argv)
{
    struct image_options options = {0};
    char *kernel = project_path("build/kernel.elf");
    char *initrd = project_path("build/initrd.tar");
    int status = EXIT_USAGE;

    if (!options_parse(&TABLE, &options, argc, argv)) {
        goto done;
    }
    if (options.output == NULL) {
        complain("image: the name of the ISO image to write is wanted");
        goto done;
    }
    const struct image_request request = {
        .kernel = options.kernel != NULL ? options.kernel : kernel,
        .initrd = options.initrd != NULL ? options.initrd : initrd,
        .kernel_arguments = options.append != NULL ? options.append : "",
        .limine = options.limine,
        .output = options.output,
    };
    if (file_is_readable(request.kernel, "the kernel (`make build` makes it)") &&
        file_is_readable(request.initrd, "the initrd (`make build` makes it)") &&
        make_image(&request)) {
        status = EXIT_IN_ORDER;
    }
done:
    free(kernel);
    free(initrd);
    return status;
}
