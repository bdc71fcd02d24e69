/**
 * layout.h - what Init puts where: its address space beyond the contract, its CNode.
 */
#ifndef INIT_LAYOUT_H
#define INIT_LAYOUT_H

#include "abi/cap.h"
#include "abi/user_memory_map.h"

/** Addresses of Init's own choice, between the initrd's and the heap's. */
#define INIT_SCRATCH_PAGE   0x30000000ul /**< mapped only while a page is filled */
#define INIT_STARTUP_PAGE   0x30010000ul /**< shared with serial_drv */
#define INIT_CONSOLE_BUFFER 0x30100000ul /**< likewise */
#define INIT_LOG_STACK      0x30210000ul /**< the log thread's; unmapped around it */

/* Above the heap. */
#define INIT_IMAGE_AREA  0x100000000ul /**< mapped only while an image is filled */
#define INIT_BLOCK_AREA  0x200000000ul /**< mapped only while a start block is filled */
#define INIT_REPORT_AREA 0x300000000ul /**< the report area of each program */
#define INIT_FILE_BUFFERS \
    0x400000000ul /**< the supervisor's buffer of each file service */

#define INIT_LOG_STACK_PAGES      4ul
#define INIT_CONSOLE_BUFFER_ORDER 4u

/** Slots of Init's own choice. The calls that choose slots themselves take low ones. */
enum init_slot {
    INIT_SLOT_SCRATCH = 32, /**< Empty between uses */
    INIT_SLOT_REQUESTS, /**< serial_drv's endpoint for requests, to make clients of */
    INIT_SLOT_INPUT,    /**< its endpoint for typed lines */
    INIT_SLOT_CONSOLE,  /**< requests by badge INIT_BADGE_MAIN */
    INIT_SLOT_LOG_CONSOLE,   /**< requests by badge INIT_BADGE_LOG */
    INIT_SLOT_STARTUP_FRAME, /**< the page shared with serial_drv */
    INIT_SLOT_BUFFER_FRAME,  /**< the buffer shared with serial_drv */
    INIT_SLOT_SUPERVISOR,    /**< the endpoint that instances report by and live by */
    INIT_SLOT_EVENTS,        /**< the notification bound to the supervisor's thread */
    INIT_SLOT_GONE_EVENT,    /**< that, badged INIT_EVENT_GONE */
    INIT_SLOT_TIMER_EVENT,   /**< that, badged INIT_EVENT_TIMER */
    INIT_SLOT_OUTPUT_EVENT,  /**< a notification: the console has room again */
    INIT_SLOT_DYNAMIC        /**< from here on: instances */
};
_Static_assert(INIT_SLOT_DYNAMIC < MN_CNODE_INITIAL_SLOTS, "the CNode has them");

/** Bits of the notification INIT_SLOT_EVENTS. */
enum init_event {
    INIT_EVENT_GONE = 1, /**< an instance has ended */
    INIT_EVENT_TIMER = 2 /**< a service is to be started again */
};

/** Init's clients of the console, by badge. */
enum init_badge {
    INIT_BADGE_MAIN = 1,
    INIT_BADGE_LOG = 2,
    INIT_BADGE_SERVICES =
        3 /**< from here on: the services, by their place in the list */
};

#endif
