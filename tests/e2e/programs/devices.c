/**
 * devices.c - in Init's place: starts the PCI bus and the virtio drivers as their protocols
 * say, and uses each device. cases_devices.py gives the machine the devices, and is the
 * other end of the port.
 */
#include "core/bytes.h"
#include "init/init.h"
#include "init/layout.h"
#include "mnos/authority.h"
#include "mnos/cap.h"
#include "mnos/console.h"
#include "mnos/ipc.h"
#include "mnos/machine.h"
#include "mnos/message.h"
#include "mnos/process.h"
#include "mnos/process_loader.h"
#include "mnos/signal.h"
#include "mnos/status.h"
#include "mnos/tar.h"
#include "protocols/p9_transport.h"
#include "protocols/pci_bus.h"
#include "protocols/random.h"
#include "protocols/stream.h"

enum {
    SCRATCH = 20,
    SCRATCH_2 = 21,
    RECEIVED = 22,
    EVENTS = 23,
    BUS_ENDPOINT = 24,
    FIRST_ENDPOINT = 25,
    STACK_PAGES = 8,
    LOG_BADGE = 3
};

#define SCRATCH_PAGE 0x30000000ul
#define BLOCK        0x38000000ul
#define STACK_TOP    MN_INIT_STACK_TOP

static const struct mnos_loader loader = {.account = MN_INIT_SLOT_MEMORY,
                                          .self = MN_INIT_SLOT_SELF,
                                          .scratch_slot = SCRATCH,
                                          .scratch_vaddr = SCRATCH_PAGE};
static struct init init;
static struct mn_ipc_buffer buffer __attribute__((aligned(MN_IPC_BUFFER_SIZE)));

int main(const struct mn_boot_info *boot_info);

static void require(bool holds, const char *what)
{
    if (!holds) {
        mnos_printf("FAILED: %s\n", what);
        (void)mnos_console_drain(&init.console);
        (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_FAILED);
    }
}

/** A service: its process and its endpoint, with badge 0, in the slot `endpoint`. */
struct started {
    struct mnos_process process;
    uint64_t endpoint;
};

static void give(const struct started *service, uint64_t source, uint64_t target,
                 uint64_t rights)
{
    require(sys_delegate(service->process.slot, source, target, rights) == MN_OK,
            "delegate");
}

/** The slots that every service has. Only the service keeps READ on its endpoint. */
static void give_common(struct started *service)
{
    const uint64_t all = MN_RIGHT_READ | MN_RIGHT_WRITE | MN_RIGHT_GRANT;

    give(service, MN_INIT_SLOT_MEMORY, SERVICE_SLOT_ACCOUNT, MN_RIGHT_WRITE);
    give(service, service->process.slot, SERVICE_SLOT_SELF,
         MN_RIGHT_WRITE | MN_RIGHT_EXEC);
    require(sys_create_endpoint(MN_INIT_SLOT_MEMORY, SCRATCH_2) == MN_OK, "endpoint");
    require(sys_create_notification(MN_INIT_SLOT_MEMORY, SCRATCH) == MN_OK,
            "notification");
    give(service, SCRATCH, SERVICE_SLOT_EVENTS, all);
    (void)sys_drop_cap(SCRATCH);
    give(service, SCRATCH_2, SERVICE_SLOT_REQUESTS, MN_RIGHT_READ);
    (void)sys_drop_cap(service->endpoint);
    require(sys_mint_cap(SCRATCH_2, service->endpoint, MN_RIGHT_WRITE | MN_RIGHT_GRANT,
                         0, 0) == MN_OK,
            "mint");
    (void)sys_drop_cap(SCRATCH_2);
    require(sys_mint_cap(INIT_SLOT_REQUESTS, SCRATCH, MN_RIGHT_WRITE | MN_RIGHT_GRANT,
                         LOG_BADGE, 0) == MN_OK,
            "log");
    give(service, SCRATCH, SERVICE_SLOT_LOG, MN_RIGHT_WRITE);
    (void)sys_drop_cap(SCRATCH);
}

static void create(struct started *service, uint64_t endpoint)
{
    struct mnos_process_error error;

    service->endpoint = endpoint;
    require(mnos_process_create(&loader, &service->process, &error), "create");
    give_common(service);
}

