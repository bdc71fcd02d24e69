/**
 * console_message.h - bytes into console messages and out of them (protocols/console.h).
 *
 * Pure; the client, the driver and the tests use the same functions.
 */
#ifndef MNOS_CONSOLE_MESSAGE_H
#define MNOS_CONSOLE_MESSAGE_H

#include "abi/ipc_message.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** A message of @p opcode with the @p size bytes, at most 16, at @p bytes. */
struct mn_message console_message_pack(uint32_t opcode, const void *bytes, size_t size,
                                       bool end);

/** The opcode of a message, whoever sent it; it may be none of the protocol's. */
uint32_t console_message_opcode(const struct mn_message *message);

/** Does it carry CONSOLE_END? */
bool console_message_ends(const struct mn_message *message);

/** Copies the bytes that a message carries to @p out_bytes and returns how many, 0 to 16,
 *  whatever number a hostile sender claims. */
size_t console_message_unpack(const struct mn_message *message, uint8_t out_bytes[16]);

#endif
