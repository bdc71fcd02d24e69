/**
 * main.c - cat: writes its standard input, or the files that it is given, to standard
 * output.
 *
 * Usage: cat [FILE]... (`-` is standard input). Ends with 1 if a file cannot be read.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static char buffer[65536];

static bool write_all(const char *bytes, size_t size)
{
    while (size > 0) {
        ssize_t written = write(STDOUT_FILENO, bytes, size);

        if (written < 0) {
            fprintf(stderr, "cat: standard output: %s\n", strerror(errno));
            return false;
        }
        bytes += written;
        size -= (size_t)written;
    }
    return true;
}

/** Copies the open file @p file, called @p name. */
static bool copy(int file, const char *name)
{
    ssize_t size;

    while ((size = read(file, buffer, sizeof(buffer))) > 0) {
        if (!write_all(buffer, (size_t)size)) {
            return false;
        }
    }
    if (size < 0) {
        fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
    }
    return size == 0;
}

static bool copy_named(const char *name)
{
    bool copied;
    int file;

    if (strcmp(name, "-") == 0) {
        return copy(STDIN_FILENO, "standard input");
    }
    file = open(name, O_RDONLY);
    if (file < 0) {
        fprintf(stderr, "cat: %s: %s\n", name, strerror(errno));
        return false;
    }
    copied = copy(file, name);
    close(file);
    return copied;
}

int main(int argc, char **argv)
{
    bool copied = true;

    if (argc < 2) {
        return !copy_named("-");
    }
    for (int i = 1; i < argc; i++) {
        copied = copy_named(argv[i]) && copied;
    }
    return !copied;
}
