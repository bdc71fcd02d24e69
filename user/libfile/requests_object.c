/**
 * requests_object.c - requests about open objects, and FILE_OPEN; see request.h.
 */
#include "core/bytes.h"
#include "core/checked_math.h"
#include "libfile/request.h"

bool request_name_is_good(const char *name, uint64_t size, bool dot_is_fine)
{
    for (uint64_t i = 0; i < size; i++) {
        if (name[i] == '/' || name[i] == '\0') {
            return false;
        }
    }
    bool is_dot = size == 1 && name[0] == '.';
    bool is_dot_dot = size == 2 && name[0] == '.' && name[1] == '.';
    return size > 0 && !is_dot_dot && (!is_dot || dot_is_fine);
}

enum file_status request_name(const struct file_request *request, uint64_t offset,
                              uint64_t size, bool dot_is_fine,
                              char out_name[FILE_NAME_MAX + 1])
{
    if (size > FILE_NAME_MAX) {
        return FILE_NAME_TOO_LONG;
    }
    memcpy(out_name, request->session->buffer + offset, size);
    out_name[size] = '\0';
    return request_name_is_good(out_name, size, dot_is_fine) ? FILE_OK : FILE_INVALID;
}

static struct file_handle *find_handle(const struct file_request *request,
                                       uint64_t number)
{
    return number <= UINT32_MAX ? session_handle(request->session, (uint32_t)number)
                                : NULL;
}

enum file_status request_directory(const struct file_request *request, uint64_t number,
                                   file_node *out_node)
{
    const struct file_handle *handle = find_handle(request, number);

    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    if (handle->type != FILE_TYPE_DIRECTORY) {
        return FILE_NOT_DIRECTORY;
    }
    *out_node = handle->node;
    return FILE_OK;
}

enum file_status request_file(const struct file_request *request, uint64_t number,
                              uint32_t flags, file_node *out_node)
{
    const struct file_handle *handle = find_handle(request, number);

    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    if (handle->type == FILE_TYPE_DIRECTORY) {
        return FILE_IS_DIRECTORY;
    }
    if ((flags & ~(uint32_t)handle->flags) != 0) {
        return FILE_BAD_HANDLE;
    }
    *out_node = handle->node;
    return FILE_OK;
}

uint64_t request_data_max(const struct file_request *request)
{
    return request->session->buffer_bytes - FILE_BUFFER_DATA;
}

/** Checks what is asked for before anything is opened. */
static enum file_status check_open(const struct file_request *request)
{
    const uint32_t changing = FILE_OPEN_WRITE | FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE;

    if ((request->flags & FILE_OPEN_EXCLUSIVE) != 0 &&
        (request->flags & FILE_OPEN_CREATE) == 0) {
        return FILE_INVALID;
    }
    if ((request->flags & FILE_OPEN_DIRECTORY) != 0 &&
        (request->flags & (FILE_OPEN_CREATE | FILE_OPEN_TRUNCATE)) != 0) {
        return FILE_INVALID;
    }
    return request->session->is_read_only && (request->flags & changing) != 0
               ? FILE_READ_ONLY
               : FILE_OK;
}

enum file_status request_open(struct file_request *request)
{
    const struct file_system *system = request->system;
    struct file_session *session = request->session;
    char name[FILE_NAME_MAX + 1];
    file_node directory;
    file_node node;
    enum file_type type;
    uint32_t number;
    enum file_status status = check_open(request);

    if (status == FILE_OK) {
        status = request_directory(request, request->words[0], &directory);
    }
    if (status == FILE_OK) {
        status = request_name(request, FILE_BUFFER_NAME, request->words[1], true, name);
    }
    if (status == FILE_OK) {
        status = session_take_handle(&request->server->sessions, session, &number);
    }
    if (status != FILE_OK) {
        return status;
    }
    status =
        system->open(system->context, directory, name, request->flags, &node, &type);
    if (status != FILE_OK) {
        session_give_handle(session, number);
        return status;
    }
    session->handles[number] = (struct file_handle){
        .node = node,
        .flags = request->flags & (FILE_OPEN_READ | FILE_OPEN_WRITE),
        .type = (uint8_t)type,
        .is_open = true};
    request->reply[0] = number;
    request->reply[1] = type;
    return FILE_OK;
}

enum file_status request_close(struct file_request *request)
{
    const struct file_handle *handle = find_handle(request, request->words[0]);

