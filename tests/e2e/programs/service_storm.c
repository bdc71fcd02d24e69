/**
 * service_storm.c - in Init's place: hostile clients of every service. Random opcodes, sizes,
 * words and capabilities, by badges of every kind but those that may rightly end something.
 * Afterwards each service still does what it is for.
 */
#include "core/bytes.h"
#include "mnos/cap.h"
#include "mnos/clock.h"
#include "mnos/process.h"
#include "mnos/signal.h"
#include "protocols/clock.h"
#include "protocols/console_service.h"
#include "protocols/p9_transport.h"
#include "protocols/random.h"
#include "protocols/stream.h"
#include "start/start.h"

enum {
    EVENTS = START_SLOT_FREE,
    PORT,
    RNG,
    CONSOLE,
    RANDOM,
    CLOCK,
    P9,
    ROUNDS = 20000,
    CROWD = 700,
    CROWD_FIRST = 64,
    CLIENT = 40 /* slot of the badge that is used next */
};

/** Whose requests are made up. A control badge of the console, and a device's of the bus,
 *  may end what they steer. The driver of the port is the console's alone. */
static const struct {
    uint64_t endpoint;
    uint64_t badge;
} victims[] = {
    {START_SLOT_BUS, PCI_BUS_BADGE_LIST},
    {START_SLOT_BUS, 77},
    {START_SLOT_BUS, PCI_BUS_BADGE(PCI_VENDOR_VIRTIO, PCI_DEVICE_VIRTIO_RNG, 9)},
    {RNG, 1},
    {CONSOLE, CONSOLE_BADGE(1, CONSOLE_STDIN)},
    {CONSOLE, CONSOLE_BADGE(1, CONSOLE_STDOUT)},
    {CONSOLE, CONSOLE_BADGE(2, CONSOLE_LOG)},
    {CONSOLE, CONSOLE_BADGE(3, 99)},
    {RANDOM, 0},
    {RANDOM, 5},
    {CLOCK, 5},
    {P9, 6},
};

static uint64_t seed = 88172645463325252ull;

int main(const struct mn_boot_info *boot_info);

static uint64_t random_number(void)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return seed;
}

/** Numbers of all sizes: small ones are opcodes and offsets, large ones overflow. */
static uint64_t any_number(void)
{
    return random_number() >> (random_number() % 64);
}

static bool is_9p(uint64_t endpoint, uint64_t label)
{
    return endpoint == P9 && label == P9_TRANSACT;
}

static void storm(void)
{
    for (unsigned round = 0; round < ROUNDS; round++) {
        unsigned victim =
            (unsigned)(random_number() % (sizeof(victims) / sizeof(victims[0])));
        struct mnos_message message = {
            .label = (any_number() & 0xffffff) % (1u << random_number() % 25),
            .length = (uint32_t)(random_number() % (MN_MESSAGE_WORDS_MAX + 1))};

        for (unsigned i = 0; i < message.length; i++) {
            message.words[i] = any_number();
        }
        if (random_number() % 4 == 0) {
            mnos_message_add_cap(&message, EVENTS, (uint32_t)(random_number() % 4) + 1);
        }
        if (is_9p(victims[victim].endpoint, message.label)) {
            continue; /* the host would take the device down, as it may */
        }
        start_require(sys_mint_cap(victims[victim].endpoint, CLIENT, MN_RIGHT_WRITE,
                                   victims[victim].badge, 0) == MN_OK,
                      "badge");
        start_call(CLIENT, &message);
        (void)sys_drop_cap(START_SLOT_RECEIVED);
        (void)sys_drop_cap(CLIENT);
    }
}

static void fill(uint64_t endpoint, const char *what)
{
    struct mnos_message message = {.label = RANDOM_LABEL(RANDOM_FILL, 8)};

    start_call(endpoint, &message);
    start_require(RANDOM_LABEL_CODE(message.label) == RANDOM_OK, what);
}

/** More clients at once than a CNode begins with slots, each with a notification; twice, as
 *  what was kept for the first ones is free again. */
