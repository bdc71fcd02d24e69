/**
 * services.h - the services of system.manifest: started in its order, watched, started again.
 *
 * A service's endpoint is Init's and outlives the service: who calls while it is started
 * again waits. One that ended too often in a row, or that is optional and ended by
 * itself, is given up: its endpoint is closed, and its clients hear that at once.
 */
#ifndef INIT_SERVICES_H
#define INIT_SERVICES_H

#include "init/init.h"
#include "init/instance.h"
#include "init/system_manifest.h"

/** Reads the manifest and starts all services. False when there is none, or after
 *  init_fail() when it is wrong. One that cannot be started is told, and given up. */
bool services_start(struct init *init);

/** The instance of the service @p index has ended. Starts it again later, or gives it
 *  up. */
void services_ended(struct init *init, struct instance *instance);

/** Starts those again whose time has come. */
void services_tick(struct init *init);

/** Init's slot of the endpoint of the service @p name; 0: there is none, or it was given
 *  up. */
uint64_t services_endpoint(const char *name);

/** The instance of the service @p name that runs now; NULL: none. */
struct instance *services_instance(const char *name);

/** The system's manifest, read by services_start(). */
const struct system_manifest *services_manifest(void);

/** Nanoseconds from 1970 to the kernel clock's zero, by the service `clock`; 0: nobody
 *  knows. */
uint64_t services_wall_time_ns(void);

#endif