static void start(struct started *service, const char *name)
{
    struct mnos_process_error error = {"", ""};
    struct tar_file file;

    require(tar_find((const void *)MN_INIT_INITRD, init.boot_info->initrd_size, name,
                     &file) == NULL,
            name);
    require(
        mnos_process_load(&loader, &service->process, file.data, file.size, &error) &&
            mnos_process_map_stack(&loader, &service->process, STACK_TOP, STACK_PAGES,
                                   &error) &&
            mnos_process_start(&service->process, 0, &error),
        error.cause);
}

static void start_bus(struct started *bus)
{
    create(bus, BUS_ENDPOINT);
    give(bus, MN_INIT_SLOT_PCI_CONFIG, PCI_BUS_SLOT_CONFIG, MN_RIGHTS_SAME);
    give(bus, MN_INIT_SLOT_PCI_PORTS, PCI_BUS_SLOT_PORTS, MN_RIGHTS_SAME);
    give(bus, MN_INIT_SLOT_INTERRUPTS, PCI_BUS_SLOT_INTERRUPTS, MN_RIGHTS_SAME);
    give(bus, MN_INIT_SLOT_DEVICE_MEMORY, PCI_BUS_SLOT_DEVICE_MEMORY, MN_RIGHTS_SAME);
    give(bus, MN_INIT_SLOT_DMA, PCI_BUS_SLOT_DMA, MN_RIGHTS_SAME);
    start(bus, "pci_bus");
}

/** Starts the driver of one device. */
static void start_driver(struct started *driver, uint64_t endpoint, const char *name,
                         uint32_t device)
{
    create(driver, endpoint);
    require(sys_mint_cap(BUS_ENDPOINT, SCRATCH, MN_RIGHT_WRITE | MN_RIGHT_GRANT,
                         PCI_BUS_BADGE(PCI_VENDOR_VIRTIO, device, 0), 0) == MN_OK,
            "badge");
    give(driver, SCRATCH, DRIVER_SLOT_BUS, MN_RIGHT_WRITE);
    (void)sys_drop_cap(SCRATCH);
    start(driver, name);
}

static void kill(struct started *service)
{
    uint64_t exit_code;

    require(sys_kill_process(service->process.slot, 9) == MN_OK &&
                sys_wait_process(service->process.slot, &exit_code) == MN_OK,
            "kill");
    (void)sys_drop_cap(service->process.slot);
}

/** A CALL; a capability of the reply goes to RECEIVED. */
static void call(uint64_t endpoint, struct mnos_message *message)
{
    mn_status status;

    buffer.receive[0] = RECEIVED;
    status = mnos_message_call(&buffer, endpoint, message);
    if (status != MN_OK) {
        mnos_printf("call: %s\n", mnos_status_text(status));
    }
    require(status == MN_OK, "call");
}

/* --- the bus --- */

static void list_devices(void)
{
    require(sys_mint_cap(BUS_ENDPOINT, SCRATCH_2, MN_RIGHT_WRITE, PCI_BUS_BADGE_LIST,
                         0) == MN_OK,
            "badge");
    for (uint64_t i = 0;; i++) {
        struct mnos_message message = {
            .label = PCI_LIST, .words = {i}, .length = MN_MESSAGE_WORDS};

        call(SCRATCH_2, &message);
        if (message.label != PCI_BUS_OK) {
            break;
        }
        mnos_printf(
            "pci %02x:%02x.%x %04x:%04x class %06x\n", (unsigned)message.words[1] >> 8,
            (unsigned)message.words[1] >> 3 & 31, (unsigned)message.words[1] & 7,
            (unsigned)message.words[0] & 0xffff,
            (unsigned)message.words[0] >> 16 & 0xffff, (unsigned)message.words[2]);
    }
    (void)sys_drop_cap(SCRATCH_2);
}

