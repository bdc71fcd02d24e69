/**
 * inspect.h - a listing of everything: accounts, processes, threads, slots, mappings.
 *
 * Each reader has its place in its TCB. It stays right while derivation_changes does, which
 * counts everything that comes and goes; else the reader begins anew. Lock: the kernel's.
 */
#ifndef PROCESS_INSPECT_H
#define PROCESS_INSPECT_H

#include "abi/inspect.h"
#include "sched/thread.h"

/** Tells @p place, the reader's, from the beginning if @p cursor is 0. MN_ERROR_INVALID_ARGUMENT:
 *  not the cursor that the reader was told last; MN_ERROR_GONE: something changed since. */
MN_MUST_CHECK mn_status inspect_begin(struct inspect_place *place, uint64_t cursor);

/** Goes on by one thing; true: it is one of those asked for, in @p out_record. */
bool inspect_next(struct inspect_place *place, uint64_t kinds,
                  struct mn_inspected *out_record);

#endif
