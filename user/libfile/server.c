/**
 * server.c - requests by badge and opcode; attaching and detaching. See server.h.
 */
#include "libfile/server.h"
#include "core/bytes.h"
#include "libfile/request.h"

/** What the opcodes of a session do. Flags that an opcode does not name are refused. */
static const struct {
    file_handler handler;
    uint32_t flags;
    bool changes; /* refused in a read-only session */
} operations[] = {
    [FILE_OPEN] = {request_open, FILE_OPEN_FLAGS, false},
    [FILE_CLOSE] = {request_close, 0, false},
    [FILE_STAT] = {request_stat, 0, false},
    [FILE_STAT_AT] = {request_stat_at, 0, false},
    [FILE_SET_TIMES] = {request_set_times, 0, true},
    [FILE_SET_TIMES_AT] = {request_set_times_at, 0, true},
    [FILE_READ] = {request_read, 0, false},
    [FILE_WRITE] = {request_write, FILE_WRITE_APPEND, true},
    [FILE_SET_SIZE] = {request_set_size, 0, true},
    [FILE_ALLOCATE] = {request_allocate, 0, true},
    [FILE_ADVISE] = {request_advise, 7, false},
    [FILE_SYNC] = {request_sync, FILE_SYNC_DATA_ONLY, false},
    [FILE_READ_DIRECTORY] = {request_read_directory, 0, false},
    [FILE_MAKE_DIRECTORY] = {request_make_directory, 0, true},
    [FILE_REMOVE_DIRECTORY] = {request_remove_directory, 0, true},
    [FILE_UNLINK] = {request_unlink, 0, true},
    [FILE_RENAME] = {request_rename, 0, true},
    [FILE_LINK] = {request_link, 0, true},
    [FILE_SYMLINK] = {request_symlink, 0, true},
    [FILE_READ_LINK] = {request_read_link, 0, false},
};

enum { OPERATIONS = sizeof(operations) / sizeof(operations[0]) };

static enum file_status handle_session(struct file_server *server, uint64_t badge,
                                       struct file_message *message,
                                       uint64_t out_words[2])
{
    uint32_t opcode = FILE_LABEL_OPCODE(message->label);
    struct file_request request = {
        .server = server,
        .system = server->sessions.system,
        .session = sessions_find(&server->sessions, badge),
        .flags = (uint32_t)FILE_LABEL_FLAGS(message->label),
        .words = message->words,
    };

    if (request.session == NULL) {
        return FILE_NO_SESSION;
    }
    if (opcode >= OPERATIONS || operations[opcode].handler == NULL ||
        (request.flags & ~operations[opcode].flags) != 0) {
        return FILE_INVALID;
    }
    if (operations[opcode].changes && request.session->is_read_only) {
        return FILE_READ_ONLY;
    }
    enum file_status status = operations[opcode].handler(&request);
    out_words[0] = request.reply[0];
    out_words[1] = request.reply[1];
    return status;
}

static bool is_power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static bool attach_is_good(const struct file_attach *attach)
{
    return attach->badge >= FILE_BADGE_FIRST && attach->badge <= UINT32_MAX &&
           (attach->badge & 0xffff) < FILE_SESSIONS &&
           (attach->badge & 0xffff) != FILE_BADGE_SUPERVISOR &&
           is_power_of_two(attach->buffer_bytes) &&
           attach->buffer_bytes >= FILE_BUFFER_BYTES_MIN &&
           attach->buffer_bytes <= FILE_BUFFER_STRIDE &&
           (attach->flags & ~(uint32_t)FILE_ATTACH_FLAGS) == 0 &&
           attach->handles >= 1 && attach->handles <= FILE_HANDLES_MAX &&
           attach->path_size <= FILE_TARGET_MAX && attach->reserved == 0;
}

static enum file_status attach_session(struct file_server *server)
{
    const uint8_t *buffer = server->supervisor_buffer;
    char path[FILE_TARGET_MAX + 1];
    struct file_attach attach;

    if (server->supervisor_buffer_bytes < FILE_BUFFER_BYTES_MIN) {
        return FILE_INVALID;
    }
    memcpy(&attach, buffer + FILE_BUFFER_RECORD, sizeof(attach));
    if (!attach_is_good(&attach)) {
        return FILE_INVALID;
    }
    memcpy(path, buffer + FILE_BUFFER_DATA, attach.path_size);
    path[attach.path_size] = '\0';
    if (strlen(path) != attach.path_size) {
        return FILE_INVALID;
    }
    return sessions_attach(&server->sessions, &attach, path,
                           server->buffer_of(attach.badge));
}

static enum file_status handle_supervisor(struct file_server *server,
                                          const struct file_message *message)
{
    struct file_session *session;

    switch (message->label) {
    case FILE_ATTACH:
        return attach_session(server);
    case FILE_DETACH:
        session = sessions_find(&server->sessions, message->words[0]);
        if (session == NULL) {
            return FILE_NO_SESSION;
        }
        sessions_detach(&server->sessions, session);
        return FILE_OK;
    default:
        return FILE_INVALID;
    }
}

void server_handle(struct file_server *server, uint64_t badge,
                   struct file_message *message)
{
    uint64_t words[2] = {0, 0};
    enum file_status status = badge == FILE_BADGE_SUPERVISOR
                                  ? handle_supervisor(server, message)
                                  : handle_session(server, badge, message, words);

    *message = (struct file_message){.label = status, .words = {words[0], words[1], 0}};
}

void server_badge_gone(struct file_server *server, uint64_t badge)
{
    struct file_session *session = sessions_find(&server->sessions, badge);

    if (session != NULL) {
        sessions_detach(&server->sessions, session);
    }
}
