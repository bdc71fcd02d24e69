/**
 * compare.c - ordinary use of files, told step by step: run here and by node:wasi on the
 * same tree, the two must tell the same.
 */
#include "attack.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void tell(const char *what, long long result)
{
    printf("%s: %lld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static void files(void)
{
    char buffer[64] = {0};
    int fd = open("/box/new", O_CREAT | O_RDWR | O_EXCL, 0666);

    tell("create", fd >= 0);
    tell("create again", open("/box/new", O_CREAT | O_RDWR | O_EXCL, 0666));
    tell("write", write(fd, "hello, world", 12));
    tell("seek", lseek(fd, -5, SEEK_END));
    tell("read", read(fd, buffer, 3));
    printf("%s\n", buffer);
    tell("pread", pread(fd, buffer, 5, 0));
    printf("%s\n", buffer);
    tell("pwrite", pwrite(fd, "J", 1, 0));
    tell("position", lseek(fd, 0, SEEK_CUR));
    tell("seek before the start", lseek(fd, -100, SEEK_CUR));
    tell("truncate", ftruncate(fd, 4));
    struct stat status;
    tell("stat", fstat(fd, &status));
    printf("size %lld, links %llu, regular %d\n", (long long)status.st_size,
           (unsigned long long)status.st_nlink, S_ISREG(status.st_mode));
    tell("sync", fsync(fd));
    tell("close", close(fd));
    tell("close again", close(fd));
    fd = open("/box/new", O_WRONLY | O_APPEND);
    tell("append", write(fd, "++", 2));
    tell("read of a write-only file", read(fd, buffer, 1) < 0);
    close(fd);
    fd = open("/box/new", O_RDONLY);
    memset(buffer, 0, sizeof(buffer));
    tell("read all", read(fd, buffer, sizeof(buffer)));
    printf("%s\n", buffer);
    tell("read at the end", read(fd, buffer, sizeof(buffer)));
    close(fd);
}

static void names(void)
{
    struct stat status;
    char target[64] = {0};

    tell("mkdir", mkdir("/box/d", 0777));
    tell("mkdir again", mkdir("/box/d", 0777));
    tell("mkdir below a file", mkdir("/box/new/d", 0777));
    tell("rename", rename("/box/new", "/box/d/renamed"));
    tell("stat of the old name", stat("/box/new", &status));
    tell("link", link("/box/d/renamed", "/box/second"));
    tell("stat", stat("/box/second", &status));
    printf("links %llu\n", (unsigned long long)status.st_nlink);
    tell("symlink", symlink("d/renamed", "/box/soft"));
    tell("readlink", readlink("/box/soft", target, sizeof(target)));
    printf("%s\n", target);
    tell("stat through it", stat("/box/soft", &status));
    printf("size %lld\n", (long long)status.st_size);
    tell("lstat", lstat("/box/soft", &status));
    printf("link %d\n", S_ISLNK(status.st_mode));
    tell("rmdir of a full one", rmdir("/box/d"));
    tell("rmdir of a file", rmdir("/box/second"));
    tell("unlink", unlink("/box/d/renamed"));
    tell("stat of a dangling link", stat("/box/soft", &status));
    tell("rmdir", rmdir("/box/d"));
    tell("unlink the rest", unlink("/box/second") + unlink("/box/soft"));
    tell("open of nothing", open("/box/nothing", O_RDONLY));
    tell("open of a directory as one", open("/box", O_RDONLY | O_DIRECTORY) >= 0);
    tell("open of a file as a directory", open("/box/file", O_RDONLY | O_DIRECTORY));
    tell("beyond", open("/box/../secret", O_RDONLY) < 0);
    tell("link that escapes", open("/box/link_secret", O_RDONLY) < 0);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void entries(const char *path)
{
    DIR *directory = opendir(path);
    char *found[64];
    int count = 0;

    if (directory == NULL) {
        tell("opendir", -1);
        return;
    }
    for (struct dirent *i = readdir(directory); i != NULL && count < 64;
         i = readdir(directory)) {
        if (strcmp(i->d_name, ".") != 0 && strcmp(i->d_name, "..") != 0) {
            found[count++] = strdup(i->d_name);
        }
    }
    closedir(directory);
    qsort(found, (size_t)count, sizeof(found[0]), by_name);
    for (int i = 0; i < count; i++) {
        printf("%s/%s\n", path, found[i]);
    }
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++) {
        printf("argument %s\n", argv[i]);
    }
    printf("%s\n", getenv("NAME") != NULL ? getenv("NAME") : "no NAME");
    entries("/box");
    entries("/box/dir");
    entries("/box/file");
    files();
    names();
    return 42;
}
