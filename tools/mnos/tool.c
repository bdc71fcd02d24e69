/**
 * tool.c - see tool.h.
 */
#include "tool.h"
#include "complain.h"
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

bool tool_is_installed(const char *name)
{
    const char *variable = getenv("PATH");
    char *folders = text_of("%s", variable != NULL ? variable : "/usr/bin:/bin");
    char *rest = folders;
    bool found = false;

    for (char *folder = strsep(&rest, ":"); folder != NULL && !found;
         folder = strsep(&rest, ":")) {
        char *path = text_of("%s/%s", folder, name);
        found = access(path, X_OK) == 0;
        free(path);
    }
    free(folders);
    if (!found) {
        complain("%s is not installed: run `sh make/setup.sh run`", name);
    }
    return found;
}

static void show_log(const char *path)
{
    FILE *file = fopen(path, "re");
    int byte;

    if (file == NULL) {
        return;
    }
    while ((byte = getc(file)) != EOF) {
        putc(byte, stderr);
    }
    fclose(file);
}

/** In the child: becomes the program. */
static void become(const struct arguments *arguments, const char *log)
{
    int output = open(log, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    int input = open("/dev/null", O_RDONLY | O_CLOEXEC);

    if (output >= 0 && input >= 0 && dup2(input, STDIN_FILENO) >= 0 &&
        dup2(output, STDOUT_FILENO) >= 0 && dup2(output, STDERR_FILENO) >= 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        execvp(arguments->words[0], arguments->words);
        perror(arguments->words[0]);
    }
    _exit(127);
}

bool tool_run(const struct arguments *arguments, const char *log)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        become(arguments, log);
    }
    if (child < 0 || waitpid(child, &status, 0) != child) {
        complain_errno("cannot run %s", arguments->words[0]);
        return false;
    }
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        complain("%s failed; it said:", arguments->words[0]);
        show_log(log);
        return false;
    }
    return true;
}
