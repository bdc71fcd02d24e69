/**
 * programs.h - WebAssembly programs: started with what their manifests say, listened to,
 * taken away.
 *
 * A program NAME is NAME.wasm and NAME.manifest of the initrd. Each runs in a process of
 * its own, wasm_host, with an account of its own; protocols/program.h says what it is
 * started with and what it reports.
 */
#ifndef INIT_PROGRAMS_H
#define INIT_PROGRAMS_H

#include "init/init.h"
#include "init/instance.h"
#include "mnos/message.h"

/** Starts the program @p name. False after it was told on the console (and, where it is
 *  there, on the program's own log stream) why not. */
bool programs_start(struct init *init, const char *name);

/** Takes a report of a program. */
void programs_report(struct init *init, const struct instance *instance,
                     const struct mnos_message *message);

/** The instance of a program has ended: hands its exit status on, and gives back what it
 *  had. */
void programs_ended(struct init *init, struct instance *instance);

#endif
