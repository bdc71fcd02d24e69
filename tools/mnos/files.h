/**
 * files.h - the files that the command reads and makes.
 *
 * Where the project lies comes from where the command lies, so it works from every
 * folder. What a run makes goes into a folder of its own under build/, so that runs
 * don't meet.
 */
#ifndef MNOS_FILES_H
#define MNOS_FILES_H

#include <stdbool.h>
#include <stdint.h>

/** The path of @p name inside of the project, owned by the caller. */
char *project_path(const char *name);

/** Is @p path a file that can be read? False after complaining; @p what says what the
 *  file is and, where the project makes it, how: "the kernel (make build)". */
bool file_is_readable(const char *path, const char *what);

/** The bytes of the file @p path; 0 where it cannot be told. */
uint64_t file_size(const char *path);

/** Makes the empty folder of this run, build/run/XXXXXX; NULL after complaining. The
 *  caller owns the path, and ends the folder by run_folder_remove(). */
char *run_folder_create(void);

/** Removes the folder @p path with all that is in it. Says nothing: at this point
 *  there is nobody whom a failure would help. */
void run_folder_remove(const char *path);

/** Makes the folder @p path, whose parent exists; false after complaining. */
bool folder_create(const char *path);

/** Makes @p path a sparse file of @p size_bytes zeros; false after complaining. */
bool file_create_sparse(const char *path, uint64_t size_bytes);

/** Makes @p path a file with the text @p text; false after complaining. */
bool file_write_text(const char *path, const char *text);

/** Copies the file @p from to @p to, overwriting it; false after complaining. */
bool file_copy(const char *from, const char *to);

#endif
