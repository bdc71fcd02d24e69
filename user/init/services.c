/**
 * services.c - see services.h.
 */
#include "init/services.h"
#include "abi/rights.h"
#include "core/bytes.h"
#include "init/file_sessions.h"
#include "init/layout.h"
#include "init/system_manifest.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/ipc.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/status.h"
#include "mnos/tar.h"
#include "protocols/clock.h"
#include "protocols/console.h"
#include "protocols/service.h"

enum {
    SERVICE_STACK_PAGES = 16,
    /** Ends in a row after which a service is given up. One that ran for
     *  STEADY_NS begins anew. */
    RESTARTS_MAX = 5
};

#define SERVICE_STACK_TOP MN_INIT_STACK_TOP
#define FIRST_PAUSE_NS    UINT64_C(50000000) /**< doubled by each end in a row */
#define STEADY_NS         UINT64_C(10000000000)

/** What Init knows of a service beside its lines in the manifest. */
struct service_state {
    uint64_t endpoint_slot; /**< 0: given up, or not begun */
    uint64_t events_slot;   /**< its notification */
    uint64_t badge;         /**< of its instance; 0: it does not run */
    uint64_t started_ns;
    uint64_t due_ns; /**< when it is to be started again; 0: it is not */
    unsigned ends;   /**< in a row */
};

static struct system_manifest manifest;
static struct service_state states[SYSTEM_SERVICES_MAX];

/** Init's powers by the names that the manifest has for them. */
static const struct {
    const char *name;
    uint64_t slot;
} powers[] = {
    {"machine", MN_INIT_SLOT_MACHINE},
    {"interrupts", MN_INIT_SLOT_INTERRUPTS},
    {"pci_config", MN_INIT_SLOT_PCI_CONFIG},
    {"inspector", MN_INIT_SLOT_INSPECTOR},
    {"device_memory", MN_INIT_SLOT_DEVICE_MEMORY},
    {"dma", MN_INIT_SLOT_DMA},
    {"rtc", MN_INIT_SLOT_RTC},
    {"typed_lines", INIT_SLOT_INPUT},
};

static bool is_word(const char *word, const char *text)
{
    return strlen(word) == strlen(text) && memcmp(word, text, strlen(text)) == 0;
}

static bool fail(struct mnos_process_error *out_error, const char *step,
                 const char *cause)
{
    *out_error = (struct mnos_process_error){.step = step, .cause = cause};
    return false;
}

/** Gives one of Init's powers. One that this machine lacks leaves its slot Empty. */
static bool give_power(const struct instance *instance,
                       const struct system_grant *grant, uint64_t target,
                       struct mnos_process_error *out_error)
{
    struct mn_cap_info info;

    for (size_t i = 0; i < sizeof(powers) / sizeof(powers[0]); i++) {
        if (!is_word(grant->name, powers[i].name)) {
            continue;
        }
        if (sys_cap_info(powers[i].slot, &info) == MN_OK && info.type == MN_CAP_EMPTY) {
            return true;
        }
        return instance_give(instance, powers[i].slot, target, grant->rights,
                             out_error);
    }
    return fail(out_error, "giving it a power", "Init has none of that name");
}

static bool give_grant(const struct instance *instance,
                       const struct system_grant *grant, uint64_t target,
                       struct mnos_process_error *out_error)
{
    uint64_t endpoint;

    switch (grant->kind) {
    case SYSTEM_GRANT_POWER:
        return give_power(instance, grant, target, out_error);
    case SYSTEM_GRANT_SERVICE:
        endpoint = services_endpoint(grant->name);
        return endpoint == 0 || instance_give_endpoint(instance, endpoint, grant->badge,
                                                       target, out_error);
    case SYSTEM_GRANT_NONE:
        break;
    }
    return true;
}

