/**
 * sessions.c - see sessions.h.
 */
#include "libfile/sessions.h"

enum { FIRST_HANDLES = 16 };

static struct file_session *place_of(struct file_sessions *sessions, uint64_t badge)
{
    uint64_t index = badge & 0xffff;

    return index < FILE_SESSIONS ? &sessions->entries[index] : NULL;
}

struct file_session *sessions_find(struct file_sessions *sessions, uint64_t badge)
{
    struct file_session *session = place_of(sessions, badge);

    return session != NULL && badge != 0 && session->badge == badge ? session : NULL;
}

/** Makes the table longer; new entries are free. */
static enum file_status grow(struct file_sessions *sessions,
                             struct file_session *session)
{
    uint32_t most = session->handles_max + 1;
    uint32_t count =
        session->handle_count == 0 ? FIRST_HANDLES : session->handle_count * 2;

    if (session->handle_count >= most) {
        return FILE_NO_HANDLES;
    }
    count = count < most ? count : most;
    struct file_handle *handles =
        sessions->memory->reallocate(session->handles, count * sizeof(*handles));
    if (handles == NULL) {
        return FILE_NO_MEMORY;
    }
    session->handles = handles;
    for (uint32_t number = count; number-- > session->handle_count;) {
        handles[number] = (struct file_handle){.next_free = session->free_handle};
        session->free_handle = number;
    }
    session->handle_count = count;
    return FILE_OK;
}

enum file_status sessions_attach(struct file_sessions *sessions,
                                 const struct file_attach *attach, const char *path,
                                 uint8_t *buffer)
{
    struct file_session *session = place_of(sessions, attach->badge);
    file_node root;

    if (session == NULL) {
        return FILE_INVALID;
    }
    if (session->badge != 0) {
        return FILE_BUSY;
    }
    *session = (struct file_session){
        .buffer_bytes = attach->buffer_bytes,
        .handles_max = attach->handles,
        .is_read_only = (attach->flags & FILE_ATTACH_READ_ONLY) != 0};
    session->buffer = buffer;
    enum file_status status = grow(sessions, session);
    if (status == FILE_OK) {
        status =
            sessions->system->attach(sessions->system->context, attach, path, &root);
    }
    if (status != FILE_OK) {
        sessions->memory->release(session->handles);
        *session = (struct file_session){0};
        return status;
    }
    session->free_handle = session->handles[FILE_ROOT_HANDLE].next_free;
    session->handles[FILE_ROOT_HANDLE] =
        (struct file_handle){.node = root,
                             .flags = FILE_OPEN_READ,
                             .type = FILE_TYPE_DIRECTORY,
                             .is_open = true};
    session->badge = attach->badge;
    return FILE_OK;
}

void sessions_detach(struct file_sessions *sessions, struct file_session *session)
{
    const struct file_system *system = sessions->system;
    file_node root = session->handles[FILE_ROOT_HANDLE].node;

    for (uint32_t i = FILE_ROOT_HANDLE + 1; i < session->handle_count; i++) {
        if (session->handles[i].is_open) {
            system->close(system->context, session->handles[i].node);
        }
    }
    system->detach(system->context, root);
    sessions->memory->release(session->handles);
    *session = (struct file_session){0};
}

struct file_handle *session_handle(const struct file_session *session, uint32_t number)
{
    if (number >= session->handle_count || !session->handles[number].is_open) {
        return NULL;
    }
    return &session->handles[number];
}

enum file_status session_take_handle(struct file_sessions *sessions,
                                     struct file_session *session, uint32_t *out_number)
{
    if (session->free_handle == 0) {
        enum file_status status = grow(sessions, session);
        if (status != FILE_OK) {
            return status;
        }
    }
    *out_number = session->free_handle;
    session->free_handle = session->handles[*out_number].next_free;
    return FILE_OK;
}

void session_give_handle(struct file_session *session, uint32_t number)
{
    session->handles[number] = (struct file_handle){.next_free = session->free_handle};
    session->free_handle = number;
}