static void crowd(void)
{
    start_require(sys_grow_cnode(MN_INIT_SLOT_SELF, CROWD_FIRST + CROWD) == MN_OK,
                  "grow");
    for (unsigned round = 0; round < 2; round++) {
        for (uint64_t i = 0; i < CROWD; i++) {
            struct mnos_message message = {
                .label = STREAM_LABEL(STREAM_SUBSCRIBE, 0), .words = {1}, .length = 1};

            start_require(
                sys_mint_cap(CONSOLE, CROWD_FIRST + i, MN_RIGHT_WRITE,
                             CONSOLE_BADGE(100 + i, CONSOLE_STDIN), 0) == MN_OK,
                "badge");
            mnos_message_add_cap(&message, EVENTS, MN_RIGHT_WRITE);
            start_call(CROWD_FIRST + i, &message);
            start_require(STREAM_CODE(message.label) == STREAM_OK, "subscribe");
        }
        for (uint64_t i = 0; i < CROWD; i++) {
            (void)sys_drop_cap(CROWD_FIRST + i);
        }
    }
    mnos_printf("crowd: %u clients\n", (unsigned)CROWD);
}

/** Each still serves. */
static void still_serve(void)
{
    struct mnos_message message = {.label = CLOCK_WALL};

    start_call(CLOCK, &message);
    start_require(message.label == CLOCK_OK, "clock");
    fill(RNG, "virtio_rng");
    fill(RANDOM, "random");
    message = (struct mnos_message){.label = P9_OPEN};
    start_call(P9, &message);
    start_require(message.label == P9_OK && message.received[0] != 0, "virtio_9p");
    (void)sys_drop_cap(START_SLOT_RECEIVED);
    start_require(sys_mint_cap(START_SLOT_BUS, CLIENT, MN_RIGHT_WRITE,
                               PCI_BUS_BADGE_LIST, 0) == MN_OK,
                  "badge");
    message = (struct mnos_message){.label = PCI_LIST, .length = 1};
    start_call(CLIENT, &message);
    start_require(message.label == PCI_BUS_OK, "pci_bus");
    (void)sys_drop_cap(CLIENT);
    start_require(sys_mint_cap(CONSOLE, CLIENT, MN_RIGHT_WRITE,
                               CONSOLE_BADGE(4, CONSOLE_STDOUT), 0) == MN_OK,
                  "badge");
    message = (struct mnos_message){.label = STREAM_LABEL(STREAM_WRITE, 0)};
    start_call(CLIENT, &message);
    start_require(STREAM_CODE(message.label) == STREAM_OK, "console");
}

static void start_services(void)
{
    static struct started bus;
    static struct started port;
    static struct started rng;
    static struct started p9;
    static struct started console;
    static struct started random;
    static struct started clock;

    start_bus(&bus);
    start_driver(&port, PORT, "virtio_console", PCI_DEVICE_VIRTIO_CONSOLE);
    start_driver(&rng, RNG, "virtio_rng", PCI_DEVICE_VIRTIO_RNG);
    start_driver(&p9, P9, "virtio_9p", PCI_DEVICE_VIRTIO_9P);
    start_create(&console, CONSOLE);
    start_give(&console, PORT, CONSOLE_SERVICE_SLOT_PORT, MN_RIGHT_WRITE);
    start_run(&console, "console");
    start_create(&random, RANDOM);
    start_give(&random, RNG, RANDOM_SLOT_SOURCE, MN_RIGHT_WRITE);
    start_run(&random, "random");
    start_create(&clock, CLOCK);
    start_give(&clock, MN_INIT_SLOT_RTC, CLOCK_SLOT_RTC, MN_RIGHTS_SAME);
    start_run(&clock, "clock");
}

int main(const struct mn_boot_info *boot_info)
{
    static struct init init;

    start_system(&init, boot_info);
    start_require(sys_create_notification(MN_INIT_SLOT_MEMORY, EVENTS) == MN_OK,
                  "events");
    start_services();
    storm();
    mnos_printf("storm: %u requests\n", (unsigned)ROUNDS);
    crowd();
    still_serve();
    mnos_printf("storm: all serve\n");
    start_end(&init);
    return 1;
}
