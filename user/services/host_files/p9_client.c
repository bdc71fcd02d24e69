/**
 * p9_client.c - the session, fids, names; see p9_client.h. Contents are in p9_contents.c.
 */
#include "services/host_files/p9_client.h"
#include "core/bytes.h"
#include "services/host_files/p9_exchange.h"

enum {
    MESSAGE_MIN = 4096, /* what is agreed on is at least that */
    FILE_MODE = 0644,
    DIRECTORY_MODE = 0755,
    GROUP = 0,
    UNLINK_DIRECTORY = 0x200, /* AT_REMOVEDIR */
    NO_USER = -1
};

static const char version[] = "9P2000.L";

enum file_status p9_status(uint32_t error)
{
    static const struct {
        uint8_t error; /* Linux's number */
        uint8_t status;
    } table[] = {{1, FILE_NOT_PERMITTED},
                 {2, FILE_NO_ENTRY},
                 {4, FILE_IO},
                 {5, FILE_IO},
                 {12, FILE_NO_MEMORY},
                 {13, FILE_ACCESS},
                 {16, FILE_BUSY},
                 {17, FILE_EXISTS},
                 {18, FILE_CROSS_DEVICE},
                 {20, FILE_NOT_DIRECTORY},
                 {21, FILE_IS_DIRECTORY},
                 {22, FILE_INVALID},
                 {23, FILE_NO_MEMORY},
                 {24, FILE_NO_MEMORY},
                 {26, FILE_BUSY},
                 {27, FILE_TOO_LARGE},
                 {28, FILE_NO_SPACE},
                 {30, FILE_READ_ONLY},
                 {31, FILE_TOO_MANY_LINKS},
                 {36, FILE_NAME_TOO_LONG},
                 {38, FILE_NOT_SUPPORTED},
                 {39, FILE_NOT_EMPTY},
                 {40, FILE_IS_LINK},
                 {95, FILE_NOT_SUPPORTED},
                 {122, FILE_QUOTA}};

    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
        if (table[i].error == error) {
            return (enum file_status)table[i].status;
        }
    }
    return FILE_IO;
}

/* --- exchange --- */

struct p9_writer p9_request(struct p9_client *client, enum p9_type type)
{
    size_t most = client->message_max < client->transport.request_max
                      ? client->message_max
                      : client->transport.request_max;
    bool is_first = type == P9_TVERSION;

    client->tag = is_first ? P9_NO_TAG : (uint16_t)((client->tag + 1) & 0x7fff);
    return p9_begin(client->transport.request, most, type, client->tag);
}

enum file_status p9_exchange(struct p9_client *client, enum p9_type type,
                             struct p9_writer *writer, struct p9_reader *out_reader)
{
    const struct p9_transport *transport = &client->transport;
    uint32_t error;
    size_t size;

    if (!p9_end(writer)) {
        return FILE_NAME_TOO_LONG;
    }
    if (!transport->transact(transport->context, writer->size, &size) ||
        size > transport->response_max ||
        !p9_open_response(transport->response, size, type, client->tag, out_reader,
                          &error)) {
        return FILE_IO;
    }
    return error != 0 ? p9_status(error) : FILE_OK;
}

enum file_status p9_tell(struct p9_client *client, enum p9_type type,
                         struct p9_writer *writer)
{
    struct p9_reader reader;

    return p9_exchange(client, type, writer, &reader);
}

void p9_put_name(struct p9_writer *writer, const char *name)
{
    p9_put_string(writer, name, strlen(name));
}

/* --- the session --- */

static enum file_status agree(struct p9_client *client)
{
    struct p9_writer writer = p9_request(client, P9_TVERSION);
    struct p9_reader reader;
    uint16_t size;

    p9_put32(&writer, client->message_max);
    p9_put_name(&writer, version);
    enum file_status status = p9_exchange(client, P9_TVERSION, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    uint32_t message_max = p9_get32(&reader);
    const char *told = p9_get_string(&reader, &size);
    if (told == NULL || size != strlen(version) || memcmp(told, version, size) != 0 ||
        message_max < MESSAGE_MIN || message_max > client->message_max) {
        return FILE_IO;
    }
    client->message_max = message_max;
    return FILE_OK;
}

enum file_status p9_connect(struct p9_client *client)
{
    const struct p9_transport *transport = &client->transport;

