/**
 * instance.c - see instance.h.
 */
#include "init/instance.h"
#include "abi/rights.h"
#include "init/layout.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "mnos/status.h"

/** A badge is the instance's place, from 1 on, and above it how often that was used: so
 *  a badge that is gone is never that of a later instance. */
enum { BADGE_PLACE_BITS = 16 };

_Alignas(MN_IPC_BUFFER_SIZE) struct mn_ipc_buffer init_buffer;

static struct instance instances[INSTANCES_MAX];
static uint64_t generation;

static bool fail(struct mnos_process_error *out_error, const char *step,
                 mn_status status)
{
    *out_error =
        (struct mnos_process_error){.step = step, .cause = mnos_status_text(status)};
    return false;
}

static mn_status open_events(void)
{
    mn_status status = sys_create_notification(MN_INIT_SLOT_MEMORY, INIT_SLOT_EVENTS);

    if (status == MN_OK) {
        status = sys_mint_cap(INIT_SLOT_EVENTS, INIT_SLOT_GONE_EVENT, MN_RIGHTS_SAME,
                              INIT_EVENT_GONE, 0);
    }
    if (status == MN_OK) {
        status = sys_mint_cap(INIT_SLOT_EVENTS, INIT_SLOT_TIMER_EVENT, MN_RIGHTS_SAME,
                              INIT_EVENT_TIMER, 0);
    }
    return status == MN_OK ? sys_bind_signal(INIT_SLOT_EVENTS) : status;
}

bool instances_open(struct mnos_process_error *out_error)
{
    mn_status status = sys_set_buffer(&init_buffer);

    if (status == MN_OK) {
        status = sys_create_endpoint(MN_INIT_SLOT_MEMORY, INIT_SLOT_SUPERVISOR);
    }
    if (status == MN_OK) {
        status = open_events();
    }
    if (status == MN_OK) {
        status = sys_watch_badges(INIT_SLOT_SUPERVISOR, INIT_SLOT_GONE_EVENT);
    }
    return status == MN_OK || fail(out_error, "making the supervisor", status);
}

uint64_t instance_find_slot(void)
{
    static uint64_t size = MN_CNODE_INITIAL_SLOTS;
    uint64_t slot = mnos_cap_find_empty(INIT_SLOT_DYNAMIC);

    if (slot != MNOS_NO_SLOT) {
        return slot;
    }
    slot = size;
    if (sys_grow_cnode(MN_INIT_SLOT_SELF, 2 * size) != MN_OK) {
        return 0;
    }
    size *= 2;
    return slot;
}

static struct instance *find_free(void)
{
    for (unsigned i = 0; i < INSTANCES_MAX; i++) {
        if (instances[i].badge == 0) {
            return &instances[i];
        }
    }
    return NULL;
}

static bool make_account(struct instance *instance, uint64_t bytes,
                         struct mnos_process_error *out_error)
{
    uint64_t slot = instance_find_slot();
    mn_status status = MN_ERROR_NO_MEMORY;

    if (slot != 0) {
        status = sys_create_account(MN_INIT_SLOT_MEMORY, slot,
                                    (bytes + MN_PAGE_SIZE - 1) / MN_PAGE_SIZE);
    }
    if (status != MN_OK) {
        return fail(out_error, "making its account", status);
    }
    instance->account_slot = slot;
    return true;
}

struct mnos_loader instance_loader(const struct instance *instance)
{
    return (struct mnos_loader){.account = instance->account_slot,
                                .self = MN_INIT_SLOT_SELF,
                                .scratch_slot = INIT_SLOT_SCRATCH,
                                .scratch_vaddr = INIT_SCRATCH_PAGE};
}

bool instance_give(const struct instance *instance, uint64_t slot, uint64_t target,
                   uint64_t rights, struct mnos_process_error *out_error)
{
    mn_status status = sys_delegate(instance->process.slot, slot, target, rights);

    return status == MN_OK || fail(out_error, "giving it its capabilities", status);
}

bool instance_give_endpoint(const struct instance *instance, uint64_t slot,
                            uint64_t badge, uint64_t target,
                            struct mnos_process_error *out_error)
{
    mn_status status = sys_mint_cap(slot, INIT_SLOT_SCRATCH,
                                    MN_RIGHT_WRITE | MN_RIGHT_GRANT, badge, 0);

    if (status == MN_OK) {
        /* Without GRANT: what it holds by this badge nobody else can come to hold. */
        status = sys_delegate(instance->process.slot, INIT_SLOT_SCRATCH, target,
                              MN_RIGHT_WRITE);
        (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    }
    return status == MN_OK || fail(out_error, "giving it its endpoints", status);
}

/** SPAWN_PROCESS chooses a slot, which may be one that Init has a use for: moves it. */
static bool move_process(struct instance *instance,
                         struct mnos_process_error *out_error)
{
    uint64_t slot = instance_find_slot();
    mn_status status = MN_ERROR_NO_MEMORY;

    if (slot != 0) {
        status = sys_move_cap(0, instance->process.slot, slot);
    }
    if (status != MN_OK) {
        return fail(out_error, "making the process", status);
    }
    instance->process.slot = slot;
    return true;
}

struct instance *instance_create(const struct instance_request *request,
                                 struct mnos_process_error *out_error)
{
    struct instance *instance = find_free();
    struct mnos_loader loader;

    if (instance == NULL) {
        *out_error = (struct mnos_process_error){.step = "making the process",
                                                 .cause = "there are too many"};
        return NULL;
    }
    *instance = (struct instance){.badge = (uint64_t)(instance - instances + 1) |
                                           ++generation << BADGE_PLACE_BITS,
                                  .kind = request->kind,
                                  .index = request->index};
    if (!make_account(instance, request->memory_bytes, out_error)) {
        *instance = (struct instance){0};
        return NULL;
    }
    loader = instance_loader(instance);
    if (!mnos_process_create(&loader, &instance->process, out_error) ||
        !move_process(instance, out_error) ||
        !instance_give_endpoint(instance, INIT_SLOT_SUPERVISOR, instance->badge,
                                request->life_slot, out_error)) {
        (void)instance_end(instance);
        return NULL;
    }
    return instance;
}

uint64_t instance_end(struct instance *instance)
{
    uint64_t exit_code = 0;

    if (instance->process.slot != 0) {
        (void)sys_kill_process(instance->process.slot, 1);
        (void)sys_wait_process(instance->process.slot, &exit_code);
        (void)sys_drop_cap(instance->process.slot);
    }
    (void)sys_close_account(instance->account_slot);
    (void)sys_drop_cap(instance->account_slot);
    *instance = (struct instance){0};
    return exit_code;
}

struct instance *instance_find(uint64_t badge)
{
    uint64_t place = badge & ((1u << BADGE_PLACE_BITS) - 1);

    if (place == 0 || place > INSTANCES_MAX || instances[place - 1].badge != badge) {
        return NULL;
    }
    return &instances[place - 1];
}
