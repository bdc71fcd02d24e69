/**
 * service.c - the RAM file system's process, and sessions with it; see guest_host.h.
 */
#include "core/bytes.h"
#include "guest_host/guest_host.h"
#include "mnos/authority.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"

#define SCRATCH_VADDR     0x70000000ul
#define SUPERVISOR_BUFFER 0x71000000ul
#define START_VADDR       0x72000000ul
#define SERVICE_STACK_TOP 0x10000000ul

enum { SERVICE_FRAMES = 8192, SUPERVISOR_BUFFER_ORDER = 2, SESSION_ORDER = 4 };

static uint64_t requests; /* all rights, not badged */
static uint64_t supervisor;
static uint64_t service;
static uint64_t next_badge = FILE_BADGE_FIRST;
static uint64_t frames[FILE_SESSIONS]; /* by badge: the buffer's slot */

static bool call(uint64_t slot, struct file_message *message)
{
    struct mnos_call out = {
        .info = MN_MESSAGE_INFO(message->label),
        .words = {message->words[0], message->words[1], message->words[2]}};

    if (sys_call(slot, &out) != MN_OK) {
        return false;
    }
    message->label = MN_MESSAGE_LABEL(out.info);
    memcpy(message->words, out.words, sizeof(message->words));
    return true;
}

/** Pages that Init and the service share. Gives the frames' slot. */
static uint64_t share(unsigned order, uint64_t vaddr, uint64_t service_vaddr,
                      uint64_t service_flags)
{
    uint64_t frame = take_slot();

    require(sys_alloc_memory(MN_INIT_SLOT_MEMORY, frame, order) == MN_OK, "frames");
    require(vaddr == 0 || sys_map_memory(MN_INIT_SLOT_SELF, frame, vaddr,
                                         MN_MAP_WRITABLE) == MN_OK,
            "mapping frames");
    require(sys_map_memory(service, frame, service_vaddr, service_flags) == MN_OK,
            "mapping frames in the service");
    return frame;
}

static void give(uint64_t source, uint64_t target, uint64_t rights)
{
    require(sys_delegate(service, source, target, rights) == MN_OK,
            "a capability for the service");
}

void service_start(void)
{
    const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                       .self = MN_INIT_SLOT_SELF,
                                       .scratch_slot = take_slot(),
                                       .scratch_vaddr = SCRATCH_VADDR};
    struct mnos_process_error error;
    struct mnos_process process;
    uint64_t account = take_slot();
    size_t size;
    const uint8_t *image = initrd_file("ramfs", &size);

    require(
        image != NULL && mnos_process_create(&loader, &process, &error) &&
            mnos_process_load(&loader, &process, image, size, &error) &&
            mnos_process_map_stack(&loader, &process, SERVICE_STACK_TOP, 16, &error),
        "the service's process");
    service = process.slot;
    requests = take_slot();
    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, requests) == MN_OK, "an endpoint");
    require(sys_create_account(MN_INIT_SLOT_MEMORY, account, SERVICE_FRAMES) == MN_OK,
            "an account");
    give(account, SERVICE_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    give(service, SERVICE_SLOT_SELF, MN_RIGHT_WRITE);
    give(requests, SERVICE_SLOT_REQUESTS, MN_RIGHT_READ);
    share(SUPERVISOR_BUFFER_ORDER, SUPERVISOR_BUFFER,
          FILE_BUFFER_ADDRESS(FILE_BADGE_SUPERVISOR), MN_MAP_WRITABLE);
    share(0, START_VADDR, START_VADDR, 0);
    *(struct file_service_start *)START_VADDR = (struct file_service_start){
        .supervisor_buffer_bytes = MN_PAGE_SIZE << SUPERVISOR_BUFFER_ORDER};
    supervisor = take_slot();
    require(sys_mint_cap(requests, supervisor, MN_RIGHT_WRITE, FILE_BADGE_SUPERVISOR,
                         0) == MN_OK,
            "the supervisor's badge");
    require(mnos_process_start(&process, START_VADDR, &error), "the service's thread");
}

static void attach(const struct grant *grant, uint64_t badge)
{
    const struct file_client client = {.slot = supervisor, .call = call};
    const uint64_t words[3] = {0, 0, 0};
    const struct file_attach record = {
        .badge = badge,
        .quota_bytes = 8 << 20,
        .buffer_bytes = SESSION_BUFFER_BYTES,
        .flags = FILE_ATTACH_CREATE | (grant->is_read_only ? FILE_ATTACH_READ_ONLY : 0),
        .handles = 2000,
        .path_size = (uint32_t)strlen(grant->volume_path)};

    memcpy((void *)(SUPERVISOR_BUFFER + FILE_BUFFER_RECORD), &record, sizeof(record));
    memcpy((void *)(SUPERVISOR_BUFFER + FILE_BUFFER_DATA), grant->volume_path,
           record.path_size);
    require(client_request(&client, FILE_ATTACH, words, NULL) == FILE_OK, "attaching");
}

uint64_t session_open(const struct grant *grant, uint64_t process, uint64_t vaddr,
                      uint64_t endpoint_slot)
{
    uint64_t badge = next_badge++;

    frames[badge] = share(SESSION_ORDER, process == 0 ? vaddr : 0,
                          FILE_BUFFER_ADDRESS(badge), MN_MAP_WRITABLE);
    if (process != 0) {
        require(sys_map_memory(process, frames[badge], vaddr, MN_MAP_WRITABLE) == MN_OK,
                "mapping a buffer");
    }
    attach(grant, badge);
    require(sys_mint_cap(requests, endpoint_slot, MN_RIGHT_WRITE | MN_RIGHT_GRANT,
                         badge, 0) == MN_OK,
            "a session's badge");
    return badge;
}

void session_close(uint64_t badge)
{
    const struct file_client client = {.slot = supervisor, .call = call};
    const uint64_t words[3] = {badge, 0, 0};

    require(client_request(&client, FILE_DETACH, words, NULL) == FILE_OK, "detaching");
    require(sys_revoke(frames[badge]) == MN_OK, "taking a buffer back");
    drop(frames[badge]);
}

struct file_client session_client(uint64_t endpoint_slot, uint64_t vaddr)
{
    return (struct file_client){.slot = endpoint_slot,
                                .buffer = (uint8_t *)vaddr,
                                .buffer_bytes = SESSION_BUFFER_BYTES,
                                .call = call};
}