    client->message_max = (uint32_t)(transport->request_max < transport->response_max
                                         ? transport->request_max
                                         : transport->response_max);
    enum file_status status = agree(client);
    if (status != FILE_OK) {
        return status;
    }
    struct p9_writer writer = p9_request(client, P9_TATTACH);
    p9_put32(&writer, P9_ROOT_FID);
    p9_put32(&writer, P9_NO_FID);
    p9_put_name(&writer, ""); /* user */
    p9_put_name(&writer, ""); /* tree */
    p9_put32(&writer, (uint32_t)NO_USER);
    return p9_tell(client, P9_TATTACH, &writer);
}

enum file_status p9_clone(struct p9_client *client, uint32_t fid, uint32_t new_fid)
{
    struct p9_writer writer = p9_request(client, P9_TWALK);

    p9_put32(&writer, fid);
    p9_put32(&writer, new_fid);
    p9_put16(&writer, 0);
    return p9_tell(client, P9_TWALK, &writer);
}

enum file_status p9_walk(struct p9_client *client, uint32_t fid, const char *name,
                         uint32_t new_fid, struct p9_qid *out_qid)
{
    struct p9_writer writer = p9_request(client, P9_TWALK);
    struct p9_reader reader;

    p9_put32(&writer, fid);
    p9_put32(&writer, new_fid);
    p9_put16(&writer, 1);
    p9_put_name(&writer, name);
    enum file_status status = p9_exchange(client, P9_TWALK, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    uint16_t count = p9_get16(&reader);
    struct p9_qid qid = p9_get_qid(&reader);
    if (count != 1 || reader.overran) {
        return FILE_IO;
    }
    *out_qid = qid;
    return FILE_OK;
}

void p9_clunk(struct p9_client *client, uint32_t fid)
{
    struct p9_writer writer = p9_request(client, P9_TCLUNK);

    p9_put32(&writer, fid);
    (void)!p9_tell(client, P9_TCLUNK, &writer);
}

enum file_status p9_open(struct p9_client *client, uint32_t fid, uint32_t flags)
{
    struct p9_writer writer = p9_request(client, P9_TLOPEN);

    p9_put32(&writer, fid);
    p9_put32(&writer, flags);
    return p9_tell(client, P9_TLOPEN, &writer);
}

enum file_status p9_create(struct p9_client *client, uint32_t fid, const char *name,
                           uint32_t flags)
{
    struct p9_writer writer = p9_request(client, P9_TLCREATE);

    p9_put32(&writer, fid);
    p9_put_name(&writer, name);
    p9_put32(&writer, flags);
    p9_put32(&writer, FILE_MODE);
    p9_put32(&writer, GROUP);
    return p9_tell(client, P9_TLCREATE, &writer);
}

/* --- names --- */

enum file_status p9_make_directory(struct p9_client *client, uint32_t fid,
                                   const char *name)
{
    struct p9_writer writer = p9_request(client, P9_TMKDIR);

    p9_put32(&writer, fid);
    p9_put_name(&writer, name);
    p9_put32(&writer, DIRECTORY_MODE);
    p9_put32(&writer, GROUP);
    return p9_tell(client, P9_TMKDIR, &writer);
}

enum file_status p9_unlink(struct p9_client *client, uint32_t fid, const char *name,
                           bool is_directory)
{
    struct p9_writer writer = p9_request(client, P9_TUNLINKAT);

    p9_put32(&writer, fid);
    p9_put_name(&writer, name);
    p9_put32(&writer, is_directory ? UNLINK_DIRECTORY : 0);
    return p9_tell(client, P9_TUNLINKAT, &writer);
}

enum file_status p9_rename(struct p9_client *client, uint32_t from_fid,
                           const char *from, uint32_t to_fid, const char *to)
{
    struct p9_writer writer = p9_request(client, P9_TRENAMEAT);

    p9_put32(&writer, from_fid);
    p9_put_name(&writer, from);
    p9_put32(&writer, to_fid);
    p9_put_name(&writer, to);
    return p9_tell(client, P9_TRENAMEAT, &writer);
}

enum file_status p9_link(struct p9_client *client, uint32_t directory_fid, uint32_t fid,
                         const char *name)
{
    struct p9_writer writer = p9_request(client, P9_TLINK);

    p9_put32(&writer, directory_fid);
    p9_put32(&writer, fid);
    p9_put_name(&writer, name);
    return p9_tell(client, P9_TLINK, &writer);
}

enum file_status p9_symlink(struct p9_client *client, uint32_t fid, const char *name,
                            const void *target, size_t size)
{
    struct p9_writer writer = p9_request(client, P9_TSYMLINK);

    p9_put32(&writer, fid);
    p9_put_name(&writer, name);
    p9_put_string(&writer, target, size);
    p9_put32(&writer, GROUP);
    return p9_tell(client, P9_TSYMLINK, &writer);
}
