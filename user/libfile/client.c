/**
 * client.c - see client.h.
 */
#include "libfile/client.h"
#include "core/bytes.h"

enum file_status client_request(const struct file_client *client, uint64_t label,
                                const uint64_t words[3], struct file_answer *out_answer)
{
    struct file_message message = {.label = label,
                                   .words = {words[0], words[1], words[2]}};

    if (!client->call(client->slot, &message) || message.label >= FILE_STATUSES) {
        return FILE_IO;
    }
    if (message.label == FILE_OK && out_answer != NULL) {
        *out_answer = (struct file_answer){{message.words[0], message.words[1]}};
    }
    return (enum file_status)message.label;
}

uint64_t client_put_name(const struct file_client *client, enum file_buffer where,
                         const char *name)
{
    size_t size = strlen(name);

    memcpy(client->buffer + where, name, size <= FILE_NAME_MAX ? size : FILE_NAME_MAX);
    return size;
}

uint64_t client_data_max(const struct file_client *client)
{
    return client->buffer_bytes - FILE_BUFFER_DATA;
}

enum file_status client_open(const struct file_client *client, uint64_t directory,
                             const char *name, uint32_t flags, struct file_answer *out)
{
    const uint64_t words[3] = {directory,
                               client_put_name(client, FILE_BUFFER_NAME, name), 0};

    return client_request(client, FILE_LABEL(FILE_OPEN, flags), words, out);
}

enum file_status client_on_name(const struct file_client *client,
                                enum file_opcode opcode, uint64_t directory,
                                const char *name)
{
    const uint64_t words[3] = {directory,
                               client_put_name(client, FILE_BUFFER_NAME, name), 0};

    return client_request(client, FILE_LABEL(opcode, 0), words, NULL);
}

enum file_status client_on_names(const struct file_client *client,
                                 enum file_opcode opcode, const uint64_t directories[2],
                                 const char *from, const char *to)
{
    const uint64_t words[3] = {
        FILE_PAIR(directories[0], directories[1]),
        FILE_PAIR(client_put_name(client, FILE_BUFFER_NAME, from),
                  client_put_name(client, FILE_BUFFER_NAME2, to)),
        0};

    return client_request(client, FILE_LABEL(opcode, 0), words, NULL);
}
