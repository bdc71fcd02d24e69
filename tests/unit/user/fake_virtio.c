/**
 * fake_virtio.c - see fake_virtio.h. Written from virtio 1.2, 2.7 and 4.1.4, not from
 * the driver.
 */
#include "user/fake_virtio.h"
#include "core/bytes.h"
#include "unit.h"

enum { COMMON = 0, ISR = 0x1000, DEVICE = 0x2000, NOTIFY = 0x3000, MULTIPLIER = 4 };

/* --- the queues, device's side --- */

bool fake_virtio_take(struct fake_queue *queue, struct fake_chain *out_chain)
{
    const uint8_t *available = (const uint8_t *)queue->available;
    const uint8_t *table = (const uint8_t *)queue->descriptors;

    if (bytes_load_le16(available + 2) == queue->taken) {
        return false;
    }
    uint16_t slot = (uint16_t)(queue->taken++ % queue->size);
    uint16_t at = bytes_load_le16(available + 4 + 2 * (size_t)slot);
    uint16_t flags;
    *out_chain = (struct fake_chain){.head = at};
    do {
        assert_true(at < queue->size && out_chain->count < queue->size);
        const uint8_t *descriptor = table + 16 * (size_t)at;
        flags = bytes_load_le16(descriptor + 12);
        out_chain->buffers[out_chain->count].bytes =
            (uint8_t *)bytes_load_le64(descriptor);
        out_chain->buffers[out_chain->count].size = bytes_load_le32(descriptor + 8);
        out_chain->buffers[out_chain->count].writable = (flags & 2) != 0;
        out_chain->count++;
        at = bytes_load_le16(descriptor + 14);
    } while ((flags & 1) != 0);
    return true;
}

void fake_virtio_give(struct fake_queue *queue, uint16_t head, uint32_t written)
{
    uint8_t *used = (uint8_t *)queue->used;
    uint32_t element[] = {head, written};

    memcpy(used + 4 + 8 * (size_t)(queue->given % queue->size), element,
           sizeof(element));
    queue->given++;
    memcpy(used + 2, &queue->given, 2);
}

/* --- the registers --- */

static uint32_t read_queue(const struct fake_virtio *fake, uint32_t offset)
{
    const struct fake_queue *queue = &fake->queues[fake->queue_select];

    if (fake->queue_select >= FAKE_QUEUES) {
        return 0;
    }
    switch (offset) {
    case 24:
        return queue->size;
    case 26:
        return queue->vector;
    case 28:
        return queue->enabled;
    case 30:
        return fake->queue_select + fake->notify_off_extra;
    default:
        return 0;
    }
}

static uint32_t fake_read(void *context, uint32_t bar, uint32_t offset, uint32_t width)
{
    struct fake_virtio *fake = context;

    assert_int_equal(bar, FAKE_BAR);
    assert_true(offset % width == 0 && offset + width <= FAKE_BAR_BYTES);
    if (offset >= DEVICE && offset < DEVICE + FAKE_DEVICE_BYTES) {
        assert_int_equal(width, 1);
        return fake->device_config[offset - DEVICE];
    }
    switch (offset) {
    case 4:
        return (uint32_t)(fake->offered >> 32 * fake->device_select);
    case 16:
        return fake->config_vector;
    case 20:
        return fake->status;
    case 21:
        return fake->generation_moves ? fake->generation++ & 0xff : fake->generation;
    case ISR: {
        uint32_t isr = fake->isr;
        fake->isr = 0;
        return isr;
    }
    default:
        return read_queue(fake, offset);
    }
}

static void write_status(struct fake_virtio *fake, uint32_t value)
{
    if (value == 0) {
        fake->status = fake->stuck_in_reset ? 1 : 0;
        fake->accepted = 0;
        for (unsigned i = 0; i < FAKE_QUEUES; i++) {
            fake->queues[i] = (struct fake_queue){.size = 16, .vector = 0xffff};
        }
        return;
    }
    fake->status = fake->refuses_features ? value & ~8u : value;
}

