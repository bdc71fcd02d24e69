/**
 * initrd.c - see initrd.h.
 *
 * A header is one block of fixed fields, numbers in octal text (POSIX.1-2017, pax, "ustar
 * Interchange Format").
 */
#include "initrd.h"
#include "complain.h"
#include "core/ustar.h"
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

/** The most bytes that 11 octal digits tell. */
#define FILE_BYTES_MAX UINT64_C(077777777777)

struct header {
    char name[100];
    char mode[8];
    char uid[8];
    char gid[8];
    char size[12];
    char mtime[12];
    char chksum[8];
    char typeflag;
    char linkname[100];
    char magic[6];
    char version[2];
    char uname[32];
    char gname[32];
    char devmajor[8];
    char devminor[8];
    char prefix[155];
    char unused[12];
};
_Static_assert(sizeof(struct header) == USTAR_BLOCK_SIZE, "one block");

static void make_header(const struct initrd_file *file, struct header *header)
{
    unsigned sum = 0;

    memset(header, 0, sizeof(*header));
    snprintf(header->name, sizeof(header->name), "%s", file->name);
    snprintf(header->mode, sizeof(header->mode), "%07o", 0644);
    snprintf(header->uid, sizeof(header->uid), "%07o", 0);
    snprintf(header->gid, sizeof(header->gid), "%07o", 0);
    snprintf(header->size, sizeof(header->size), "%011llo",
             (unsigned long long)file->size);
    snprintf(header->mtime, sizeof(header->mtime), "%011o", 0);
    header->typeflag = '0';
    memcpy(header->magic, "ustar", sizeof(header->magic));
    memcpy(header->version, "00", sizeof(header->version));
    memset(header->chksum, ' ', sizeof(header->chksum));
    for (size_t i = 0; i < sizeof(*header); i++) {
        sum += ((const uint8_t *)header)[i];
    }
    snprintf(header->chksum, sizeof(header->chksum), "%06o", sum);
}

static bool write_padded(FILE *output, const void *bytes, size_t size)
{
    static const uint8_t zeros[USTAR_BLOCK_SIZE];
    size_t rest = size % USTAR_BLOCK_SIZE;

    return (size == 0 || fwrite(bytes, size, 1, output) == 1) &&
           (rest == 0 || fwrite(zeros, USTAR_BLOCK_SIZE - rest, 1, output) == 1);
}

static bool write_file(FILE *output, const struct initrd_file *file)
{
    struct header header;

    make_header(file, &header);
    return write_padded(output, &header, sizeof(header)) &&
           write_padded(output, file->bytes, file->size);
}

/** Where the end mark of the archive stands; false after complaining. */
static bool find_end(const char *path, const void *bytes, size_t size, size_t *out_end)
{
    struct ustar archive = ustar_open(bytes, size);
    struct ustar_entry entry;
    enum ustar_status status;

    do {
        *out_end = archive.offset;
        status = ustar_next(&archive, &entry);
    } while (status == USTAR_OK);
    if (status != USTAR_END) {
        complain("%s: %s", path, ustar_status_text(status));
    }
    return status == USTAR_END;
}

static bool write_archive(const void *base, size_t base_size,
                          const struct initrd_file *files, size_t count,
                          const char *path)
{
    static const uint8_t end[2 * USTAR_BLOCK_SIZE];
    FILE *output = fopen(path, "wbe");
    bool written = output != NULL && write_padded(output, base, base_size);

    for (size_t i = 0; written && i < count; i++) {
        written = write_file(output, &files[i]);
    }
    written = written && fwrite(end, sizeof(end), 1, output) == 1;
    if (output != NULL && fclose(output) != 0) {
        written = false;
    }
    if (!written) {
        complain_errno("cannot write %s", path);
    }
    return written;
}

static bool files_fit(const struct initrd_file *files, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(files[i].name) >= sizeof((struct header *)0)->name) {
            complain("%s: the name is longer than an initrd can hold", files[i].name);
            return false;
        }
        if (files[i].size > FILE_BYTES_MAX) {
            complain("%s: larger than an initrd can hold", files[i].name);
            return false;
        }
    }
    return true;
}

/** A whole archive, mapped. */
struct mapping {
    void *bytes;
    size_t size;
};

/** Maps the file @p path; false after complaining. */
static bool map_archive(const char *path, struct mapping *out_mapping)
{
    struct stat stat;
    void *bytes = MAP_FAILED;
    int file = open(path, O_RDONLY | O_CLOEXEC);

    if (file >= 0 && fstat(file, &stat) == 0 && stat.st_size > 0) {
        bytes = mmap(NULL, (size_t)stat.st_size, PROT_READ, MAP_PRIVATE, file, 0);
    }
    if (bytes == MAP_FAILED) {
        complain_errno("cannot read %s", path);
    } else {
        *out_mapping = (struct mapping){.bytes = bytes, .size = (size_t)stat.st_size};
    }
    if (file >= 0) {
        close(file);
    }
    return bytes != MAP_FAILED;
}

bool initrd_write(const char *base, const struct initrd_file *files, size_t count,
                  const char *output)
{
    struct mapping archive;
    size_t end;
    bool written;

    if (!files_fit(files, count) || !map_archive(base, &archive)) {
        return false;
    }
    written = find_end(base, archive.bytes, archive.size, &end) &&
              write_archive(archive.bytes, end, files, count, output);
    munmap(archive.bytes, archive.size);
    return written;
}

bool initrd_read(const char *base, const char *name, struct text *text)
{
    struct mapping archive;
    struct ustar_entry entry;
    enum ustar_status status;

    if (!map_archive(base, &archive)) {
        return false;
    }
    status = ustar_find(archive.bytes, archive.size, name, &entry);
    if (status == USTAR_OK) {
        text_add_bytes(text, (const char *)entry.data, entry.size);
    } else {
        complain("%s in %s: %s", name, base, ustar_status_text(status));
    }
    munmap(archive.bytes, archive.size);
    return status == USTAR_OK;
}
