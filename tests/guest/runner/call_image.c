/**
 * call_image.c - see call_image.h.
 */
#include "guest/runner/call_image.h"

#include "core/bytes.h"

void image_fill(struct call_image *image, uint64_t slot, uint8_t seed)
{
    memset(image, seed, sizeof(*image));
    image->slot = slot;
    image->info = MN_MESSAGE_INFO(seed);
    for (unsigned n = 0; n < MN_MESSAGE_WORDS; n++) {
        image->words[n] = seed * 0x0101010101010101ul + n;
    }
    image->mxcsr = 0x1f80 | (seed & 3u) << 13;
    image->x87_control = (uint16_t)(0x37f | (seed & 3u) << 10);
}

bool image_is_kept(const struct call_image *image, uint8_t seed)
{
    struct call_image old;
    bool kept = true;

    image_fill(&old, 0, seed);
    for (unsigned n = 0; n < sizeof(image->vectors); n++) {
        uint8_t byte = image->vectors[n / 16][n % 16];

        kept = kept && (byte == 0 || byte == seed);
    }
    return kept && image->rbp == old.rbp && image->r15 == old.r15 &&
           image->mxcsr == old.mxcsr && image->x87_control == old.x87_control;
}
