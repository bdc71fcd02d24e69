/**
 * errno_linux.h - Linux's error numbers as WASI's.
 */
#ifndef MNOS_WASM_ERRNO_LINUX_H
#define MNOS_WASM_ERRNO_LINUX_H

#include "wasi/wasi_types.h"

/** WASI's number for @p number, an errno value or 0; WASI_EIO for what WASI has not. */
enum wasi_errno errno_to_wasi(int number);

#endif
