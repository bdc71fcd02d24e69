/**
 * guardian.h - puts back, however the command ends, what it changed on its host.
 *
 * A second process holds the terminal's settings and the name of the run's folder and
 * waits. When the command is gone, in order or by a signal that can't be caught, its
 * end of a pipe closes, and the guardian restores the terminal and removes the folder.
 * It is the only place that does either, so this path runs every time.
 */
#ifndef MNOS_GUARDIAN_H
#define MNOS_GUARDIAN_H

#include <stdbool.h>
#include <sys/types.h>

struct guardian {
    pid_t pid;
    int pipe; /**< this command's end; closing it wakes the guardian */
};

/** Starts it for @p folder (NULL: none) and for the terminal on standard input, where
 *  that is one; false after complaining. Before any descriptor that should close with
 *  the command is opened: the guardian would keep it open. */
bool guardian_start(struct guardian *guardian, const char *folder);

/** Has the guardian put everything back and waits until it has. */
void guardian_finish(struct guardian *guardian);

#endif
