/**
 * inttypes.h - the formats that the suite's runner uses.
 */
#ifndef GUEST_SPEC_INTTYPES_H
#define GUEST_SPEC_INTTYPES_H

#include <stdint.h>

#define PRIu32 "u"
#define PRIu64 "lu"
#define PRIx64 "lx"

#endif
