/**
 * files.c - see files.h.
 */
#include "files.h"
#include "arguments.h"
#include "complain.h"
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

char *project_path(const char *name)
{
    char self[PATH_MAX];
    ssize_t length = readlink("/proc/self/exe", self, sizeof(self) - 1);

    if (length < 0) {
        complain_errno("cannot find out where this command lies");
        exit(EXIT_USAGE);
    }
    self[length] = '\0';
    /* PROJECT/build/host/mnos: three names off. */
    for (int i = 0; i < 3; i++) {
        char *slash = strrchr(self, '/');
        if (slash != NULL) {
            *slash = '\0';
        }
    }
    return text_of("%s/%s", self, name);
}

bool file_is_readable(const char *path, const char *what)
{
    struct stat status;

    if (access(path, R_OK) != 0 || stat(path, &status) != 0) {
        complain_errno("cannot read %s, %s", path, what);
        return false;
    }
    if (S_ISDIR(status.st_mode)) {
        complain("%s, %s, is a folder", path, what);
        return false;
    }
    return true;
}

bool folder_create(const char *path)
{
    if (mkdir(path, 0777) != 0 && errno != EEXIST) {
        complain_errno("cannot make the folder %s", path);
        return false;
    }
    return true;
}

uint64_t file_size(const char *path)
{
    struct stat found;

    return stat(path, &found) == 0 && found.st_size > 0 ? (uint64_t)found.st_size : 0;
}

char *run_folder_create(void)
{
    char *parent = project_path("build/run");
    bool made = folder_create(parent);
    char *path = text_of("%s/XXXXXX", parent);

    free(parent);
    if (made && mkdtemp(path) != NULL) {
        return path;
    }
    if (made) {
        complain_errno("cannot make the folder %s", path);
    }
    free(path);
    return NULL;
}

static int remove_entry(const char *path, const struct stat *status, int type,
                        struct FTW *position)
{
    (void)status;
    (void)type;
    (void)position;
    (void)remove(path);
    return 0;
}

void run_folder_remove(const char *path)
{
    (void)nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS);
}

bool file_create_sparse(const char *path, uint64_t size_bytes)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool made = file >= 0 && ftruncate(file, (off_t)size_bytes) == 0;

    if (!made) {
        complain_errno("cannot make %s", path);
    }
    if (file >= 0) {
        close(file);
    }
    return made;
}

bool file_write_text(const char *path, const char *text)
{
    FILE *file = fopen(path, "we");
    bool written = file != NULL && fputs(text, file) >= 0;

    if (file != NULL && fclose(file) != 0) {
        written = false;
    }
    if (!written) {
        complain_errno("cannot write %s", path);
    }
    return written;
}

/** Copies what is left of @p from to @p to; false with errno set. */
static bool copy_bytes(int from, int to)
{
    char buffer[1 << 16];
    ssize_t size;

    while ((size = read(from, buffer, sizeof(buffer))) > 0) {
        for (ssize_t done = 0; done < size;) {
            ssize_t written = write(to, buffer + done, (size_t)(size - done));
            if (written < 0) {
                return false;
            }
            done += written;
        }
    }
    return size == 0;
}

bool file_copy(const char *from, const char *to)
{
    int source = open(from, O_RDONLY | O_CLOEXEC);
    int target = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    bool copied = source >= 0 && target >= 0 && copy_bytes(source, target);

    if (!copied) {
        complain_errno("cannot copy %s to %s", from, to);
    }
    if (source >= 0) {
        close(source);
    }
    if (target >= 0 && close(target) != 0 && copied) {
        complain_errno("cannot write %s", to);
        copied = false;
    }
    return copied;
}
