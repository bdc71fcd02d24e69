/**
 * program.h - what Init keeps of one program, and how a manifest becomes its grants.
 */
#ifndef INIT_PROGRAM_H
#define INIT_PROGRAM_H

#include "core/attributes.h"
#include "init/file_sessions.h"
#include "init/init.h"
#include "init/instance.h"
#include "init/start_block.h"
#include "mnos/tar.h"
#include "protocols/program.h"
#include <stdbool.h>
#include <stdint.h>

enum {
    PROGRAM_NAME_BYTES = 64,
    PROGRAM_DENIALS_TOLD = 10,   /**< on the program's log stream; Init's log has all */
    PROGRAM_STORY_BYTES = 16384, /**< the most that is told of a program at its end */
    PROGRAM_PROBLEM_BYTES = 256
};

/** A program. A zeroed one is free. */
struct program {
    uint64_t badge; /**< of its instance; 0: free */
    char name[PROGRAM_NAME_BYTES];
    uint64_t control_slot; /**< Init's copy of its control notification */
    uint32_t client;       /**< of the console service */
    bool told_end;         /**< PROGRAM_ENDED has come */
    uint32_t status;       /**< then: its exit status */
    uint32_t denials;
    struct file_session *sessions; /**< of the heap */
    uint32_t session_count;
    char *story; /**< lines for its log stream, of the heap; NULL: none yet */
    uint32_t story_bytes;
};

/** A program that is being put together. */
struct program_plan {
    const struct init *init;
    struct program *program;
    const struct instance *instance;
    struct start_block block;
    uint64_t next_slot;      /**< of its CNode, for the next grant */
    uint64_t next_vaddr;     /**< of its address space, for the next mapping */
    uint32_t host_directory; /**< `dir host:` lines so far */
    char problem[PROGRAM_PROBLEM_BYTES]; /**< after a failure: what to tell */
};

/** What the account of a program must hold, by its manifest and its module. */
uint64_t program_memory(const struct init *init, const struct tar_file *manifest,
                        uint64_t module_bytes);

/** Gives the program what its manifest says. False with `problem` written. */
MN_MUST_CHECK bool program_grant(struct program_plan *plan,
                                 const struct tar_file *manifest);

#endif
