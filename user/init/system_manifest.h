/**
 * system_manifest.h - reads `system.manifest` of the initrd: which services Init starts,
 * with which powers.
 *
 * docs/supervisor.md describes the language; core/words.h its words. A service begins with
 * the line `service NAME [FILE]`, FILE being its ELF in the initrd, without it NAME; the
 * lines behind it are its own:
 *
 *   memory SIZE            what its account holds; without it 1M
 *   files                  it speaks protocols/file.h, and is started as that demands
 *   optional               it may end by itself: the machine lacks what it serves
 *   give POWER [RIGHTS]    one of Init's powers into its next own slot; rights are letters of
 *                          `rwxgv` (read, write, execute, grant, revoke); without: rw
 *   use SERVICE [BADGE]    another's endpoint into the next own slot, WRITE, badged
 *   device VENDOR:DEVICE [INDEX]   the PCI bus's endpoint, badged for that device
 *   skip                   the next own slot stays Empty
 *
 * The line `program NAME [COPIES]` is none of a service's: that program is started, so often,
 * once the services are.
 *
 * Pure; the text comes from the initrd and is trusted with Init's powers, but not to be
 * without mistakes.
 */
#ifndef INIT_SYSTEM_MANIFEST_H
#define INIT_SYSTEM_MANIFEST_H

#include "core/attributes.h"
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SYSTEM_SERVICES_MAX = 80,
    SYSTEM_GRANTS_MAX = 8,
    SYSTEM_PROGRAMS_MAX = 16,
    SYSTEM_COPIES_MAX = 256,
    SYSTEM_NAME_BYTES = 32 /**< with the final zero */
};

/** The service that `device` names the endpoint of. */
#define SYSTEM_BUS_SERVICE "pci_bus"

#define SYSTEM_MEMORY_DEFAULT UINT64_C(1048576)

enum system_grant_kind {
    SYSTEM_GRANT_NONE,   /**< `skip` */
    SYSTEM_GRANT_POWER,  /**< `give` */
    SYSTEM_GRANT_SERVICE /**< `use`, `device` */
};

/** What lies in one own slot of a service. */
struct system_grant {
    enum system_grant_kind kind;
    char name[SYSTEM_NAME_BYTES]; /**< of the power or the service */
    uint32_t rights;              /**< POWER: MN_RIGHT_* */
    uint64_t badge;               /**< SERVICE: 0: none */
};

struct system_service {
    char name[SYSTEM_NAME_BYTES];
    char file[SYSTEM_NAME_BYTES]; /**< its ELF in the initrd */
    uint64_t memory_bytes;
    bool optional;
    bool serves_files;
    uint32_t grant_count;
    struct system_grant grants[SYSTEM_GRANTS_MAX];
};

/** A program that is started with the system. */
struct system_program {
    char name[SYSTEM_NAME_BYTES];
    uint32_t copies;
};

struct system_manifest {
    uint32_t program_count;
    struct system_program programs[SYSTEM_PROGRAMS_MAX];
    uint32_t count;
    struct system_service services[SYSTEM_SERVICES_MAX];
    char error[160]; /**< after a failure: "line 3: expected …" */
};

/** Reads @p text. False with `error` written: a line is wrong, a service stands twice, or one
 *  uses a service that does not stand before it. */
MN_MUST_CHECK bool system_manifest_read(const char *text, size_t size,
                                        struct system_manifest *out_manifest);

/** The index of the service @p name; `count` if there is none. */
uint32_t system_manifest_find(const struct system_manifest *manifest, const char *name);

#endif
