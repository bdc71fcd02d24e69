/**
 * spec.c - `mnos-wasm spec FILE.json ...`: the command around spec_run.c.
 */
#include "spec.h"
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

struct spec_arguments {
    struct spec_options options;
    const char *skip_path;
    char **files; /* moved to the front of argv */
    int file_count;
};

static bool parse_arguments(int argc, char **argv, struct spec_arguments *out)
{
    bool refused = false;

    *out = (struct spec_arguments){.options = {.engine = engine_options_default()},
                                   .files = argv};
    for (int i = 0; i < argc; i++) {
        if (engine_options_take(&out->options.engine, argc, argv, &i, &refused)) {
            if (refused) {
                return false;
            }
        } else if (strcmp(argv[i], "--verbose") == 0) {
            out->options.verbose = true;
        } else if (strcmp(argv[i], "--skip") == 0) {
            if (++i >= argc) {
                refuse("--skip needs a file");
                return false;
            }
            out->skip_path = argv[i];
        } else if (argv[i][0] == '-') {
            refuse("spec: unknown option %s", argv[i]);
            return false;
        } else {
            argv[out->file_count++] = argv[i];
        }
    }
    if (out->file_count == 0) {
        refuse("spec: give the .json files to run");
        return false;
    }
    return true;
}

int command_spec(int argc, char **argv)
{
    struct spec_arguments arguments;
    struct spec_counts counts = {0};
    struct skip_list *skips = NULL;

    if (!parse_arguments(argc, argv, &arguments)) {
        return STATUS_REFUSED;
    }
    if (arguments.skip_path != NULL) {
        skips = skip_list_load(arguments.skip_path);
        if (skips == NULL) {
            return STATUS_REFUSED;
        }
    }
    arguments.options.skips = skips;
    for (int i = 0; i < arguments.file_count; i++) {
        spec_run_file(arguments.files[i], &arguments.options, &counts);
    }
    skip_list_release(skips);
    printf("%" PRIu64 " passed, %" PRIu64 " failed, %" PRIu64 " skipped\n",
           counts.passed, counts.failed, counts.skipped);
    return counts.failed == 0 ? STATUS_OK : STATUS_FAILED;
}
