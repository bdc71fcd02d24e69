/**
 * qmp.c - see qmp.h.
 */
#include "qmp.h"
#include "complain.h"
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool qmp_open(struct qmp *qmp, int *out_qemu_end)
{
    int ends[2];

    *qmp = (struct qmp){.socket = -1};
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0) {
        complain_errno("cannot make a socket");
        return false;
    }
    qmp->socket = ends[0];
    *out_qemu_end = ends[1];
    return true;
}

/** A hundred bytes into an empty socket: never in parts. */
static bool send_text(struct qmp *qmp, const char *text)
{
    ssize_t size = (ssize_t)strlen(text);

    return qmp->socket >= 0 &&
           send(qmp->socket, text, (size_t)size, MSG_NOSIGNAL | MSG_DONTWAIT) == size;
}

bool qmp_start_machine(struct qmp *qmp)
{
    return send_text(qmp, "{\"execute\":\"qmp_capabilities\"}\n"
                          "{\"execute\":\"cont\"}\n");
}

bool qmp_quit(struct qmp *qmp)
{
    return send_text(qmp, "{\"execute\":\"quit\"}\n");
}

/** QEMU writes one JSON object a line; what it writes is trusted, its host runs it. */
static void read_line(struct qmp *qmp)
{
    qmp->line[qmp->length] = '\0';
    qmp->length = 0;
    if (strstr(qmp->line, "\"event\": \"SHUTDOWN\"") == NULL) {
        return;
    }
    if (strstr(qmp->line, "\"reason\": \"guest-shutdown\"") != NULL) {
        qmp->shutdown = QMP_GUEST_SHUTDOWN;
    } else if (strstr(qmp->line, "\"reason\": \"guest-reset\"") != NULL) {
        qmp->shutdown = QMP_GUEST_RESET;
    } else {
        qmp->shutdown = QMP_OTHER_SHUTDOWN;
    }
}

void qmp_read(struct qmp *qmp)
{
    char bytes[QMP_LINE_MAX];
    ssize_t size = -1;

    while (qmp->socket >= 0 &&
           (size = recv(qmp->socket, bytes, sizeof(bytes), MSG_DONTWAIT)) > 0) {
        for (ssize_t i = 0; i < size; i++) {
            if (bytes[i] == '\n') {
                read_line(qmp);
            } else if (qmp->length < QMP_LINE_MAX - 1) {
                qmp->line[qmp->length++] = bytes[i];
            }
        }
    }
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR)) {
        qmp_close(qmp);
    }
}

void qmp_close(struct qmp *qmp)
{
    if (qmp->socket >= 0) {
        close(qmp->socket);
        qmp->socket = -1;
    }
}
