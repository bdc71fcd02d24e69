/**
 * stdlib.h - what the suite's runner uses of it, in ring 3: libmnos's heap.
 */
#ifndef GUEST_SPEC_STDLIB_H
#define GUEST_SPEC_STDLIB_H

#include "mnos/heap.h"

#endif
