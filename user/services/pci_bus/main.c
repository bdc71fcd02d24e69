/**
 * main.c - pci_bus: finds the machine's PCI devices, makes them quiet, and hands each
 * driver its own (protocols/pci_bus.h).
 */
#include "mnos/process.h"
#include "mnos/service.h"
#include "services/pci_bus/config_ports.h"
#include "services/pci_bus/device.h"
#include "services/pci_bus/window.h"
#include <stddef.h>

static const char name[] = "pci_bus";

static struct device devices[PCI_FUNCTIONS_MAX];
static uint32_t device_count;

int main(void);

/** The device that a badge names, or NULL. */
static struct device *find(uint64_t badge)
{
    uint32_t index = 0;

    for (uint32_t i = 0; i < device_count; i++) {
        const struct pci_function *function = &devices[i].function;

        if (PCI_BUS_BADGE(function->vendor, function->device, index) == badge) {
            return &devices[i];
        }
        if (PCI_BUS_BADGE(function->vendor, function->device, 0) ==
            (badge & ~0xffull)) {
            index++;
        }
    }
    return NULL;
}

/** What PCI_CLAIM answers. */
static void describe(const struct device *device, struct mnos_message *message)
{
    const struct pci_function *function = &device->function;

    message->words[0] = function->vendor | (uint64_t)function->device << 16 |
                        (uint64_t)function->subsystem << 32;
    message->words[1] = 0;
    for (uint32_t i = 0; i < PCI_BARS; i++) {
        message->words[1] |= (uint64_t)(pci_config_lendable(function, i) != 0) << i;
    }
    message->words[2] =
        function->msix_vectors != 0 ? function->msix_vectors : function->pin != 0;
}

static enum pci_bus_status list(struct mnos_message *message)
{
    uint64_t index = message->words[0];

    if (index >= device_count) {
        return PCI_BUS_NO_DEVICE;
    }
    describe(&devices[index], message);
    message->words[1] = devices[index].function.address;
    message->words[2] = devices[index].function.class_code;
    message->words[3] = devices[index].claimed;
    return PCI_BUS_OK;
}

static enum pci_bus_status read_config(const struct device *device,
                                       struct mnos_message *message)
{
    uint64_t offset = message->words[0];

    if (offset % 4 != 0 || offset >= PCI_CONFIG_BYTES) {
        return PCI_BUS_INVALID;
    }
    message->words[0] = config_ports.read(config_ports.context,
                                          device->function.address, (uint32_t)offset);
    return PCI_BUS_OK;
}

/** Puts a loan into the reply. */
static void attach(const struct device_loan *loan, struct mnos_message *message)
{
    for (unsigned i = 0; i < 3; i++) {
        message->words[i] = loan->words[i];
    }
    if (loan->move) {
        mnos_message_move_cap(message, loan->slot);
    } else if (loan->slot != 0) {
        mnos_message_add_cap(message, loan->slot, loan->rights);
    }
}

/** A request of who holds a device's badge. */
static enum pci_bus_status device_request(struct device *device,
                                          struct mnos_message *message)
{
    struct device_loan loan = {.slot = 0};
    enum pci_bus_status status = PCI_BUS_INVALID;

    if (message->label != PCI_CLAIM && !device->claimed) {
        return PCI_BUS_UNCLAIMED;
    }
    switch (message->label) {
    case PCI_CLAIM:
        status = device_claim(&config_ports, device);
        describe(device, message);
        return status;
    case PCI_TAKE_BAR:
        status = device_take_bar(device, message->words[0], &loan);
        break;
    case PCI_TAKE_INTERRUPT:
        status = device_take_interrupt(&config_ports, device, message->words[0],
                                       message->received[0], &loan);
        if (status == PCI_BUS_OK) {
            message->received[0] = 0; /* it is the device's now */
        }
        break;
    case PCI_TAKE_DMA:
        status = device_take_dma(device, message->words[0], &loan);
        break;
    case PCI_READ_CONFIG:
        return read_config(device, message);
    case PCI_START:
        device_start(&config_ports, device);
        return PCI_BUS_OK;
    case PCI_RELEASE:
        device_release(&config_ports, device);
        return PCI_BUS_OK;
    default:
        break;
    }
    if (status == PCI_BUS_OK) {
        attach(&loan, message);
    }
    return status;
}

static void request(void *context, struct mnos_message *message)
{
    struct device *device = find(message->badge);
    enum pci_bus_status status = PCI_BUS_NO_DEVICE;

    (void)context;
    if (message->badge == PCI_BUS_BADGE_LIST) {
        status = message->label == PCI_LIST ? list(message) : PCI_BUS_INVALID;
    } else if (device != NULL) {
        status = device_request(device, message);
    }
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody wanted it */
    }
    message->label = status;
    message->length = MN_MESSAGE_WORDS;
}

static void gone(void *context, uint64_t badge)
{
    struct device *device = find(badge);

    (void)context;
    if (device != NULL && device->claimed) {
        device_release(&config_ports, device);
    }
}

/** Finds the devices. A bus that ran before may have left some of them live: those that can
 *  be reset are, before anything is lent. */
static void scan(void)
{
    static struct pci_function functions[PCI_FUNCTIONS_MAX];

    device_count = pci_config_scan(&config_ports, functions);
    for (uint32_t i = 0; i < device_count; i++) {
        devices[i].function = functions[i];
        if (functions[i].vendor == PCI_VENDOR_VIRTIO) {
            pci_config_command(
                &config_ports, &functions[i],
                PCI_COMMAND_IO | PCI_COMMAND_MEMORY | PCI_COMMAND_NO_PIN);
            (void)window_reset_virtio(&config_ports, &functions[i]);
        }
    }
}

int main(void)
{
    const struct mnos_service service = {.request = request, .gone = gone};

    scan();
    mnos_service_log(name, "%u devices", device_count);
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
