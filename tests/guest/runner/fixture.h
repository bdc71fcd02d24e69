/**
 * fixture.h - one capability of each type, and each call's description: what the table
 * tests make wrong one by one.
 */
#ifndef GUEST_RUNNER_FIXTURE_H
#define GUEST_RUNNER_FIXTURE_H

#include "abi/syscall.h"
#include "guest/runner/harness.h"

/** Where the fixture's capabilities are, with ALL rights; a type's slot is
 *  FIXTURE_SLOT + type. */
enum { FIXTURE_SLOT = TEST_SLOT, FIXTURE_SPARE = TEST_SLOT + MN_CAP_TYPES };

/** The limit of the fixture's account, which nothing is charged to yet. */
enum { FIXTURE_FRAMES = 64 };

/** An address that is free in the runner. */
#define FIXTURE_VADDR (TEST_AREA + 0x100000ul)

/** What an argument of a call is. */
enum argument_kind {
    ARGUMENT_PLAIN,   /**< a number; no capability */
    ARGUMENT_CAP,     /**< slot of a capability of type `type`, with `rights` */
    ARGUMENT_ANY_CAP, /**< slot of any capability, with `rights` */
    ARGUMENT_EMPTY,   /**< an Empty slot of the caller's */
    ARGUMENT_PEER     /**< an Empty slot of the process in argument 0 */
};

struct call_argument {
    enum argument_kind kind;
    uint32_t type;   /**< enum mn_cap_type */
    uint32_t rights; /**< that it needs */
    uint64_t good;   /**< a value with which the call succeeds */
    uint32_t other;  /**< another type that will do; or 0 */
};

enum { CALL_ARGUMENTS = 5 };

/** A call that succeeds with the good arguments; see `blocks`. */
struct call {
    const char *name;
    uint64_t number;
    struct call_argument arguments[CALL_ARGUMENTS];
    bool blocks; /**< with good arguments it does not return: never made */
};

extern const struct call calls[];
extern const unsigned call_count;

/** Is there such a type of capability? Some numbers are not given away. */
bool type_exists(uint32_t type);

/** Makes the fixture, in slots that the harness empties. One bit of its notification is
 *  set. */
void fixture_create(void);

/** The same without a Thread, and with the objects paid by the account in @p account. */
void fixture_create_from(uint64_t account);

/** The good arguments of a call. */
void call_good_arguments(const struct call *call, uint64_t arguments[6]);

/** The name of a type of capability. */
const char *type_name(uint32_t type);

#endif
