/**
 * virtio_driver.c - see virtio_driver.h.
 */
#include "libdriver/virtio_driver.h"
#include "abi/user_memory_map.h"
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/irq.h"
#include "mnos/memory.h"
#include "mnos/process.h"
#include <stddef.h>

/** Where registers and DMA blocks are mapped. */
#define BARS      0x50000000ul
#define BAR_BYTES 0x100000ul
#define DMA       0x60000000ul

enum { VECTOR = 0 };

/** How often a device that does not interrupt is looked at: a bus that was started again has
 *  reset it. */
#define LOOK_NS UINT64_C(500000000)

static struct mn_ipc_buffer *buffer;

static bool complain(const struct virtio_driver *driver, const char *what)
{
    mnos_service_log(driver->name, "%s", what);
    return false;
}

_Noreturn void virtio_driver_fail(const struct virtio_driver *driver, const char *what)
{
    (void)complain(driver, what);
    sys_exit(1);
}

/* --- the bus --- */

/** One CALL. A capability of the reply goes to a fresh slot: message->received[0]. */
static bool call_bus(uint64_t opcode, struct mnos_message *message)
{
    uint64_t slot = mnos_service_slot();

    message->label = opcode;
    message->length = MN_MESSAGE_WORDS;
    buffer->receive[0] = slot == MNOS_NO_SLOT ? 0 : slot;
    return mnos_message_call(buffer, DRIVER_SLOT_BUS, message) == MN_OK &&
           message->label == PCI_BUS_OK;
}

/** One CALL with a word, and no answer but its status and a word. */
static bool ask_bus(uint64_t opcode, uint64_t word, uint64_t *out_word)
{
    struct mnos_message message = {.words = {word}};
    bool done = call_bus(opcode, &message);

    *out_word = done ? message.words[0] : 0;
    return done;
}

/* --- registers --- */

static uint64_t register_address(uint32_t bar, uint32_t offset)
{
    return BARS + bar * BAR_BYTES + offset;
}

static uint32_t read(void *context, uint32_t bar, uint32_t offset, uint32_t width)
{
    uint64_t address = register_address(bar, offset);

    (void)context;
    switch (width) {
    case 1:
        return *(volatile uint8_t *)address;
    case 2:
        return *(volatile uint16_t *)address;
    default:
        return *(volatile uint32_t *)address;
    }
}

static void write(void *context, uint32_t bar, uint32_t offset, uint32_t width,
                  uint32_t value)
{
    uint64_t address = register_address(bar, offset);

    (void)context;
    switch (width) {
    case 1:
        *(volatile uint8_t *)address = (uint8_t)value;
        break;
    case 2:
        *(volatile uint16_t *)address = (uint16_t)value;
        break;
    default:
        *(volatile uint32_t *)address = value;
        break;
    }
}

static uint32_t read_config(void *context, uint32_t offset)
{
    uint64_t word;

    (void)context;
    return ask_bus(PCI_READ_CONFIG, offset, &word) ? (uint32_t)word : UINT32_MAX;
}

/** Maps a BAR of the device's if it is one of memory and not too large. */
static void map_bar(struct virtio_driver *driver, uint32_t bar)
{
    struct mnos_message message = {.words = {bar}};

    if (!call_bus(PCI_TAKE_BAR, &message) || message.received[0] == 0) {
        return;
    }
    bool is_io = message.words[2] != 0;
    uint64_t bytes = message.words[0];
    if (!is_io && bytes <= BAR_BYTES && message.words[1] == 0 &&
        sys_map_memory(SERVICE_SLOT_SELF, message.received[0], register_address(bar, 0),
                       MN_MAP_WRITABLE) == MN_OK) {
        driver->registers.bar_bytes[bar] = (uint32_t)bytes;
    }
    (void)sys_drop_cap(message.received[0]);
}

/* --- the device --- */

