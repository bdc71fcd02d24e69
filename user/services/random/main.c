/**
 * main.c - random: bytes for whoever was given the service (protocols/random.h).
 *
 * The generator is seeded by the processor (RDSEED, RDRAND) and by virtio_rng, whichever are
 * there, before the first byte goes out, and again after every RESEED_BYTES. Without any
 * the service answers RANDOM_UNSEEDED rather than bytes that can be guessed.
 */
#include "core/bytes.h"
#include "mnos/cpu_random.h"
#include "mnos/process.h"
#include "mnos/service.h"
#include "protocols/random.h"
#include "services/random/generator.h"
#include <stddef.h>

enum {
    SEED_WORDS = 8,
    /** Bits that 64 bits of each source count for: RDRAND is a generator itself, and a
     *  host may know what it feeds its guest. */
    BITS_RDSEED = 48,
    BITS_RDRAND = 32,
    BITS_DEVICE = 48,
    RESEED_BYTES = 1 << 20
};

static const char name[] = "random";

static struct generator generator;
static struct cpu_random cpu;
static uint64_t handed_out; /* bytes since the last seed */

int main(void);

/** Mixes in what the processor gives by one of its two ways. */
static void seed_by_cpu(bool (*read)(uint64_t *out_bits), uint64_t bits)
{
    uint64_t words[SEED_WORDS];
    uint64_t count = 0;

    while (count < SEED_WORDS && read(&words[count])) {
        count++;
    }
    generator_seed(&generator, words, count * sizeof(words[0]), count * bits);
    memset(words, 0, sizeof(words));
}

/** Mixes in what virtio_rng gives, if there is one. */
static bool seed_by_device(void)
{
    enum { WANTED = SEED_WORDS * sizeof(uint64_t) };
    struct mnos_message message = {.label = RANDOM_LABEL(RANDOM_FILL, WANTED)};

    if (mnos_message_call(mnos_service_buffer(), RANDOM_SLOT_SOURCE, &message) !=
            MN_OK ||
        RANDOM_LABEL_CODE(message.label) != RANDOM_OK) {
        return false;
    }
    uint32_t size = RANDOM_LABEL_BYTES(message.label);
    size = size < WANTED ? size : WANTED;
    generator_seed(&generator, message.words, size, size / 8ul * BITS_DEVICE);
    return true;
}

static bool seed(void)
{
    if (cpu.rdseed) {
        seed_by_cpu(cpu_random_seed, BITS_RDSEED);
    }
    if (cpu.rdrand) {
        seed_by_cpu(cpu_random_number, BITS_RDRAND);
    }
    handed_out = 0;
    return seed_by_device();
}

static void request(void *context, struct mnos_message *message)
{
    uint32_t size = RANDOM_LABEL_BYTES(message->label);

    (void)context;
    if (message->received[0] != 0) {
        (void)sys_drop_cap(message->received[0]); /* nobody asked for it */
    }
    message->length = 0;
    if (RANDOM_LABEL_CODE(message->label) != RANDOM_FILL || size == 0 ||
        size > RANDOM_MESSAGE_BYTES) {
        message->label = RANDOM_INVALID;
        return;
    }
    if (handed_out >= RESEED_BYTES || !generator_is_ready(&generator)) {
        (void)seed();
    }
    if (!generator_fill(&generator, message->words, size)) {
        message->label = RANDOM_UNSEEDED;
        return;
    }
    handed_out += size;
    message->label = RANDOM_LABEL(RANDOM_OK, size);
    message->length = (size + 7) / 8;
}

int main(void)
{
    const struct mnos_service service = {.request = request};
    bool by_device;

    cpu = cpu_random_detect();
    by_device = seed();
    mnos_service_log(name, "seeded by%s%s%s", cpu.rdseed ? " RDSEED" : "",
                     cpu.rdrand ? " RDRAND" : "", by_device ? " virtio-rng" : "");
    return mnos_service_run(&service) == MN_OK ? 0 : 1;
}
