/**
 * fuzz_virtio_console.c - the driver of virtio_console, all of it but its messages to the bus
 * and to clients, with a device that writes whatever it wants into all memory that they
 * share, between any two steps.
 *
 * The input is a script of 4 bytes a step. Whatever the device does, no access leaves the
 * memory, and the driver either goes on or ends itself by virtio_driver_fail(). What it
 * says that can be read, can be read.
 */
#include "core/bytes.h"
#include "drivers/virtio_console/port.h"
#include "libdriver/virtio_driver.h"
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    BLOCKS = 8,
    QUEUES = 8,
    PAGE = 4096,
    READ_UNIT = 17,
    READ_MAX = 256 * READ_UNIT
};

/** Memory that driver and device share. */
static struct {
    uint8_t *bytes;
    size_t size;
} blocks[BLOCKS];
static unsigned block_count;

static struct {
    struct virtio_queue *queue;
    uint16_t taken;
    uint16_t given;
} queues[QUEUES];
static unsigned queue_count;

static jmp_buf failed;
static struct virtio_registers registers;

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

/* --- in place of libdriver --- */

static uint32_t read_register(void *context, uint32_t bar, uint32_t offset,
                              uint32_t width)
{
    (void)context;
    (void)bar;
    (void)offset;
    (void)width;
    return 0;
}

static void write_register(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                           uint32_t value)
{
    (void)context;
    (void)bar;
    (void)offset;
    (void)width;
    (void)value;
}

bool virtio_driver_open(struct virtio_driver *driver, const char *name, uint64_t wanted,
                        uint64_t needed)
{
    registers =
        (struct virtio_registers){.read = read_register, .write = write_register};
    *driver = (struct virtio_driver){.name = name};
    driver->device.registers = &registers;
    driver->device.features = wanted | needed;
    return true;
}

bool virtio_driver_memory(struct virtio_driver *driver, uint32_t order,
                          struct virtio_memory *out_memory)
{
    size_t size = (size_t)PAGE << order;
    void *bytes = NULL;

    (void)driver;
    require(block_count < BLOCKS && posix_memalign(&bytes, PAGE, size) == 0);
    memset(bytes, 0, size);
    blocks[block_count].bytes = bytes;
    blocks[block_count++].size = size;
    *out_memory = (struct virtio_memory){.bytes = bytes, .physical = (uint64_t)bytes};
    return true;
}

bool virtio_driver_queue(struct virtio_driver *driver, struct virtio_queue *queue,
                         uint16_t index, uint16_t most,
                         const struct virtio_memory *memory, uint32_t offset)
{
    (void)driver;
    require(queue_count < QUEUES);
    virtqueue_init(&queue->ring, memory->bytes + offset, memory->physical + offset,
                   most);
    queue->index = index;
    queues[queue_count].queue = queue;
    queues[queue_count].taken = 0;
    queues[queue_count++].given = 0;
    return true;
}

bool virtio_driver_start(struct virtio_driver *driver)
{
    (void)driver;
    return true;
}

void virtio_driver_acknowledge(struct virtio_driver *driver)
{
    (void)driver;
}

_Noreturn void virtio_driver_fail(const struct virtio_driver *driver, const char *what)
{
    (void)driver;
    (void)what;
    longjmp(failed, 1);
}

/* --- the device --- */

static void poke(const uint8_t *step)
{
    unsigned block = step[1] % block_count;
    size_t offset = (size_t)step[2] * 8 + step[3] % 8;

    blocks[block].bytes[offset % blocks[block].size] = step[3];
}

/** Completes the oldest chain that was not yet, having filled its first buffer from the
 *  script: with a length that may be a lie. */
static void complete(unsigned which, uint8_t length, const uint8_t *rest, size_t size)
{
    struct virtqueue *ring = &queues[which].queue->ring;
    struct virtqueue_addresses at = virtqueue_addresses(ring);
    const uint8_t *available = (const uint8_t *)at.available;
    uint8_t *used = (uint8_t *)at.used;
    uint16_t id = bytes_load_le16(available + 4 +
                                  2 * (size_t)(queues[which].taken++ % ring->size));
    uint32_t element[] = {id, length};

    if (id < ring->size && (which % 2 == 0)) {
        const uint8_t *descriptor = (const uint8_t *)at.descriptors + 16 * (size_t)id;
        uint8_t *buffer = (uint8_t *)bytes_load_le64(descriptor);
        size_t bytes = size < length ? size : length;

        for (unsigned i = 0; i < block_count; i++) {
            if (buffer >= blocks[i].bytes &&
                buffer + bytes <= blocks[i].bytes + blocks[i].size) {
                memcpy(buffer, rest, bytes);
            }
        }
    }
    memcpy(used + 4 + 8 * (size_t)(queues[which].given % ring->size), element,
           sizeof(element));
    queues[which].given++;
    memcpy(used + 2, &queues[which].given, 2);
}

/* --- the driver's side --- */

static void read_some(size_t wanted)
{
    static uint8_t bytes[READ_MAX];
    size_t before = port_available();
    size_t done = port_read(bytes, wanted);

    require(done == (wanted < before ? wanted : before));
    require(port_available() == before - done);
}

static void write_some(const uint8_t *rest, size_t size, size_t wanted)
{
    size_t given = wanted < size ? wanted : size;

    require(port_write(rest, given) <= given);
}

static void play(const uint8_t *data, size_t size)
{
    for (size_t i = 0; i + 4 <= size; i += 4) {
        const uint8_t *step = data + i;

        switch (step[0] % 6) {
        case 0:
            poke(step);
            break;
        case 1:
        case 2:
            complete(step[1] % queue_count, step[2], data + i + 4, size - i - 4);
            break;
        case 3:
            port_on_interrupt();
            break;
        case 4:
            read_some((size_t)step[1] * READ_UNIT);
            break;
        default:
            write_some(data, size, (size_t)step[1] * 40);
            (void)port_is_flushed();
            (void)port_is_closed();
            break;
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    block_count = 0;
    queue_count = 0;
    if (setjmp(failed) == 0) {
        require(port_start());
        play(data, size);
    }
    for (unsigned i = 0; i < block_count; i++) {
        free(blocks[i].bytes);
    }
    return 0;
}
