/**
 * clients.c - see clients.h.
 *
 * A client that was told to wait before it subscribed tries once more after it has
 * (protocols/stream.h), so nothing is kept for who has no notification here.
 */
#include "services/console/clients.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include <stddef.h>

enum { CLIENTS_MAX = 1024 };

struct client {
    uint64_t slot; /**< of its Notification; 0: no client */
    uint64_t badge;
    uint64_t bits;
    bool waits;
};

static struct client clients[CLIENTS_MAX];
static uint32_t used; /* none behind these was ever taken */

static struct client *find(uint64_t badge)
{
    for (uint32_t i = 0; i < used; i++) {
        if (clients[i].slot != 0 && clients[i].badge == badge) {
            return &clients[i];
        }
    }
    return NULL;
}

static struct client *find_free(void)
{
    for (uint32_t i = 0; i < used; i++) {
        if (clients[i].slot == 0) {
            return &clients[i];
        }
    }
    return used < CLIENTS_MAX ? &clients[used++] : NULL;
}

bool clients_subscribe(uint64_t badge, uint64_t slot, uint64_t bits)
{
    struct client *client = find(badge);

    if (client != NULL) {
        (void)sys_drop_cap(client->slot);
    } else {
        client = find_free();
    }
    if (client == NULL) {
        return false;
    }
    *client = (struct client){.slot = slot, .badge = badge, .bits = bits};
    return true;
}

void clients_wait(uint64_t badge)
{
    struct client *client = find(badge);

    if (client != NULL) {
        client->waits = true;
    }
}

void clients_forget(uint64_t badge)
{
    struct client *client = find(badge);

    if (client != NULL) {
        (void)sys_drop_cap(client->slot);
        *client = (struct client){.slot = 0};
    }
}

void console_changed(void)
{
    for (uint32_t i = 0; i < used; i++) {
        if (clients[i].slot != 0 && clients[i].waits) {
            clients[i].waits = false;
            (void)!sys_signal(clients[i].slot, clients[i].bits);
        }
    }
}
