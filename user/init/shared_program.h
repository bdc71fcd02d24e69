/**
 * shared_program.h - wasm_host in many processes, its code and constants in memory once.
 */
#ifndef INIT_SHARED_PROGRAM_H
#define INIT_SHARED_PROGRAM_H

#include "core/attributes.h"
#include "init/instance.h"
#include "mnos/tar.h"
#include <stdbool.h>
#include <stdint.h>

/**
 * Maps the program in the ELF file @p file, always the same one, into @p instance: what is
 * writable is the instance's own and paid by it, all else is Init's and shared. False with
 * @p out_error written.
 */
MN_MUST_CHECK bool shared_program_load(const struct instance *instance,
                                       const struct tar_file *file, uint64_t *out_entry,
                                       struct mnos_process_error *out_error);

#endif
