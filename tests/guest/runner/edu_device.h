/**
 * edu_device.h - finds the machine's edu device (common/edu.h) and gives tests its parts.
 */
#ifndef GUEST_RUNNER_EDU_DEVICE_H
#define GUEST_RUNNER_EDU_DEVICE_H

#include <stdbool.h>
#include <stdint.h>

/** Where edu_map() maps the registers. */
#define EDU_VADDR 0x58000000ul

/** Is there one on bus 0? The rest needs it. */
bool edu_exists(void);

/** Switches its memory and DMA on, and puts a DeviceMemory capability for its registers into
 *  the Empty slot @p target. Interrupts are by pin until edu_set_message(). */
void edu_open(uint64_t target);

/** Maps the registers that are in @p slot at EDU_VADDR. */
void edu_map(uint64_t slot);

/** Its interrupts become messages: @p data written to @p address. */
void edu_set_message(uint64_t address, uint32_t data);

#endif
