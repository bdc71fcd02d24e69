/**
 * fuzz_link.c - core/link fed by a hostile other side, in two ways of cutting the bytes.
 *
 * The first byte says which side and how the input is cut. Both cuts must tell the same
 * events; what comes stays within the credit that was granted, and memory within the bytes
 * that were given.
 */
#include "core/link.h"
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { GRANTED = 600 };

/** What came, summed up so that the cut does not matter. */
struct summary {
    uint64_t bytes[LINK_STREAMS];
    uint64_t hash[LINK_STREAMS];
    uint64_t controls;
    uint64_t broken; /* 0 or 1; no holes: summaries are compared byte by byte */
};

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void note(struct summary *summary, const struct link *link,
                 const struct link_event *event)
{
    require(event->stream < LINK_STREAMS);
    if (event->type != LINK_DATA) {
        summary->controls =
            summary->controls * 31 + event->type * 7u + event->stream + event->value;
        require(event->type != LINK_EXIT || event->value <= 255);
    }
    for (uint32_t i = 0; event->type == LINK_DATA && i < event->size; i++) {
        summary->hash[event->stream] =
            summary->hash[event->stream] * 31 + event->bytes[i];
        summary->bytes[event->stream]++;
    }
    require(summary->bytes[event->stream] <= GRANTED);
    for (enum link_stream s = 0; s < LINK_STREAMS; s++) {
        require(link_sendable(link, s) <= LINK_DATA_MAX);
    }
}

static void feed(const uint8_t *data, size_t size, size_t piece, enum link_side side,
                 struct summary *summary)
{
    struct link link;
    uint8_t out[LINK_CONTROL_BYTES];

    link_init(&link, side);
    for (enum link_stream s = 0; s < LINK_STREAMS; s++) {
        (void)link_put_credit(&link, s, GRANTED, out);
    }
    while (size > 0 && !summary->broken) {
        size_t given = size < piece ? size : piece;
        uint8_t *copy = malloc(given);
        size_t used = 0;
        struct link_event event;

        require(copy != NULL);
        memcpy(copy, data, given);
        enum link_status status = link_receive(&link, copy, given, &used, &event);
        require(used <= given && (status != LINK_MORE || used == given));
        if (status == LINK_EVENT) {
            require(used > 0);
            note(summary, &link, &event);
        }
        free(copy);
        summary->broken = status == LINK_BROKEN;
        data += used;
        size -= used;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct summary whole = {0};
    struct summary cut = {0};

    if (size < 1) {
        return 0;
    }
    enum link_side side = (data[0] & 1) != 0 ? LINK_GUEST : LINK_HOST;
    feed(data + 1, size - 1, size, side, &whole);
    feed(data + 1, size - 1, (data[0] >> 1) + 1u, side, &cut);
    require(memcmp(&whole, &cut, sizeof(whole)) == 0);
    return 0;
}
