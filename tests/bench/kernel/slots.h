/**
 * slots.h - where the two programs of the kernel's benchmark have their endpoints.
 */
#ifndef BENCH_KERNEL_SLOTS_H
#define BENCH_KERNEL_SLOTS_H

/** Slots of the partner's CNode; it holds nothing else. */
enum partner_slot {
    PARTNER_SLOT_REQUESTS = 1, /**< Endpoint, READ */
    PARTNER_SLOT_ANSWERS = 2   /**< Endpoint, WRITE */
};

/** Slots of the benchmark's own choice in Init's CNode. */
enum bench_slot {
    BENCH_SLOT_SCRATCH = 32, /**< Empty between uses */
    BENCH_SLOT_REQUESTS,     /**< Endpoint to the partner */
    BENCH_SLOT_ANSWERS,      /**< Endpoint from the partner */
    BENCH_SLOT_STACK,        /**< Empty between uses */
    BENCH_SLOT_THERE,        /**< likewise */
    BENCH_SLOT_BACK          /**< likewise */
};

/** What the partner is to do: its argument. */
enum partner_work {
    PARTNER_ECHOES = 0,  /**< sends back what it receives */
    PARTNER_YIELDS = 1,  /**< YIELDs for ever */
    PARTNER_SERVES = 2,  /**< replies to calls over REQUESTS with what they said */
    PARTNER_SIGNALS = 3, /**< waits for REQUESTS, a notification, and signals ANSWERS */
    PARTNER_SERVES_LONG =
        4,              /**< as PARTNER_SERVES, and adds 1 to the last of 64 words */
    PARTNER_TRAPS = 5,  /**< raises INT3 for ever */
    PARTNER_TOUCHES = 6 /**< reads one page after the other, from 1 GiB on */
};

#endif
