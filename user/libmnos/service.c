/**
 * service.c - see service.h.
 *
 * One thread. A capability that comes with a request is taken in a slot that is Empty; the
 * next request gets another one if the handler kept it.
 */
#include "mnos/service.h"

#include "core/format.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include <stddef.h>

enum { LINE_BYTES = 200, SLOTS_MAX = 4096 };

static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));
static uint64_t kept_bits; /* signalled to mnos_service_wait(), not asked for there */

uint64_t mnos_service_slot(void)
{
    static uint64_t next = SERVICE_SLOT_SCRATCH; /* those before are likely taken */
    static uint64_t slots = MN_CNODE_INITIAL_SLOTS;
    uint64_t slot = mnos_cap_find_empty(next);

    if (slot == MNOS_NO_SLOT) {
        slot = mnos_cap_find_empty(SERVICE_SLOT_SCRATCH);
    }
    if (slot == MNOS_NO_SLOT && slots < SLOTS_MAX &&
        sys_grow_cnode(SERVICE_SLOT_SELF, 2 * slots) == MN_OK) {
        slots *= 2;
        slot = mnos_cap_find_empty(slots / 2);
    }
    next = slot == MNOS_NO_SLOT ? SERVICE_SLOT_SCRATCH : slot;
    return slot;
}

struct mn_ipc_buffer *mnos_service_buffer(void)
{
    static bool named;

    if (!named) {
        named = sys_set_buffer(&buffer) == MN_OK;
    }
    return named ? &buffer : NULL;
}

uint64_t mnos_service_event(uint64_t bits)
{
    uint64_t slot = mnos_service_slot();

    if (slot == MNOS_NO_SLOT ||
        sys_mint_cap(SERVICE_SLOT_EVENTS, slot, MN_RIGHT_WRITE | MN_RIGHT_GRANT, bits,
                     0) != MN_OK) {
        return MNOS_NO_SLOT;
    }
    return slot;
}

uint64_t mnos_service_wait(uint64_t mask, uint64_t deadline_ns)
{
    uint64_t bits = kept_bits;

    while ((bits & mask) == 0) {
        uint64_t more;

        if (sys_wait_signal_until(SERVICE_SLOT_EVENTS, deadline_ns, &more) != MN_OK) {
            break;
        }
        bits |= more;
    }
    kept_bits = bits & ~mask;
    return bits & mask;
}

static void take_gone(const struct mnos_service *service)
{
    uint64_t badge;

    while (sys_take_gone_badge(SERVICE_SLOT_REQUESTS, &badge) == MN_OK) {
        if (service->gone != NULL) {
            service->gone(service->context, badge);
        }
    }
}

static void handle_signals(const struct mnos_service *service, uint64_t bits)
{
    if ((bits & SERVICE_EVENT_GONE) != 0) {
        take_gone(service);
    }
    if ((bits & ~SERVICE_EVENT_GONE) != 0 && service->signals != NULL) {
        service->signals(service->context, bits & ~SERVICE_EVENT_GONE);
    }
}

/** Signals that mnos_service_wait() met. */
static void handle_kept(const struct mnos_service *service)
{
    while (kept_bits != 0) {
        uint64_t bits = kept_bits;

        kept_bits = 0;
        handle_signals(service, bits);
    }
}

/** Has clients that are gone told by a copy of the service's own, which stays. The supervisor
 *  has had badges counted from the first on; where it still is told itself, and passes
 *  the signal on, there is nothing to do. */
static void watch_badges(void)
{
    uint64_t event = mnos_service_event(SERVICE_EVENT_GONE);

    if (event != MNOS_NO_SLOT &&
        sys_watch_badges(SERVICE_SLOT_REQUESTS, event) != MN_OK) {
        (void)sys_drop_cap(event);
    }
}

/** Names the slot that the next message's capability goes to. */
static void prepare_slot(void)
{
    struct mn_cap_info info;

    if (buffer.receive[0] == 0 || sys_cap_info(buffer.receive[0], &info) != MN_OK ||
        info.type != MN_CAP_EMPTY) {
        uint64_t slot = mnos_service_slot();

        buffer.receive[0] = slot == MNOS_NO_SLOT ? 0 : slot;
    }
}

mn_status mnos_service_run(const struct mnos_service *service)
{
    static struct mnos_message message;
    mn_status status = mnos_service_buffer() != NULL ? MN_OK : MN_ERROR_BAD_ADDRESS;

    if (status == MN_OK) {
        status = sys_bind_signal(SERVICE_SLOT_EVENTS);
    }
    if (status == MN_OK) {
        watch_badges();
    }
    while (status == MN_OK) {
        handle_kept(service);
        prepare_slot();
        status = mnos_message_reply_recv(&buffer, SERVICE_SLOT_REQUESTS, &message);
        if (status != MN_OK) {
            break;
        }
        if (message.signalled) {
            handle_signals(service, message.badge);
            message = (struct mnos_message){.length = 0};
        } else {
            service->request(service->context, &message);
        }
    }
    return status;
}

void mnos_service_log(const char *name, const char *format, ...)
{
    struct mnos_console console = {.way = MNOS_CONSOLE_DRIVER,
                                   .requests = SERVICE_SLOT_LOG};
    char line[LINE_BYTES];
    va_list arguments;

    va_start(arguments, format);
    (void)format_buffer_v(line, sizeof(line), format, arguments);
    va_end(arguments);
    (void)mnos_console_printf(&console, "[%s] %s\n", name, line);
}
