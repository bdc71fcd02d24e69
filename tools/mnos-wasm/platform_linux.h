/**
 * platform_linux.h - the engine's platform on Linux: malloc, mmap and SIGSEGV.
 */
#ifndef MNOS_WASM_PLATFORM_LINUX_H
#define MNOS_WASM_PLATFORM_LINUX_H

#include "wasm/wasm.h"

/**
 * The platform, with guard pages. The first call installs a handler for SIGSEGV and SIGBUS
 * that turns a fault inside of a reservation, on a thread that is inside of `enter`, into
 * enter's `false`; every other fault goes to the handler that was there before.
 */
struct wasm_platform platform_linux(void);

#endif
