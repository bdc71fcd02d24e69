/**
 * requests_name.c - requests about names in open directories; see request.h.
 */
#include "core/bytes.h"
#include "libfile/request.h"

/** A directory and one name in it. */
struct target {
    file_node directory;
    char name[FILE_NAME_MAX + 1];
};

/** words 0 and 1: a directory's handle and the size of a name. */
static enum file_status find_target(const struct file_request *request,
                                    bool dot_is_fine, struct target *out_target)
{
    enum file_status status =
        request_directory(request, request->words[0], &out_target->directory);

    return status != FILE_OK
               ? status
               : request_name(request, FILE_BUFFER_NAME, request->words[1], dot_is_fine,
                              out_target->name);
}

enum file_status request_stat_at(struct file_request *request)
{
    struct file_attributes attributes;
    struct target target;
    enum file_status status = find_target(request, true, &target);

    if (status == FILE_OK) {
        status = request->system->stat_at(request->system->context, target.directory,
                                          target.name, &attributes);
    }
    if (status == FILE_OK) {
        memcpy(request->session->buffer + FILE_BUFFER_RECORD, &attributes,
               sizeof(attributes));
    }
    return status;
}

enum file_status request_set_times_at(struct file_request *request)
{
    struct file_times times;
    struct target target;
    enum file_status status = find_target(request, true, &target);

    if (status == FILE_OK) {
        status = request_times(request, &times);
    }
    return status != FILE_OK
               ? status
               : request->system->set_times_at(request->system->context,
                                               target.directory, target.name, &times);
}

enum file_status request_read_directory(struct file_request *request)
{
    file_node node;
    enum file_status status = request_directory(request, request->words[0], &node);

    return status != FILE_OK ? status
                             : request->system->read_directory(
                                   request->system->context, node, request->words[1],
                                   request->session->buffer + FILE_BUFFER_DATA,
                                   request_data_max(request), &request->reply[0]);
}

/** Operations on one name that answer nothing. */
static enum file_status on_name(const struct file_request *request,
                                enum file_status (*operation)(void *context,
                                                              file_node directory,
                                                              const char *name))
{
    struct target target;
    enum file_status status = find_target(request, false, &target);

    return status != FILE_OK
               ? status
               : operation(request->system->context, target.directory, target.name);
}

enum file_status request_make_directory(struct file_request *request)
{
    return on_name(request, request->system->make_directory);
}

enum file_status request_remove_directory(struct file_request *request)
{
    return on_name(request, request->system->remove_directory);
}

enum file_status request_unlink(struct file_request *request)
{
    return on_name(request, request->system->unlink);
}

/** Operations on two names. */
static enum file_status
on_names(const struct file_request *request,
         enum file_status (*operation)(void *context, const struct file_names *names))
{
    char from[FILE_NAME_MAX + 1];
    char to[FILE_NAME_MAX + 1];
    struct file_names names = {.from = from, .to = to};
    enum file_status status = request_directory(
        request, FILE_PAIR_LOW(request->words[0]), &names.from_directory);

    if (status == FILE_OK) {
        status = request_directory(request, FILE_PAIR_HIGH(request->words[0]),
                                   &names.to_directory);
    }
    if (status == FILE_OK) {
        status = request_name(request, FILE_BUFFER_NAME,
                              FILE_PAIR_LOW(request->words[1]), false, from);
    }
    if (status == FILE_OK) {
        status = request_name(request, FILE_BUFFER_NAME2,
                              FILE_PAIR_HIGH(request->words[1]), false, to);
    }
    return status != FILE_OK ? status : operation(request->system->context, &names);
}

enum file_status request_rename(struct file_request *request)
{
    return on_names(request, request->system->rename);
}

enum file_status request_link(struct file_request *request)
{
    return on_names(request, request->system->link);
}

enum file_status request_symlink(struct file_request *request)
{
    char text[FILE_TARGET_MAX];
    uint64_t size = request->words[2];
    struct target target;
    enum file_status status = find_target(request, false, &target);

    if (status != FILE_OK) {
        return status;
    }
    if (size == 0 || size > FILE_TARGET_MAX) {
        return size == 0 ? FILE_INVALID : FILE_NAME_TOO_LONG;
    }
    memcpy(text, request->session->buffer + FILE_BUFFER_DATA, size);
    for (uint64_t i = 0; i < size; i++) {
        if (text[i] == '\0') {
            return FILE_INVALID;
        }
    }
    return request->system->symlink(request->system->context, target.directory,
                                    target.name, text, size);
}

enum file_status request_read_link(struct file_request *request)
{
    struct target target;
    enum file_status status = find_target(request, false, &target);

    return status != FILE_OK
               ? status
               : request->system->read_link(
                     request->system->context, target.directory, target.name,
                     request->session->buffer + FILE_BUFFER_DATA,
                     request_data_max(request), &request->reply[0]);
}
