/**
 * console_message.c - bytes into console messages and out of them.
 */
#include "mnos/console_message.h"
#include "core/bytes.h"
#include "protocols/console.h"

enum { LENGTH_SHIFT = 8 };

struct mn_message console_message_pack(uint32_t opcode, const void *bytes, size_t size,
                                       bool end)
{
    uint8_t packed[CONSOLE_MESSAGE_BYTES] = {0};
    size_t carried = size < sizeof(packed) ? size : sizeof(packed);

    memcpy(packed, bytes, carried);
    return (struct mn_message){
        .label = opcode | carried << LENGTH_SHIFT | (end ? CONSOLE_END : 0),
        .data0 = bytes_load_le64(packed),
        .data1 = bytes_load_le64(packed + 8),
    };
}

uint32_t console_message_opcode(const struct mn_message *message)
{
    return (uint8_t)message->label;
}

bool console_message_ends(const struct mn_message *message)
{
    return (message->label & CONSOLE_END) != 0;
}

size_t console_message_unpack(const struct mn_message *message, uint8_t out_bytes[16])
{
    size_t size = (uint8_t)(message->label >> LENGTH_SHIFT);

    if (size > CONSOLE_MESSAGE_BYTES) {
        size = CONSOLE_MESSAGE_BYTES;
    }
    for (size_t i = 0; i < size; i++) {
        uint64_t word = i < 8 ? message->data0 : message->data1;
        out_bytes[i] = (uint8_t)(word >> (i % 8 * 8));
    }
    return size;
}
