/**
 * guardian.c - see guardian.h.
 */
#include "guardian.h"
#include "complain.h"
#include "files.h"
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

/** The guardian's life. @p pipe is its end; nobody ever writes to the other.
 *  @p settings: of the terminal, NULL where there is none. */
static void guard(int pipe, const struct termios *settings, const char *folder)
{
    sigset_t all;
    char byte;

    /* Also SIGTTOU: with it blocked, a process in the background may set the terminal. */
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    while (read(pipe, &byte, 1) > 0) {
    }
    if (settings != NULL) {
        tcsetattr(STDIN_FILENO, TCSANOW, settings);
    }
    if (folder != NULL) {
        run_folder_remove(folder);
    }
    _exit(0);
}

bool guardian_start(struct guardian *guardian, const char *folder)
{
    int ends[2];
    /* Before the fork: this process goes on to change the terminal. */
    struct termios settings;
    bool terminal = tcgetattr(STDIN_FILENO, &settings) == 0;

    if (pipe2(ends, O_CLOEXEC) != 0) {
        complain_errno("cannot make a pipe");
        return false;
    }
    guardian->pid = fork();
    if (guardian->pid == 0) {
        close(ends[1]);
        guard(ends[0], terminal ? &settings : NULL, folder);
    }
    close(ends[0]);
    if (guardian->pid < 0) {
        complain_errno("cannot start a process");
        close(ends[1]);
        return false;
    }
    guardian->pipe = ends[1];
    return true;
}

void guardian_finish(struct guardian *guardian)
{
    close(guardian->pipe);
    (void)waitpid(guardian->pid, NULL, 0);
}
