/**
 * file_sessions.c - see file_sessions.h.
 *
 * The buffer of a session is paid by Init and mapped in three places: in the service, in
 * the program, and not here. The supervisor's own buffer of a service is paid by the
 * service's account, so it goes when the service does.
 */
#include "init/file_sessions.h"
#include "abi/rights.h"
#include "core/bytes.h"
#include "init/layout.h"
#include "init/services.h"
#include "mnos/call.h"
#include "mnos/cap.h"
#include "mnos/ipc.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include "mnos/status.h"

enum { SUPERVISOR_BUFFER_ORDER = 2, HANDLES = 1024 };

#define SUPERVISOR_BUFFER_BYTES (MN_PAGE_SIZE << SUPERVISOR_BUFFER_ORDER)
#define START_PAGE              0x900000ul

/** The badges that sessions have had; the low 16 bits are the place. */
static uint64_t generations[FILE_SESSIONS];

/** One file service as Init speaks to it. */
static uint8_t *supervisor_buffer(const struct instance *service)
{
    return (uint8_t *)(INIT_FILE_BUFFERS + service->index * FILE_BUFFER_STRIDE);
}

/** Frames of the service's account, mapped there and here. */
static mn_status share(const struct instance *service, uint64_t order,
                       uint64_t service_vaddr, uint64_t vaddr)
{
    mn_status status =
        sys_alloc_memory(service->account_slot, INIT_SLOT_SCRATCH, order);

    if (status != MN_OK) {
        return status;
    }
    status = sys_map_memory(service->process.slot, INIT_SLOT_SCRATCH, service_vaddr,
                            MN_MAP_WRITABLE);
    if (status == MN_OK) {
        status = sys_map_memory(MN_INIT_SLOT_SELF, INIT_SLOT_SCRATCH, vaddr,
                                MN_MAP_WRITABLE);
    }
    (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    return status;
}

uint64_t file_service_equip(const struct instance *instance,
                            struct mnos_process_error *out_error)
{
    uint64_t buffer = (uint64_t)supervisor_buffer(instance);
    mn_status status = share(instance, SUPERVISOR_BUFFER_ORDER,
                             FILE_BUFFER_ADDRESS(FILE_BADGE_SUPERVISOR), buffer);

    if (status == MN_OK) {
        status = share(instance, 0, START_PAGE, INIT_SCRATCH_PAGE);
    }
    if (status != MN_OK) {
        *out_error = (struct mnos_process_error){.step = "sharing a buffer with it",
                                                 .cause = mnos_status_text(status)};
        return 0;
    }
    *(struct file_service_start *)INIT_SCRATCH_PAGE =
        (struct file_service_start){.supervisor_buffer_bytes = SUPERVISOR_BUFFER_BYTES,
                                    .wall_time_ns = services_wall_time_ns()};
    (void)sys_unmap_memory(MN_INIT_SLOT_SELF, INIT_SCRATCH_PAGE, 1);
    return START_PAGE;
}

/** CALLs the service as its supervisor. */
static enum file_status call(const char *service, enum file_opcode opcode,
                             uint64_t word)
{
    uint64_t endpoint = services_endpoint(service);
    struct mnos_call message = {.info = MN_MESSAGE_INFO(FILE_LABEL(opcode, 0)),
                                .words = {word}};
    mn_status status;

    if (endpoint == 0 || sys_mint_cap(endpoint, INIT_SLOT_SCRATCH, MN_RIGHT_WRITE,
                                      FILE_BADGE_SUPERVISOR, 0) != MN_OK) {
        return FILE_IO;
    }
    status = sys_call(INIT_SLOT_SCRATCH, &message);
    (void)sys_drop_cap(INIT_SLOT_SCRATCH);
    return status == MN_OK ? (enum file_status)MN_MESSAGE_LABEL(message.info) : FILE_IO;
}

/** A badge that no session has had; 0: there are as many as can be. */
static uint64_t take_badge(void)
{
    for (uint32_t place = FILE_BADGE_FIRST; place < FILE_SESSIONS; place++) {
        if ((generations[place] & 1) == 0) {
            generations[place]++;
            return place | (generations[place] / 2 & 0xffff) << 16;
        }
    }
    return 0;
}

static void give_badge(uint64_t badge)
{
    generations[badge & 0xffff]++;
}

/** Takes the buffer, and maps it into the service. */
static mn_status make_buffer(const struct instance *service,
                             struct file_session *session)
{
    mn_status status;

    session->buffer_slot = instance_find_slot();
    if (session->buffer_slot == 0) {
        return MN_ERROR_NO_MEMORY;
    }
    status = sys_alloc_memory(MN_INIT_SLOT_MEMORY, session->buffer_slot,
                              FILE_SESSION_BUFFER_ORDER);
    if (status == MN_OK) {
        status = sys_map_memory(service->process.slot, session->buffer_slot,
                                FILE_BUFFER_ADDRESS(session->badge), MN_MAP_WRITABLE);
    }
    return status;
}

static enum file_status attach(const struct instance *service,
                               const struct file_session_request *request,
                               const struct file_session *session)
{
    uint8_t *buffer = supervisor_buffer(service);
    struct file_attach attach = {.badge = session->badge,
                                 .quota_bytes = request->quota_bytes,
                                 .buffer_bytes = FILE_SESSION_BUFFER_BYTES,
                                 .flags = request->flags,
                                 .handles = HANDLES,
                                 .path_size = (uint32_t)strlen(request->path)};

    if (attach.path_size > SUPERVISOR_BUFFER_BYTES - FILE_BUFFER_DATA) {
        return FILE_NAME_TOO_LONG;
    }
    memcpy(buffer + FILE_BUFFER_RECORD, &attach, sizeof(attach));
    memcpy(buffer + FILE_BUFFER_DATA, request->path, attach.path_size);
    return call(request->service, FILE_ATTACH, 0);
}

static bool give(const struct instance *program,
                 const struct file_session_request *request,
                 const struct file_session *session)
{
    struct mnos_process_error error;

    return instance_give_endpoint(program, services_endpoint(request->service),
                                  session->badge, request->slot, &error) &&
           sys_map_memory(program->process.slot, session->buffer_slot,
                          request->buffer_vaddr, MN_MAP_WRITABLE) == MN_OK;
}

enum file_status file_session_open(const struct instance *program,
                                   const struct file_session_request *request,
                                   struct file_session *out_session)
{
    struct file_session session = {.badge = take_badge()};
    const struct instance *service = services_instance(request->service);
    enum file_status status = FILE_IO;

    memcpy(session.service, request->service, strlen(request->service) + 1);
    if (session.badge == 0) {
        return FILE_NO_MEMORY;
    }
    if (service != NULL && make_buffer(service, &session) == MN_OK) {
        status = attach(service, request, &session);
    }
    if (status == FILE_OK && !give(program, request, &session)) {
        status = FILE_NO_MEMORY;
    }
    if (status != FILE_OK) {
        file_session_close(&session);
        return status;
    }
    *out_session = session;
    return FILE_OK;
}

void file_session_close(struct file_session *session)
{
    const struct instance *service = services_instance(session->service);

    if (service != NULL) {
        (void)call(session->service, FILE_DETACH, session->badge);
        (void)sys_unmap_memory(service->process.slot,
                               FILE_BUFFER_ADDRESS(session->badge),
                               FILE_SESSION_BUFFER_BYTES / MN_PAGE_SIZE);
    }
    if (session->buffer_slot != 0) {
        (void)sys_drop_cap(session->buffer_slot);
    }
    give_badge(session->badge);
    *session = (struct file_session){0};
}
