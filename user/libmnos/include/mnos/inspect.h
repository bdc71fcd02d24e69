/**
 * inspect.h - listing everything there is, by an Inspector.
 */
#ifndef MNOS_INSPECT_H
#define MNOS_INSPECT_H

#include "abi/inspect.h"
#include "abi/status.h"
#include "core/attributes.h"

/** One INSPECT by the Inspector in @p slot [READ]: up to @p size bytes of records of @p kinds
 *  (1 << MN_INSPECT_*). @p cursor is 0 at first, and at the end. Errors:
 *  docs/syscalls/inspect.md. */
MN_MUST_CHECK mn_status sys_inspect(uint64_t slot, uint64_t kinds, uint64_t *cursor,
                                    struct mn_inspected *records, uint64_t size,
                                    uint64_t *out_count);

/** All records of @p kinds, up to @p capacity. MN_ERROR_NO_MEMORY: there are more.
 *  MN_ERROR_GONE: something changed meanwhile, a hundred times in a row. */
MN_MUST_CHECK mn_status mnos_inspect(uint64_t slot, uint64_t kinds,
                                     struct mn_inspected *records, uint64_t capacity,
                                     uint64_t *out_count);

/** The node of the parent of @p record, one of @p count; 0: it is a root, or the way to the
 *  parent leads over a record that is not there. */
uint64_t mnos_inspect_parent(const struct mn_inspected *record,
                             const struct mn_inspected *records, uint64_t count);

#endif
