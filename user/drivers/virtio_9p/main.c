/**
 * main.c - virtio_9p: carries 9P messages between one client and the host
 * (protocols/p9_transport.h), and looks into none.
 *
 * Source: virtio 1.2, 5, has only the device's number (9); queue, feature and configuration
 * are as Linux's <linux/virtio_9p.h> has them: one queue, feature 0 for the mount tag, the
 * tag in the configuration (16 bits of length, then the bytes). A request is a chain: the
 * message to read, then room to write.
 *
 * The block that carries messages is lent to the client. So the client can change a request
 * while the host reads it; that is between those two. The queue lies in a block of its own,
 * which no client ever has.
 */
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "libdriver/virtio_driver.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/p9_transport.h"

enum {
    QUEUE = 0,
    QUEUE_SIZE = 4,
    BLOCK_ORDER = 5,
    REQUEST_OFFSET = 0,
    RESPONSE_OFFSET = P9_TRANSPORT_MESSAGE_MAX,
    MESSAGE_MIN = 7, /* size, type, tag */
    TAG_MAX = 24,
    TAG_WORD = 5
};
_Static_assert(MN_PAGE_SIZE << BLOCK_ORDER == 2ul * P9_TRANSPORT_MESSAGE_MAX,
               "two halves");

#define FEATURE_MOUNT_TAG (UINT64_C(1) << 0)

static struct virtio_driver driver;
static struct virtio_memory ring;
static struct virtio_memory block;
static struct virtio_queue queue;
static uint8_t tag[TAG_MAX];
static bool is_open;
static uint64_t client; /* the badge that has the channel open */
static uint64_t lent;   /* slot above what that client has of the block */

int main(void);

static bool read_tag(void)
{
    uint8_t length[2];
    uint32_t size;

    if (virtio_pci_read_device(&driver.device, 0, length, sizeof(length)) !=
        VIRTIO_OK) {
        return false;
    }
    size = bytes_load_le16(length);
    return virtio_pci_read_device(&driver.device, sizeof(length), tag,
                                  size < TAG_MAX ? size : TAG_MAX) == VIRTIO_OK;
}

/** Makes the capability that clients get copies of, so that those can be revoked. */
static bool lend(void)
{
    lent = mnos_service_slot();
    return lent != MNOS_NO_SLOT && sys_mint_cap(block.frame, lent,
                                                MN_RIGHT_READ | MN_RIGHT_WRITE |
                                                    MN_RIGHT_GRANT | MN_RIGHT_REVOKE,
                                                0, 0) == MN_OK;
}

/** The client is gone or done: its copy and its mappings of the block go. */
static void close_channel(void)
{
    (void)!sys_revoke(lent);
    (void)sys_drop_cap(lent);
    memset(block.bytes, 0, MN_PAGE_SIZE << BLOCK_ORDER);
    is_open = false;
}

static enum p9_transport_status open_channel(struct mnos_message *message)
{
    if (is_open && client != message->badge) {
        return P9_BUSY;
    }
    if (is_open) {
        close_channel(); /* the client was started again */
    }
    if (!lend()) {
        return P9_BUSY;
    }
    is_open = true;
    client = message->badge;
    message->words[0] = MN_PAGE_SIZE << BLOCK_ORDER;
    message->words[1] = REQUEST_OFFSET;
    message->words[2] = P9_TRANSPORT_MESSAGE_MAX;
    message->words[3] = RESPONSE_OFFSET;
    message->words[4] = P9_TRANSPORT_MESSAGE_MAX;
    memcpy(&message->words[TAG_WORD], tag, TAG_MAX);
    mnos_message_add_cap(message, lent, MN_RIGHT_READ | MN_RIGHT_WRITE);
    return P9_OK;
}

static bool is_size(uint64_t size)
{
    return size >= MESSAGE_MIN && size <= P9_TRANSPORT_MESSAGE_MAX;
}

/** Hands the request to the host and waits for its response. */
static enum p9_transport_status transact(struct mnos_message *message)
{
    if (!is_size(message->words[0]) || !is_size(message->words[1])) {
        return P9_INVALID;
    }
    const struct virtqueue_buffer buffers[] = {
        {block.physical + REQUEST_OFFSET, (uint32_t)message->words[0]},
        {block.physical + RESPONSE_OFFSET, (uint32_t)message->words[1]}};
    const struct virtqueue_chain chain = {
        .buffers = buffers, .readable = 1, .writable = 1};
    struct virtqueue_completion done = {.written = 0};
    enum virtqueue_status status;
    uint16_t id;

    if (virtqueue_add(&queue.ring, &chain, &id) != VIRTQUEUE_OK) {
        virtio_driver_fail(&driver, "the device does not give its buffers back");
    }
    virtio_pci_notify(&driver.device, &queue);
    while ((status = virtqueue_take(&queue.ring, &done)) == VIRTQUEUE_EMPTY) {
        virtio_driver_wait(&driver);
    }
    if (status != VIRTQUEUE_OK) {
        virtio_driver_fail(&driver, "the device breaks a rule");
    }
    message->words[0] = done.written;
    return P9_OK;
}

static void request(void *context, struct mnos_message *message)
{
    enum p9_transport_status status = P9_INVALID;

    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody asked for it */
    }
    message->length = MN_MESSAGE_WORDS;
    if (message->label == P9_OPEN) {
        status = open_channel(message);
    } else if (!is_open || client != message->badge) {
        status = P9_CLOSED;
    } else if (message->label == P9_TRANSACT) {
        status = transact(message);
    } else if (message->label == P9_CLOSE) {
        close_channel();
        status = P9_OK;
    }
    message->label = status;
}

static void signals(void *context, uint64_t bits)
{
    (void)context;
    if ((bits & VIRTIO_DRIVER_INTERRUPT) != 0) {
        virtio_driver_acknowledge(&driver);
    }
}

static void gone(void *context, uint64_t badge)
{
    (void)context;
    if (is_open && client == badge) {
        close_channel();
    }
}

int main(void)
{
    const struct mnos_service service = {
        .request = request, .signals = signals, .gone = gone};

    if (!virtio_driver_open(&driver, "virtio_9p", FEATURE_MOUNT_TAG,
                            FEATURE_MOUNT_TAG) ||
        !virtio_driver_memory(&driver, 0, &ring) ||
        !virtio_driver_memory(&driver, BLOCK_ORDER, &block) ||
        !virtio_driver_queue(&driver, &queue, QUEUE, QUEUE_SIZE, &ring, 0) ||
        !virtio_driver_start(&driver)) {
        return 1;
    }
    if (!read_tag()) {
        virtio_driver_fail(&driver, "no mount tag");
    }
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
