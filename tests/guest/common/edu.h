/**
 * edu.h - QEMU's device for teaching (docs/specs/edu.txt of QEMU): registers, an interrupt, by pin
 * or message, and DMA between a buffer of its own and memory, which takes 100 ms.
 */
#ifndef GUEST_COMMON_EDU_H
#define GUEST_COMMON_EDU_H

#include <stdint.h>

#define EDU_PCI_ID 0x11e81234u /**< device and vendor */

enum {
    EDU_BAR_PAGES = 256,
    EDU_BUFFER = 0x40000,
    EDU_COPY_BYTES = 4088 /* it refuses its last byte */
};

/** Offsets of registers. */
enum edu_register {
    EDU_IDENTIFICATION = 0x00, /**< 0x..00ed */
    EDU_LIVENESS = 0x04,       /**< reads as the complement of what was written */
    EDU_INTERRUPT_STATUS = 0x24,
    EDU_INTERRUPT_RAISE = 0x60,
    EDU_INTERRUPT_ACK = 0x64,
    EDU_DMA_SOURCE = 0x80,
    EDU_DMA_TARGET = 0x88,
    EDU_DMA_COUNT = 0x90,
    EDU_DMA_COMMAND = 0x98
};

/** EDU_DMA_COMMAND: begin; from the device to memory; raise EDU_DMA_DONE at the end. */
enum { EDU_DMA_START = 1, EDU_DMA_TO_MEMORY = 2, EDU_DMA_INTERRUPT = 4 };
enum { EDU_DMA_DONE = 0x100 };

static inline uint32_t edu_read(uint64_t base, enum edu_register offset)
{
    return *(volatile uint32_t *)(base + offset);
}

static inline void edu_write(uint64_t base, enum edu_register offset, uint32_t value)
{
    *(volatile uint32_t *)(base + offset) = value;
}

/** Begins to copy EDU_COPY_BYTES between the device's buffer and memory at @p physical. */
static inline void edu_copy(uint64_t base, uint64_t physical, uint32_t command)
{
    uint64_t source = (command & EDU_DMA_TO_MEMORY) != 0 ? EDU_BUFFER : physical;
    uint64_t target = (command & EDU_DMA_TO_MEMORY) != 0 ? physical : EDU_BUFFER;

    *(volatile uint64_t *)(base + EDU_DMA_SOURCE) = source;
    *(volatile uint64_t *)(base + EDU_DMA_TARGET) = target;
    *(volatile uint64_t *)(base + EDU_DMA_COUNT) = EDU_COPY_BYTES;
    edu_write(base, EDU_DMA_COMMAND, command | EDU_DMA_START);
}

#endif
