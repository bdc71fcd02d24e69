/**
 * server_loop.h - a file service as a process: its requests, and clients that are gone.
 */
#ifndef LIBFILE_SERVER_LOOP_H
#define LIBFILE_SERVER_LOOP_H

#include "libfile/server.h"

/**
 * Serves @p system on SERVICE_SLOT_REQUESTS, with the memory of malloc's family for what is kept of
 * sessions. Returns when nobody can send requests any more.
 */
void server_loop(const struct file_system *system,
                 const struct file_service_start *start);

#endif