/** The slots that every service is born with. */
static bool equip(const struct instance *instance, struct mnos_process_error *out_error)
{
    return instance_give(instance, instance->account_slot, SERVICE_SLOT_ACCOUNT,
                         MN_RIGHT_WRITE, out_error) &&
           instance_give(instance, instance->process.slot, SERVICE_SLOT_SELF,
                         MN_RIGHT_WRITE | MN_RIGHT_EXEC, out_error) &&
           instance_give(instance, states[instance->index].endpoint_slot,
                         SERVICE_SLOT_REQUESTS, MN_RIGHT_READ, out_error) &&
           instance_give(instance, states[instance->index].events_slot,
                         SERVICE_SLOT_EVENTS,
                         MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_GRANT, out_error) &&
           (INIT_BADGE_SERVICES + instance->index >= CONSOLE_CLIENTS ||
            instance_give_endpoint(instance, INIT_SLOT_REQUESTS,
                                   INIT_BADGE_SERVICES + instance->index,
                                   SERVICE_SLOT_LOG, out_error));
}

/** Fills the instance and starts it. */
static bool fill(const struct init *init, struct instance *instance,
                 struct mnos_process_error *out_error)
{
    const struct system_service *service = &manifest.services[instance->index];
    struct mnos_loader loader = instance_loader(instance);
    uint64_t argument = 0;
    struct tar_file file;
    const char *problem =
        tar_find(init->initrd, init->boot_info->initrd_size, service->file, &file);

    if (problem != NULL) {
        return fail(out_error, "finding its file", problem);
    }
    if (!equip(instance, out_error)) {
        return false;
    }
    for (uint32_t i = 0; i < service->grant_count; i++) {
        if (!give_grant(instance, &service->grants[i], SERVICE_SLOT_OWN + i,
                        out_error)) {
            return false;
        }
    }
    if (service->serves_files) {
        argument = file_service_equip(instance, out_error);
    }
    return (!service->serves_files || argument != 0) &&
           mnos_process_load(&loader, &instance->process, file.data, file.size,
                             out_error) &&
           mnos_process_map_stack(&loader, &instance->process, SERVICE_STACK_TOP,
                                  SERVICE_STACK_PAGES, out_error) &&
           mnos_process_start(&instance->process, argument, out_error);
}

/** Nobody serves any more: who waits hears it, and later calls fail at once. */
static void give_up(uint32_t index)
{
    (void)sys_drop_cap(states[index].endpoint_slot);
    states[index].endpoint_slot = 0;
    states[index].due_ns = 0;
}

/** Starts a service whose endpoint stands; gives it up when that fails. */
static void start(struct init *init, uint32_t index)
{
    const struct system_service *service = &manifest.services[index];
    const struct instance_request request = {.kind = INSTANCE_SERVICE,
                                             .index = index,
                                             .memory_bytes = service->memory_bytes,
                                             .life_slot = SERVICE_SLOT_LIFE};
    struct mnos_process_error error;
    struct instance *instance = instance_create(&request, &error);

    states[index].due_ns = 0;
    if (instance != NULL && !fill(init, instance, &error)) {
        (void)instance_end(instance);
        instance = NULL;
    }
    if (instance == NULL) {
        (void)init_fail(init, "%s: %s: %s", service->name, error.step, error.cause);
        give_up(index);
        return;
    }
    states[index].badge = instance->badge;
    states[index].started_ns = mnos_clock_ns();
    init_say(init, "%s: running as pid %llu", service->name,
             (unsigned long long)instance->process.pid);
}

