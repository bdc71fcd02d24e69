/**
 * qemu_process.c - see qemu_process.h.
 */
#include "qemu_process.h"
#include "complain.h"
#include "qemu.h"
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <unistd.h>

/** In the child: becomes QEMU. */
static void become_qemu(const struct arguments *qemu, pid_t parent,
                        const struct qemu_ends *ends)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* A process group of its own: Ctrl-C is for the command, which then ends QEMU. */
    setpgid(0, 0);
    if (getppid() == parent && dup2(ends->input, STDIN_FILENO) >= 0 &&
        dup2(ends->output, STDOUT_FILENO) >= 0 && fcntl(ends->qmp, F_SETFD, 0) == 0 &&
        (ends->link < 0 || fcntl(ends->link, F_SETFD, 0) == 0)) {
        execvp(qemu->words[0], qemu->words);
        perror(qemu->words[0]);
    }
    _exit(1);
}

static void connect(struct arguments *qemu, const struct qemu_ends *ends)
{
    arguments_add_pair(qemu, "-chardev", "stdio,id=com1,signal=off");
    arguments_add_pair(qemu, "-serial", "chardev:com1");
    arguments_add(qemu, "-chardev");
    arguments_add(qemu, "socket,id=qmp,fd=%d", ends->qmp);
    arguments_add_pair(qemu, "-mon", "chardev=qmp,mode=control");
    arguments_add(qemu, "-S");
    if (ends->link >= 0) {
        qemu_add_link(qemu, ends->link);
    }
}

pid_t qemu_process_start(struct arguments *qemu, const struct qemu_ends *ends)
{
    pid_t parent = getpid();
    pid_t child;

    connect(qemu, ends);
    child = fork();
    if (child == 0) {
        become_qemu(qemu, parent, ends);
    }
    if (child < 0) {
        complain_errno("cannot start a process");
    }
    close(ends->input);
    close(ends->output);
    close(ends->qmp);
    if (ends->link >= 0) {
        close(ends->link);
    }
    return child;
}
