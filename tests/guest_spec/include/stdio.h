/**
 * stdio.h - what the suite's runner uses of it, in ring 3: COM1 and core/format.
 */
#ifndef GUEST_SPEC_STDIO_H
#define GUEST_SPEC_STDIO_H

#include "core/format.h"
#include "mnos/console.h"

#define printf(...)    ((void)mnos_printf(__VA_ARGS__))
#define snprintf(...)  ((int)format_buffer(__VA_ARGS__))
#define vsnprintf(...) ((int)format_buffer_v(__VA_ARGS__))

#endif