/** The notification of a service, which hears of badges of its endpoint that are gone. */
static mn_status make_events(struct service_state *state)
{
    uint64_t slot = instance_find_slot();
    mn_status status = MN_ERROR_NO_MEMORY;

    if (slot != 0) {
        status = sys_create_notification(MN_INIT_SLOT_MEMORY, slot);
    }
    if (status != MN_OK) {
        return status;
    }
    state->events_slot = slot;
    status =
        sys_mint_cap(slot, INIT_SLOT_SCRATCH, MN_RIGHTS_SAME, SERVICE_EVENT_GONE, 0);
    if (status == MN_OK) {
        status = sys_watch_badges(state->endpoint_slot, INIT_SLOT_SCRATCH);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    return status;
}

/** Makes the endpoint of a service: for what comes before it serves, too. */
static bool make_endpoint(struct init *init, uint32_t index)
{
    uint64_t slot = instance_find_slot();
    mn_status status = MN_ERROR_NO_MEMORY;

    if (slot != 0) {
        status = sys_create_endpoint(MN_INIT_SLOT_MEMORY, slot);
    }
    if (status == MN_OK) {
        states[index].endpoint_slot = slot;
        status = make_events(&states[index]);
    }
    return status == MN_OK ||
           init_fail(init, "%s: making its endpoint: %s", manifest.services[index].name,
                     mnos_status_text(status));
}

bool services_start(struct init *init)
{
    struct tar_file file;

    if (tar_find(init->initrd, init->boot_info->initrd_size, "system.manifest",
                 &file) != NULL) {
        return false;
    }
    if (!system_manifest_read((const char *)file.data, file.size, &manifest)) {
        return init_fail(init, "system.manifest: %s", manifest.error);
    }
    for (uint32_t i = 0; i < manifest.count; i++) {
        if (make_endpoint(init, i)) {
            start(init, i);
        }
    }
    return true;
}

/** Arms the timer for the service that is due first. */
static void arm_timer(void)
{
    uint64_t first = 0;

    for (uint32_t i = 0; i < manifest.count; i++) {
        if (states[i].due_ns != 0 && (first == 0 || states[i].due_ns < first)) {
            first = states[i].due_ns;
        }
    }
    if (first != 0) {
        (void)sys_set_timer(INIT_SLOT_TIMER_EVENT, first);
    }
}

void services_ended(struct init *init, struct instance *instance)
{
    uint32_t index = instance->index;
    struct service_state *state = &states[index];
    const char *name = manifest.services[index].name;
    uint64_t now = mnos_clock_ns();
    uint64_t exit_code = instance_end(instance);

    state->badge = 0;
    if (manifest.services[index].optional && exit_code != 0 && state->ends == 0) {
        init_say(init, "%s: not on this machine", name);
        give_up(index);
        return;
    }
    state->ends = now - state->started_ns < STEADY_NS ? state->ends + 1 : 1;
    if (state->ends > RESTARTS_MAX) {
        (void)init_fail(init, "%s: ended with %llu, %u times in a row: given up", name,
                        (unsigned long long)exit_code, state->ends);
        give_up(index);
        return;
    }
    init_say(init, "%s: ended with %llu, is started again", name,
             (unsigned long long)exit_code);
    state->due_ns = now + (FIRST_PAUSE_NS << (state->ends - 1));
    arm_timer();
}

void services_tick(struct init *init)
{
    uint64_t now = mnos_clock_ns();

    for (uint32_t i = 0; i < manifest.count; i++) {
        if (states[i].due_ns != 0 && states[i].due_ns <= now) {
            start(init, i);
        }
    }
    arm_timer();
}

uint64_t services_endpoint(const char *name)
{
    uint32_t index = system_manifest_find(&manifest, name);

    return index < manifest.count ? states[index].endpoint_slot : 0;
}

struct instance *services_instance(const char *name)
{
    uint32_t index = system_manifest_find(&manifest, name);

    return index < manifest.count ? instance_find(states[index].badge) : NULL;
}

const struct system_manifest *services_manifest(void)
{
    return &manifest;
}

uint64_t services_wall_time_ns(void)
{
    static uint64_t wall_time_ns;
    struct mnos_call message = {.info = MN_MESSAGE_INFO(CLOCK_WALL)};
    uint64_t endpoint = services_endpoint("clock");

    if (wall_time_ns == 0 && endpoint != 0 && sys_call(endpoint, &message) == MN_OK &&
        MN_MESSAGE_LABEL(message.info) == CLOCK_OK) {
        wall_time_ns = message.words[0];
    }
    return wall_time_ns;
}
