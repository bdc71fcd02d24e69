/**
 * p9_contents.c - attributes, contents of files, directories and links; see p9_client.h.
 */
#include "core/bytes.h"
#include "core/checked_math.h"
#include "services/host_files/p9_exchange.h"

enum {
    READ_OVERHEAD = P9_HEADER_BYTES + 4,   /* count */
    WRITE_OVERHEAD = P9_HEADER_BYTES + 16, /* fid, offset, count */
    BASIC_ATTRIBUTES = 0x7ff
};

#define NS_PER_SECOND UINT64_C(1000000000)

/** S_IFMT of Linux. */
enum { MODE_TYPE = 0170000 };

static uint64_t type_of_mode(uint32_t mode)
{
    switch (mode & MODE_TYPE) {
    case 0040000:
        return FILE_TYPE_DIRECTORY;
    case 0100000:
        return FILE_TYPE_FILE;
    case 0120000:
        return FILE_TYPE_LINK;
    case 0020000:
        return FILE_TYPE_CHARACTER_DEVICE;
    case 0060000:
        return FILE_TYPE_BLOCK_DEVICE;
    case 0140000:
        return FILE_TYPE_SOCKET;
    default:
        return FILE_TYPE_UNKNOWN;
    }
}

/** Seconds and nanoseconds; what does not fit is the last moment that does. */
static uint64_t get_time(struct p9_reader *reader)
{
    uint64_t seconds = p9_get64(reader);
    uint64_t rest = p9_get64(reader);
    uint64_t time;

    if (!checked_mul(seconds, NS_PER_SECOND, &time) ||
        !checked_add(time, rest, &time)) {
        return UINT64_MAX;
    }
    return time;
}

enum file_status p9_attributes(struct p9_client *client, uint32_t fid,
                               struct file_attributes *out_attributes)
{
    struct p9_writer writer = p9_request(client, P9_TGETATTR);
    struct file_attributes attributes = {.device = 1};
    struct p9_reader reader;