static void write_half(uint64_t *field, bool high, uint32_t value)
{
    *field = high ? (*field & 0xffffffff) | (uint64_t)value << 32
                  : (*field & ~0xffffffffull) | value;
}

static void write_queue(struct fake_virtio *fake, uint32_t offset, uint32_t value)
{
    struct fake_queue *queue = &fake->queues[fake->queue_select];

    assert_true(fake->queue_select < FAKE_QUEUES);
    switch (offset) {
    case 24:
        assert_true(value != 0 && (value & (value - 1)) == 0 && value <= queue->size);
        queue->size = (uint16_t)value;
        break;
    case 26:
        queue->vector = value < fake->vectors ? (uint16_t)value : 0xffff;
        break;
    case 28:
        queue->enabled = (uint16_t)value;
        break;
    case 32:
    case 36:
        write_half(&queue->descriptors, offset == 36, value);
        break;
    case 40:
    case 44:
        write_half(&queue->available, offset == 44, value);
        break;
    case 48:
    case 52:
        write_half(&queue->used, offset == 52, value);
        break;
    default:
        fail_msg("a write to 0x%x", offset);
    }
}

static void fake_write(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                       uint32_t value)
{
    struct fake_virtio *fake = context;

    assert_int_equal(bar, FAKE_BAR);
    assert_true(offset % width == 0 && offset + width <= FAKE_BAR_BYTES);
    if (offset >= NOTIFY) {
        assert_int_equal(width, 2);
        assert_int_equal(value, (offset - NOTIFY) / MULTIPLIER);
        assert_true(value < FAKE_QUEUES && (fake->status & 4) != 0);
        fake->queues[value].notified++;
        return;
    }
    switch (offset) {
    case 0:
        fake->device_select = value;
        break;
    case 8:
        fake->driver_select = value;
        break;
    case 12:
        write_half(&fake->accepted, fake->driver_select == 1, value);
        break;
    case 16:
        fake->config_vector = value < fake->vectors ? value : 0xffff;
        break;
    case 20:
        write_status(fake, value);
        break;
    case 22:
        fake->queue_select = value;
        break;
    default:
        write_queue(fake, offset, value);
    }
}

static uint32_t fake_config(void *context, uint32_t offset)
{
    struct fake_virtio *fake = context;

    assert_true(offset % 4 == 0 && offset < sizeof(fake->config));
    return bytes_load_le32(fake->config + offset);
}

/* --- the configuration space --- */

static void add_capability(struct fake_virtio *fake, uint8_t at, uint8_t next,
                           uint8_t kind, uint32_t offset, uint32_t bytes)
{
    uint8_t capability[] = {9, next, 20, kind, FAKE_BAR, 0, 0, 0};
    uint32_t place[] = {offset, bytes, MULTIPLIER};

    memcpy(fake->config + at, capability, sizeof(capability));
    memcpy(fake->config + at + 8, place, sizeof(place));
}

void fake_virtio_init(struct fake_virtio *fake)
{
    *fake =
        (struct fake_virtio){.registers = {.context = fake,
                                           .read = fake_read,
                                           .write = fake_write,
                                           .read_config = fake_config,
                                           .bar_bytes = {[FAKE_BAR] = FAKE_BAR_BYTES}},
                             .offered = VIRTIO_FEATURE_VERSION_1 | 0xff,
                             .status = 0xf,
                             .vectors = 2};
    write_status(fake, 0);
    fake->config[6] = 0x10; /* there is a list */
    fake->config[0x34] = 0x40;
    add_capability(fake, 0x40, 0x54, 1, COMMON, 56);
    add_capability(fake, 0x54, 0x68, 3, ISR, 1);
    add_capability(fake, 0x68, 0x7c, 4, DEVICE, FAKE_DEVICE_BYTES);
    add_capability(fake, 0x7c, 0, 2, NOTIFY, FAKE_QUEUES * MULTIPLIER);
}