static bool map_bars(struct virtio_driver *driver)
{
    struct mnos_message message = {.length = 0};

    if (!call_bus(PCI_CLAIM, &message)) {
        return complain(driver, message.label == PCI_BUS_NO_DEVICE
                                    ? "the machine has no such device"
                                    : "the bus does not hand out the device");
    }
    uint64_t bars = message.words[1];
    for (uint32_t i = 0; i < VIRTIO_BARS; i++) {
        if ((bars >> i & 1) != 0) {
            map_bar(driver, i);
        }
    }
    return true;
}

static bool bind_interrupt(struct virtio_driver *driver)
{
    struct mnos_message message = {.words = {VECTOR}};
    uint64_t event = mnos_service_event(VIRTIO_DRIVER_INTERRUPT);

    mnos_message_move_cap(&message, event);
    if (!call_bus(PCI_TAKE_INTERRUPT, &message)) {
        return complain(driver, "no interrupt");
    }
    driver->pin = message.received[0];
    return true;
}

bool virtio_driver_open(struct virtio_driver *driver, const char *name, uint64_t wanted,
                        uint64_t needed)
{
    *driver = (struct virtio_driver){
        .name = name,
        .registers = {.read = read, .write = write, .read_config = read_config},
        .next_address = DMA};
    buffer = mnos_service_buffer();
    if (buffer == NULL) {
        return complain(driver, "no buffer for messages");
    }
    if (!map_bars(driver) || !bind_interrupt(driver)) {
        return false;
    }
    if (virtio_pci_open(&driver->device, &driver->registers) != VIRTIO_OK) {
        return complain(driver, "no modern virtio device");
    }
    if (virtio_pci_negotiate(&driver->device, wanted, needed) != VIRTIO_OK) {
        return complain(driver, "the device refuses a feature");
    }
    if (driver->pin == 0 &&
        virtio_pci_config_vector(&driver->device, VECTOR) != VIRTIO_OK) {
        return complain(driver, "the device refuses its interrupt");
    }
    return true;
}

bool virtio_driver_memory(struct virtio_driver *driver, uint32_t order,
                          struct virtio_memory *out_memory)
{
    struct mnos_message message = {.words = {order}};

    if (!call_bus(PCI_TAKE_DMA, &message) || message.received[0] == 0 ||
        sys_map_memory(SERVICE_SLOT_SELF, message.received[0], driver->next_address,
                       MN_MAP_WRITABLE) != MN_OK) {
        return complain(driver, "no DMA memory");
    }
    *out_memory = (struct virtio_memory){.bytes = (uint8_t *)driver->next_address,
                                         .physical = message.words[0],
                                         .frame = message.received[0]};
    driver->next_address += MN_PAGE_SIZE << order;
    return true;
}

bool virtio_driver_queue(struct virtio_driver *driver, struct virtio_queue *queue,
                         uint16_t index, uint16_t most,
                         const struct virtio_memory *memory, uint32_t offset)
{
    uint16_t size;

    if (virtio_pci_queue_size(&driver->device, index, most, &size) != VIRTIO_OK) {
        return complain(driver, "a queue is missing");
    }
    virtqueue_init(&queue->ring, memory->bytes + offset, memory->physical + offset,
                   size);
    if (virtio_pci_queue_start(&driver->device, queue, index,
                               driver->pin != 0 ? VIRTIO_NO_VECTOR : VECTOR) !=
        VIRTIO_OK) {
        return complain(driver, "a queue does not start");
    }
    return true;
}

bool virtio_driver_start(struct virtio_driver *driver)
{
    uint64_t word;

    if (!ask_bus(PCI_START, 0, &word)) {
        return complain(driver, "the bus does not start the device");
    }
    virtio_pci_start(&driver->device);
    return true;
}

void virtio_driver_acknowledge(struct virtio_driver *driver)
{
    if (driver->pin != 0) {
        (void)virtio_pci_take_isr(&driver->device);
        (void)!sys_ack_interrupt(driver->pin);
    }
    if (virtio_pci_is_dead(&driver->device)) {
        virtio_driver_fail(driver, "the device was reset, or needs to be");
    }
}

void virtio_driver_wait(struct virtio_driver *driver)
{
    (void)mnos_service_wait(VIRTIO_DRIVER_INTERRUPT, mnos_clock_ns() + LOOK_NS);
    virtio_driver_acknowledge(driver);
}
