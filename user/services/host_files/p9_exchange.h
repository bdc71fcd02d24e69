/**
 * p9_exchange.h - one request and its response; between the files of the 9P client.
 */
#ifndef HOST_FILES_P9_EXCHANGE_H
#define HOST_FILES_P9_EXCHANGE_H

#include "services/host_files/p9_client.h"

/** Begins a request. */
struct p9_writer p9_request(struct p9_client *client, enum p9_type type);

/** Sends it. FILE_OK: *@p out_reader stands behind the response's header. */
MN_MUST_CHECK enum file_status p9_exchange(struct p9_client *client, enum p9_type type,
                                           struct p9_writer *writer,
                                           struct p9_reader *out_reader);

/** The same for responses of which only the kind matters. */
MN_MUST_CHECK enum file_status p9_tell(struct p9_client *client, enum p9_type type,
                                       struct p9_writer *writer);

/** A zero-terminated name. */
void p9_put_name(struct p9_writer *writer, const char *name);

#endif