/** A badge that names no device, and one that may only list: neither gets anything. */
static void refuse_strangers(void)
{
    const uint64_t badges[] = {
        0, PCI_BUS_BADGE(0x1234, 0x5678, 0), PCI_BUS_BADGE_LIST,
        PCI_BUS_BADGE(PCI_VENDOR_VIRTIO, PCI_DEVICE_VIRTIO_RNG, 1)};

    for (unsigned i = 0; i < sizeof(badges) / sizeof(badges[0]); i++) {
        struct mnos_message message = {.label = PCI_CLAIM, .length = MN_MESSAGE_WORDS};

        require(sys_mint_cap(BUS_ENDPOINT, SCRATCH_2, MN_RIGHT_WRITE, badges[i], 0) ==
                    MN_OK,
                "badge");
        call(SCRATCH_2, &message);
        require(message.label != PCI_BUS_OK, "a stranger gets a device");
        (void)sys_drop_cap(SCRATCH_2);
    }
    mnos_printf("bus: strangers refused\n");
}

/* --- random --- */

static void fill(uint64_t endpoint, uint64_t words[64])
{
    struct mnos_message message = {
        .label = RANDOM_LABEL(RANDOM_FILL, RANDOM_MESSAGE_BYTES),
        .length = MN_MESSAGE_WORDS};

    call(endpoint, &message);
    require(RANDOM_LABEL_CODE(message.label) == RANDOM_OK &&
                RANDOM_LABEL_BYTES(message.label) == RANDOM_MESSAGE_BYTES,
            "random");
    memcpy(words, message.words, RANDOM_MESSAGE_BYTES);
}

/** Two fills, no word of which is the same; of 2^64 values that is chance enough. */
static void test_random(uint64_t endpoint, const char *when)
{
    static uint64_t words[128];

    fill(endpoint, words);
    fill(endpoint, words + 64);
    for (unsigned i = 0; i < 128; i++) {
        for (unsigned j = 0; j < i; j++) {
            require(words[i] != words[j], "random words are the same");
        }
    }
    mnos_printf("random %s: 128 words, all different\n", when);
}

/* --- 9P --- */

/** Asks the host for its version of the protocol: Tversion, of 9P2000.L. */
static void test_9p(uint64_t endpoint)
{
    static const uint8_t request[] = "\x15\0\0\0\x64\xff\xff\0\x20\0\0\x08\0"
                                     "9P2000.L";
    volatile uint8_t *block = (volatile uint8_t *)BLOCK;
    struct mnos_message message = {.label = P9_OPEN, .length = MN_MESSAGE_WORDS};
    char version[9] = "";

    require(sys_mint_cap(endpoint, SCRATCH_2, MN_RIGHT_WRITE, 7, 0) == MN_OK, "badge");
    call(SCRATCH_2, &message);
    require(message.label == P9_OK && message.received[0] == RECEIVED, "open");
    require(
        sys_map_memory(MN_INIT_SLOT_SELF, RECEIVED, BLOCK, MN_MAP_WRITABLE) == MN_OK,
        "map");
    mnos_printf("9p: tag %.8s, %llu bytes\n", (const char *)&message.words[5],
                (unsigned long long)message.words[0]);
    uint64_t response = message.words[3];
    for (unsigned i = 0; i < sizeof(request) - 1; i++) {
        block[message.words[1] + i] = request[i];
    }
    message = (struct mnos_message){.label = P9_TRANSACT,
                                    .words = {sizeof(request) - 1, 8192},
                                    .length = MN_MESSAGE_WORDS};
    call(SCRATCH_2, &message);
    require(message.label == P9_OK, "transact");
    for (unsigned i = 0; i < 8; i++) {
        version[i] = (char)block[response + 13 + i];
    }
    mnos_printf("9p: %llu bytes, type %u, version %s\n",
                (unsigned long long)message.words[0], block[response + 4], version);
    message.label = P9_CLOSE;
    call(SCRATCH_2, &message);
    require(message.label == P9_OK, "close");
    message.label = P9_TRANSACT;
    call(SCRATCH_2, &message);
    require(message.label == P9_CLOSED, "closed");
    /* What was lent is taken back, mapping and all: there is room again. */
    require(sys_alloc_memory(MN_INIT_SLOT_MEMORY, RECEIVED, 0) == MN_OK &&
                sys_map_memory(MN_INIT_SLOT_SELF, RECEIVED, BLOCK, 0) == MN_OK,
            "still mapped");
    (void)sys_drop_cap(RECEIVED);
    (void)sys_drop_cap(SCRATCH_2);
}

