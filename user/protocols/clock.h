/**
 * clock.h - the time of day, by CALL.
 *
 * Monotonic time needs no service: mnos_clock_ns() reads the kernel's clock, the one that
 * deadlines are in. The service knows how far that clock's zero is from 1970.
 *
 * A request's label: the opcode. A reply's label: enum clock_status.
 */
#ifndef PROTOCOLS_CLOCK_H
#define PROTOCOLS_CLOCK_H

#include "protocols/service.h"

enum clock_opcode {
    /** Reply: word 0 = nanoseconds from 1970-01-01 00:00:00 UTC to the kernel clock's 0;
     *  wall time is that plus mnos_clock_ns(). Word 1 = the clock's resolution in ns: how
     *  far off the base may be (the RTC counts seconds; its edge is waited for). */
    CLOCK_WALL = 1
};

enum clock_status {
    CLOCK_OK = 0,
    CLOCK_UNKNOWN = 1, /**< the RTC says nothing that is a time, or there is none */
    CLOCK_INVALID = 2  /**< opcode */
};

enum clock_slot {
    CLOCK_SLOT_RTC = SERVICE_SLOT_OWN /**< IoPort 0x70, 2 (MN_INIT_SLOT_RTC); may be
                                       *   Empty */
};

#endif