    p9_put32(&writer, fid);
    p9_put64(&writer, BASIC_ATTRIBUTES);
    enum file_status status = p9_exchange(client, P9_TGETATTR, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    (void)p9_get64(&reader); /* valid */
    attributes.inode = p9_get_qid(&reader).path;
    attributes.type = type_of_mode(p9_get32(&reader));
    (void)p9_get64(&reader); /* uid, gid */
    attributes.link_count = p9_get64(&reader);
    (void)p9_get64(&reader); /* rdev */
    attributes.size = p9_get64(&reader);
    (void)p9_get64(&reader); /* blksize */
    (void)p9_get64(&reader); /* blocks */
    attributes.access_time_ns = get_time(&reader);
    attributes.modification_time_ns = get_time(&reader);
    attributes.change_time_ns = get_time(&reader);
    if (reader.overran) {
        return FILE_IO;
    }
    *out_attributes = attributes;
    return FILE_OK;
}

static void put_time(struct p9_writer *writer, uint64_t time_ns)
{
    p9_put64(writer, time_ns / NS_PER_SECOND);
    p9_put64(writer, time_ns % NS_PER_SECOND);
}

enum file_status p9_set(struct p9_client *client, uint32_t fid,
                        const struct p9_attributes_to_set *set)
{
    struct p9_writer writer = p9_request(client, P9_TSETATTR);

    p9_put32(&writer, fid);
    p9_put32(&writer, set->valid);
    p9_put32(&writer, 0); /* mode */
    p9_put64(&writer, 0); /* uid, gid */
    p9_put64(&writer, set->size);
    put_time(&writer, set->access_time_ns);
    put_time(&writer, set->modification_time_ns);
    return p9_tell(client, P9_TSETATTR, &writer);
}

/* --- files --- */

uint32_t p9_data_max(const struct p9_client *client)
{
    return client->message_max - WRITE_OVERHEAD;
}

enum file_status p9_read(struct p9_client *client, uint32_t fid, uint64_t offset,
                         void *to, uint32_t size, uint32_t *out_size)
{
    struct p9_writer writer = p9_request(client, P9_TREAD);
    struct p9_reader reader;

    p9_put32(&writer, fid);
    p9_put64(&writer, offset);
    p9_put32(&writer, size);
    enum file_status status = p9_exchange(client, P9_TREAD, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    uint32_t got = p9_get32(&reader);
    const uint8_t *bytes = p9_get_bytes(&reader, got);
    if (bytes == NULL || got > size) {
        return FILE_IO;
    }
    memcpy(to, bytes, got);
    *out_size = got;
    return FILE_OK;
}

enum file_status p9_write(struct p9_client *client, uint32_t fid, uint64_t offset,
                          const void *from, uint32_t size, uint32_t *out_size)
{
    struct p9_writer writer = p9_request(client, P9_TWRITE);
    struct p9_reader reader;

    p9_put32(&writer, fid);
    p9_put64(&writer, offset);
    p9_put32(&writer, size);
    p9_put_bytes(&writer, from, size);
    enum file_status status = p9_exchange(client, P9_TWRITE, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    *out_size = p9_get32(&reader);
    return reader.overran || *out_size > size ? FILE_IO : FILE_OK;
}

enum file_status p9_sync(struct p9_client *client, uint32_t fid, bool data_only)
{
    struct p9_writer writer = p9_request(client, P9_TFSYNC);

    p9_put32(&writer, fid);
    p9_put32(&writer, data_only ? 1 : 0);
    return p9_tell(client, P9_TFSYNC, &writer);
}

enum file_status p9_read_link(struct p9_client *client, uint32_t fid, void *to,
                              size_t size, uint64_t *out_size)
{
    struct p9_writer writer = p9_request(client, P9_TREADLINK);
    struct p9_reader reader;
    uint16_t target_size;

    p9_put32(&writer, fid);
    enum file_status status = p9_exchange(client, P9_TREADLINK, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    const char *target = p9_get_string(&reader, &target_size);
    if (target == NULL) {
        return FILE_IO;
    }
    if (target_size > size) {
        return FILE_NAME_TOO_LONG;
    }
    memcpy(to, target, target_size);
    *out_size = target_size;
    return FILE_OK;
}

/* --- directories --- */

/** dirent's type, which is a mode's, shifted. */
static uint32_t type_of_entry(uint8_t type)
{
    return (uint32_t)type_of_mode((uint32_t)type << 12);
}

static bool is_dots(const char *name, uint16_t size)
{
    return size <= 2 && name[0] == '.' && name[size - 1] == '.';
}

/** May clients see that name? */
static bool is_name(const char *name, uint16_t size)
{
    if (size == 0 || size > P9_NAME_MAX) {
        return false;
    }
    for (uint16_t i = 0; i < size; i++) {
        if (name[i] == '/' || name[i] == '\0') {
            return false;
        }
    }
    return true;
}

/** Turns one entry of the response into one of ours. Bytes written: 0: it is left out, or *@p out_full. */
static uint64_t move_entry(struct p9_reader *reader, uint8_t *to, uint64_t room,
                           bool *out_full)
{
    struct file_entry entry = {.inode = p9_get_qid(reader).path};
    uint16_t size;

    entry.next_cookie = p9_get64(reader);
    entry.type = type_of_entry(p9_get8(reader));
    const char *name = p9_get_string(reader, &size);
    if (name == NULL || !is_name(name, size) || is_dots(name, size) ||
        entry.next_cookie == 0) {
        return 0;
    }
    entry.name_size = size;
    uint64_t bytes = FILE_ENTRY_BYTES(size);
    *out_full = bytes > room;
    if (*out_full) {
        return 0;
    }
    memset(to, 0, bytes);
    memcpy(to, &entry, sizeof(entry));
    memcpy(to + sizeof(entry), name, size);
    return bytes;
}

/** Where entries go, and how far one has come. */
struct listing {
    uint8_t *to;
    uint64_t room;
    uint64_t used;
    uint64_t cookie; /**< behind what was looked at; 0 at the end */
};

/** Moves the entries of a response, as many as fit. FILE_IO: it is damaged. */
static enum file_status move_entries(struct p9_reader *entries, struct listing *listing)
{
    bool is_full = false;

    listing->cookie = 0;
    while (entries->offset < entries->size && !is_full) {
        size_t begin = entries->offset;
        listing->used += move_entry(entries, listing->to + listing->used,
                                    listing->room - listing->used, &is_full);
        if (entries->overran) {
            return FILE_IO;
        }
        listing->cookie = bytes_load_le64(entries->bytes + begin + P9_QID_BYTES);
    }
    return FILE_OK;
}

/** One request, from the listing's cookie on. */
static enum file_status read_entries(struct p9_client *client, uint32_t fid,
                                     struct listing *listing)
{
    struct p9_writer writer = p9_request(client, P9_TREADDIR);
    uint32_t most = client->message_max - READ_OVERHEAD;
    uint64_t half = listing->room / 2; /* ours are at most twice as long as theirs */
    struct p9_reader reader;

    p9_put32(&writer, fid);
    p9_put64(&writer, listing->cookie);
    p9_put32(&writer, half < most ? (uint32_t)half : most);
    enum file_status status = p9_exchange(client, P9_TREADDIR, &writer, &reader);
    if (status != FILE_OK) {
        return status;
    }
    uint32_t count = p9_get32(&reader);
    struct p9_reader entries = {.bytes = p9_get_bytes(&reader, count), .size = count};
    return entries.bytes == NULL ? FILE_IO : move_entries(&entries, listing);
}

enum file_status p9_read_directory(struct p9_client *client, uint32_t fid,
                                   uint64_t cookie, uint8_t *to, uint64_t size,
                                   uint64_t *out_size)
{
    enum { PATIENCE = 64 }; /* responses in a row without an entry that we tell */
    struct listing listing = {.to = to, .room = size, .cookie = cookie};

    for (int i = 0; i < PATIENCE; i++) {
        enum file_status status = read_entries(client, fid, &listing);
        if (status != FILE_OK) {
            return status;
        }
        if (listing.used > 0 || listing.cookie == 0) {
            *out_size = listing.used;
            return FILE_OK;
        }
    }
    return FILE_IO;
}