/* --- the port --- */

static void wait_port(void)
{
    uint64_t bits;

    require(sys_wait_signal(EVENTS, 0, &bits) == MN_OK, "wait");
}

static void write_port(uint64_t endpoint, const uint8_t *bytes, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        struct mnos_message message = {.label = STREAM_LABEL(STREAM_WRITE, size - done),
                                       .length = MN_MESSAGE_WORDS_MAX};

        memcpy(message.words, bytes + done, size - done);
        call(endpoint, &message);
        if (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK) {
            wait_port();
            continue;
        }
        require(STREAM_CODE(message.label) == STREAM_OK, "write");
        done += STREAM_BYTES(message.label);
    }
}

/** Sends back all that comes, each byte's bits turned over, until 16 zeros come in a row. */
static void test_port(uint64_t endpoint)
{
    struct mnos_message message = {
        .label = STREAM_SUBSCRIBE, .words = {1}, .length = MN_MESSAGE_WORDS};
    uint64_t total = 0;
    unsigned zeros = 0;

    mnos_message_add_cap(&message, EVENTS, MN_RIGHT_WRITE);
    call(endpoint, &message);
    require(STREAM_CODE(message.label) == STREAM_OK, "subscribe");
    while (zeros < 16) {
        uint8_t bytes[STREAM_MESSAGE_BYTES];

        message = (struct mnos_message){
            .label = STREAM_LABEL(STREAM_READ, STREAM_MESSAGE_BYTES),
            .length = MN_MESSAGE_WORDS};
        call(endpoint, &message);
        if (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK) {
            wait_port();
            continue;
        }
        uint32_t size = STREAM_BYTES(message.label);
        require(STREAM_CODE(message.label) == STREAM_OK && size > 0, "read");
        memcpy(bytes, message.words, size);
        for (uint32_t i = 0; i < size; i++) {
            zeros = bytes[i] == 0 ? zeros + 1 : 0;
            bytes[i] = (uint8_t)~bytes[i];
        }
        write_port(endpoint, bytes, size);
        total += size;
    }
    do {
        message =
            (struct mnos_message){.label = STREAM_FLUSHED, .length = MN_MESSAGE_WORDS};
        call(endpoint, &message);
    } while (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK && (wait_port(), true));
    mnos_printf("port: %llu bytes\n", (unsigned long long)total);
}

int main(const struct mn_boot_info *boot_info)
{
    static struct started bus;
    static struct started rng;
    static struct started p9;
    static struct started port;

    init.boot_info = boot_info;
    init.initrd = (const uint8_t *)MN_INIT_INITRD;
    init.console = (struct mnos_console){
        .way = MNOS_CONSOLE_POLLED,
        .uart = {.slot = MN_INIT_SLOT_COM1, .base = UART16550_COM1}};
    mnos_console_set_default(&init.console);
    require(phase_serial_drv(&init), "serial_drv");
    require(sys_set_buffer(&buffer) == MN_OK, "buffer");
    require(sys_create_notification(MN_INIT_SLOT_MEMORY, EVENTS) == MN_OK, "events");
    start_bus(&bus);
    list_devices();
    refuse_strangers();
    start_driver(&rng, FIRST_ENDPOINT, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "at first");
    start_driver(&p9, FIRST_ENDPOINT + 1, "virtio_9p", PCI_DEVICE_VIRTIO_9P);
    test_9p(p9.endpoint);
    start_driver(&port, FIRST_ENDPOINT + 2, "virtio_console",
                 PCI_DEVICE_VIRTIO_CONSOLE);
    test_port(port.endpoint);
    kill(&rng);
    start_driver(&rng, FIRST_ENDPOINT, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "after a restart");
    kill(&bus);
    kill(&rng);
    start_bus(&bus);
    start_driver(&rng, FIRST_ENDPOINT, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "with a new bus");
    mnos_printf("devices: done\n");
    (void)mnos_console_drain(&init.console);
    (void)sys_end_machine(MN_INIT_SLOT_MACHINE, MN_END_OK);
    return 1;
}
