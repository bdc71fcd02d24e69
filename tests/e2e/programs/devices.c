/**
 * devices.c - in Init's place: starts the PCI bus and the virtio drivers as their protocols
 * say, and uses each device. cases_devices.py gives the machine the devices, and is the
 * other end of the port.
 */
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "protocols/p9_transport.h"
#include "protocols/random.h"
#include "protocols/stream.h"
#include "start/start.h"

enum {
    SCRATCH_2 = START_SLOT_SCRATCH_2,
    RECEIVED = START_SLOT_RECEIVED,
    EVENTS = START_SLOT_FREE,
    ENDPOINTS
};

#define BLOCK 0x38000000ul

int main(const struct mn_boot_info *boot_info);

/* --- the bus --- */

static void list_devices(void)
{
    start_require(sys_mint_cap(START_SLOT_BUS, SCRATCH_2, MN_RIGHT_WRITE,
                               PCI_BUS_BADGE_LIST, 0) == MN_OK,
                  "badge");
    for (uint64_t i = 0;; i++) {
        struct mnos_message message = {
            .label = PCI_LIST, .words = {i}, .length = MN_MESSAGE_WORDS};

        start_call(SCRATCH_2, &message);
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

/** Is the machine's rng lent to somebody? */
static bool rng_is_claimed(void)
{
    struct mnos_message message = {.label = PCI_BUS_OK};

    start_require(sys_mint_cap(START_SLOT_BUS, SCRATCH_2, MN_RIGHT_WRITE,
                               PCI_BUS_BADGE_LIST, 0) == MN_OK,
                  "badge");
    for (uint64_t i = 0; message.label == PCI_BUS_OK; i++) {
        message = (struct mnos_message){
            .label = PCI_LIST, .words = {i}, .length = MN_MESSAGE_WORDS};
        start_call(SCRATCH_2, &message);
        if ((message.words[0] >> 16 & 0xffff) == PCI_DEVICE_VIRTIO_RNG) {
            break;
        }
    }
    (void)sys_drop_cap(SCRATCH_2);
    return message.words[3] != 0;
}

/** A badge that names no device, and one that may only list: neither gets anything. */
static void refuse_strangers(void)
{
    const uint64_t badges[] = {
        0, PCI_BUS_BADGE(0x1234, 0x5678, 0), PCI_BUS_BADGE_LIST,
        PCI_BUS_BADGE(PCI_VENDOR_VIRTIO, PCI_DEVICE_VIRTIO_RNG, 1)};

    for (unsigned i = 0; i < sizeof(badges) / sizeof(badges[0]); i++) {
        struct mnos_message message = {.label = PCI_CLAIM, .length = MN_MESSAGE_WORDS};

        start_require(sys_mint_cap(START_SLOT_BUS, SCRATCH_2, MN_RIGHT_WRITE, badges[i],
                                   0) == MN_OK,
                      "badge");
        start_call(SCRATCH_2, &message);
        start_require(message.label != PCI_BUS_OK, "a stranger gets a device");
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

    start_call(endpoint, &message);
    start_require(RANDOM_LABEL_CODE(message.label) == RANDOM_OK &&
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
            start_require(words[i] != words[j], "random words are the same");
        }
    }
    mnos_printf("random %s: 128 words, all different\n", when);
}

/** A new bus has reset the device: the driver notices at the next request, and ends. */
static void lose_device(struct started *rng)
{
    struct mnos_message message = {.label = RANDOM_LABEL(RANDOM_FILL, 8)};
    uint64_t exit_code = 0;

    start_require(start_try_call(rng->endpoint, &message) != MN_OK, "a lost device");
    start_require(
        sys_wait_process(rng->process.slot, &exit_code) == MN_OK && exit_code == 1,
        "the driver of a lost device");
    (void)sys_drop_cap(rng->process.slot);
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

    start_require(sys_mint_cap(endpoint, SCRATCH_2, MN_RIGHT_WRITE, 7, 0) == MN_OK,
                  "badge");
    start_call(SCRATCH_2, &message);
    start_require(message.label == P9_OK && message.received[0] == RECEIVED, "open");
    start_require(
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
    start_call(SCRATCH_2, &message);
    start_require(message.label == P9_OK, "transact");
    for (unsigned i = 0; i < 8; i++) {
        version[i] = (char)block[response + 13 + i];
    }
    mnos_printf("9p: %llu bytes, type %u, version %s\n",
                (unsigned long long)message.words[0], block[response + 4], version);
    message.label = P9_CLOSE;
    start_call(SCRATCH_2, &message);
    start_require(message.label == P9_OK, "close");
    message.label = P9_TRANSACT;
    start_call(SCRATCH_2, &message);
    start_require(message.label == P9_CLOSED, "closed");
    /* What was lent is taken back, mapping and all: there is room again. */
    start_require(sys_alloc_memory(MN_INIT_SLOT_MEMORY, RECEIVED, 0) == MN_OK &&
                      sys_map_memory(MN_INIT_SLOT_SELF, RECEIVED, BLOCK, 0) == MN_OK,
                  "still mapped");
    (void)sys_drop_cap(RECEIVED);
    (void)sys_drop_cap(SCRATCH_2);
}

/* --- the port --- */

static void wait_port(void)
{
    uint64_t bits;

    start_require(sys_wait_signal(EVENTS, 0, &bits) == MN_OK, "wait");
}

static void write_port(uint64_t endpoint, const uint8_t *bytes, uint32_t size)
{
    uint32_t done = 0;

    while (done < size) {
        struct mnos_message message = {.label = STREAM_LABEL(STREAM_WRITE, size - done),
                                       .length = MN_MESSAGE_WORDS_MAX};

        memcpy(message.words, bytes + done, size - done);
        start_call(endpoint, &message);
        if (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK) {
            wait_port();
            continue;
        }
        start_require(STREAM_CODE(message.label) == STREAM_OK, "write");
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
    start_call(endpoint, &message);
    start_require(STREAM_CODE(message.label) == STREAM_OK, "subscribe");
    while (zeros < 16) {
        uint8_t bytes[STREAM_MESSAGE_BYTES];

        message = (struct mnos_message){
            .label = STREAM_LABEL(STREAM_READ, STREAM_MESSAGE_BYTES),
            .length = MN_MESSAGE_WORDS};
        start_call(endpoint, &message);
        if (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK) {
            wait_port();
            continue;
        }
        uint32_t size = STREAM_BYTES(message.label);
        start_require(STREAM_CODE(message.label) == STREAM_OK && size > 0, "read");
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
        start_call(endpoint, &message);
    } while (STREAM_CODE(message.label) == STREAM_WOULD_BLOCK && (wait_port(), true));
    mnos_printf("port: %llu bytes\n", (unsigned long long)total);
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;
    static struct started bus;
    static struct started rng;
    static struct started p9;
    static struct started port;

    start_system(&init, boot_info);
    start_require(sys_create_notification(MN_INIT_SLOT_MEMORY, EVENTS) == MN_OK,
                  "events");
    start_bus(&bus);
    list_devices();
    refuse_strangers();
    start_driver(&rng, ENDPOINTS, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "at first");
    start_driver(&p9, ENDPOINTS + 1, "virtio_9p", PCI_DEVICE_VIRTIO_9P);
    test_9p(p9.endpoint);
    start_driver(&port, ENDPOINTS + 2, "virtio_console", PCI_DEVICE_VIRTIO_CONSOLE);
    test_port(port.endpoint);
    start_require(rng_is_claimed(), "the rng is nobody's");
    start_kill(&rng);
    start_require(!rng_is_claimed(), "the rng is still a dead driver's");
    start_driver(&rng, ENDPOINTS, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "after a restart");
    start_kill(&bus);
    start_bus(&bus);
    start_require(!rng_is_claimed(),
                  "a new bus knows no driver"); /* and has reset all */
    lose_device(&rng);
    start_driver(&rng, ENDPOINTS, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    test_random(rng.endpoint, "with a new bus");
    mnos_printf("devices: done\n");
    start_end(&init);
    return 1;
}