    if (request->words[0] == FILE_ROOT_HANDLE) {
        return FILE_INVALID;
    }
    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    request->system->close(request->system->context, handle->node);
    session_give_handle(request->session, (uint32_t)request->words[0]);
    return FILE_OK;
}

enum file_status request_stat(struct file_request *request)
{
    const struct file_handle *handle = find_handle(request, request->words[0]);
    struct file_attributes attributes;

    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    enum file_status status =
        request->system->stat(request->system->context, handle->node, &attributes);
    if (status == FILE_OK) {
        memcpy(request->session->buffer + FILE_BUFFER_RECORD, &attributes,
               sizeof(attributes));
    }
    return status;
}

enum file_status request_times(const struct file_request *request,
                               struct file_times *out_times)
{
    const uint64_t access = FILE_TIMES_ACCESS | FILE_TIMES_ACCESS_NOW;
    const uint64_t modification = FILE_TIMES_MODIFICATION | FILE_TIMES_MODIFICATION_NOW;

    memcpy(out_times, request->session->buffer + FILE_BUFFER_RECORD,
           sizeof(*out_times));
    bool is_good = (out_times->flags & ~(uint64_t)FILE_TIMES_FLAGS) == 0 &&
                   (out_times->flags & access) != access &&
                   (out_times->flags & modification) != modification;
    return is_good ? FILE_OK : FILE_INVALID;
}

enum file_status request_set_times(struct file_request *request)
{
    const struct file_handle *handle = find_handle(request, request->words[0]);
    struct file_times times;

    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    enum file_status status = request_times(request, &times);
    return status != FILE_OK ? status
                             : request->system->set_times(request->system->context,
                                                          handle->node, &times);
}

enum file_status request_read(struct file_request *request)
{
    uint64_t size = request->words[2];
    file_node node;
    enum file_status status =
        request_file(request, request->words[0], FILE_OPEN_READ, &node);

    if (status != FILE_OK) {
        return status;
    }
    if (size > request_data_max(request)) {
        size = request_data_max(request);
    }
    return request->system->read(request->system->context, node, request->words[1],
                                 request->session->buffer + FILE_BUFFER_DATA, size,
                                 &request->reply[0]);
}

enum file_status request_write(struct file_request *request)
{
    const struct file_write write = {
        .offset = request->words[1],
        .append = (request->flags & FILE_WRITE_APPEND) != 0,
        .bytes = request->session->buffer + FILE_BUFFER_DATA,
        .size = request->words[2]};
    file_node node;
    enum file_status status =
        request_file(request, request->words[0], FILE_OPEN_WRITE, &node);

    if (status == FILE_OK && write.size > request_data_max(request)) {
        status = FILE_INVALID;
    }
    return status != FILE_OK
               ? status
               : request->system->write(request->system->context, node, &write,
                                        &request->reply[0], &request->reply[1]);
}

enum file_status request_set_size(struct file_request *request)
{
    file_node node;
    enum file_status status =
        request_file(request, request->words[0], FILE_OPEN_WRITE, &node);

    return status != FILE_OK ? status
                             : request->system->set_size(request->system->context, node,
                                                         request->words[1]);
}

enum file_status request_allocate(struct file_request *request)
{
    uint64_t end;
    file_node node;
    enum file_status status =
        request_file(request, request->words[0], FILE_OPEN_WRITE, &node);

    if (status != FILE_OK) {
        return status;
    }
    if (request->words[2] == 0) {
        return FILE_INVALID;
    }
    if (!checked_add(request->words[1], request->words[2], &end)) {
        return FILE_TOO_LARGE;
    }
    return request->system->allocate(request->system->context, node, request->words[1],
                                     request->words[2]);
}

/** Advice changes nothing that a client could see: every service may ignore it, and all do. */
enum file_status request_advise(struct file_request *request)
{
    file_node node;

    if (request->flags > 5) {
        return FILE_INVALID;
    }
    return request_file(request, request->words[0], 0, &node);
}

enum file_status request_sync(struct file_request *request)
{
    const struct file_handle *handle = find_handle(request, request->words[0]);

    if (handle == NULL) {
        return FILE_BAD_HANDLE;
    }
    return request->system->sync(request->system->context, handle->node,
                                 (request->flags & FILE_SYNC_DATA_ONLY) != 0);
}
