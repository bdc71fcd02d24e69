/**
 * start.h - for programs in Init's place: starts services as their protocols say, and talks
 * to them. What fails ends the machine with MN_END_FAILED.
 */
#ifndef TESTS_E2E_START_H
#define TESTS_E2E_START_H

#include "init/init.h"
#include "mnos/message.h"
#include "mnos/process_loader.h"
#include "protocols/pci_bus.h"

/** Slots that start.c uses; those from START_SLOT_FREE to below INIT_SLOT_SCRATCH are the
 *  program's. */
enum start_slot {
    START_SLOT_SCRATCH = 20, /**< these two are Empty between calls */
    START_SLOT_SCRATCH_2,
    START_SLOT_RECEIVED, /**< where a reply's capability goes */
    START_SLOT_BUS,      /**< the bus's endpoint, WRITE and GRANT */
    START_SLOT_FREE
};

/** A service: its process and its endpoint, with badge 0, WRITE and GRANT. */
struct started {
    struct mnos_process process;
    uint64_t endpoint;
};

/** serial_drv runs, messages have a buffer. */
void start_system(struct init *init, const struct mn_boot_info *boot_info);

/** Ends the machine. */
void start_end(struct init *init);

/** Ends the machine as a failure if @p holds does not hold. */
void start_require(bool holds, const char *what);

/** Makes a service whose endpoint goes to the slot @p endpoint, with what all have. */
void start_create(struct started *service, uint64_t endpoint);

/** Puts a copy of what is in @p source into the service's slot @p target. */
void start_give(const struct started *service, uint64_t source, uint64_t target,
                uint64_t rights);

/** The same, of another's endpoint, badged. */
void start_give_badge(const struct started *service, uint64_t endpoint, uint64_t badge,
                      uint64_t target);

/** Loads the service's program from the initrd and starts it. */
void start_run(struct started *service, const char *name);

/** The same, with an argument for its main(). */
void start_run_with(struct started *service, const char *name, uint64_t argument);

/** The PCI bus, by START_SLOT_BUS. */
void start_bus(struct started *bus);

/** The driver of the machine's first virtio device of that kind. */
void start_driver(struct started *driver, uint64_t endpoint, const char *name,
                  uint32_t device);

/** Kills it and waits until all that it had is given back. */
void start_kill(struct started *service);

/** A CALL that may fail; words only. */
mn_status start_try_call(uint64_t endpoint, struct mnos_message *message);

/** A CALL; a capability of the reply goes to START_SLOT_RECEIVED. */
void start_call(uint64_t endpoint, struct mnos_message *message);

#endif
