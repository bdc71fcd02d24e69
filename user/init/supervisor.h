/**
 * supervisor.h - what Init does after its phases: services and programs, for good.
 *
 * One thread, one endpoint: reports of programs, ends of instances, and timers come to it
 * by REPLY_RECV. It waits for no instance, so none can hold it up.
 */
#ifndef INIT_SUPERVISOR_H
#define INIT_SUPERVISOR_H

#include "init/init.h"

/** Starts the services of system.manifest, and the program that the command line's
 *  `run=NAME` names. False when the initrd has no system.manifest, or after a failure that
 *  was told. */
bool supervisor_open(struct init *init);

/** Serves until that fails. */
void supervisor_serve(struct init *init);

#endif
