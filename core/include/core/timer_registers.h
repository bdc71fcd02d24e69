/**
 * timer_registers.h - the HPET (its specification, 2.3.4) and the PIT (8254 datasheet).
 */
#ifndef CORE_TIMER_REGISTERS_H
#define CORE_TIMER_REGISTERS_H

enum {
    /* HPET registers (2.3.4), in 32-bit words. */
    HPET_PERIOD = 0x004 / 4, /* femtoseconds a tick */
    HPET_CONFIGURATION = 0x010 / 4,
    HPET_COUNTER = 0x0f0 / 4,
    HPET_ENABLE = 1 << 0,
    HPET_LEGACY_REPLACEMENT = 1 << 1,

    PIT_CHANNEL_2 = 0x42,
    PIT_COMMAND = 0x43,
    PIT_CHANNEL_2_ONE_SHOT = 0xb0, /* both bytes, mode 0, binary */
    PIT_CHANNEL_2_LATCH = 0x80,
    PIT_GATE_PORT = 0x61,
    PIT_GATE = 1 << 0,
    PIT_SPEAKER = 1 << 1,
    PIT_OUTPUT = 1 << 5
};

#endif
