/**
 * main.c - hello_wasm: the module that Init runs to show that the engine works.
 *
 * Imports env.host_print; exports add, run_guest and memory. Any module with these
 * may stand in its place in the initrd: Init prints what that one computes.
 */
#include <stdint.h>

/** The host prints the @p size bytes at @p text of this module's memory. */
__attribute__((import_module("env"), import_name("host_print"))) void
host_print(const char *text, uint32_t size);

__attribute__((export_name("add"))) int32_t add(int32_t a, int32_t b);
__attribute__((export_name("run_guest"))) void run_guest(void);

/** Wraps modulo 2^32, as i32.add does. */
int32_t add(int32_t a, int32_t b)
{
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

void run_guest(void)
{
    static const char greeting[] = "Hello from the Wasm Sandbox!\n";

    host_print(greeting, sizeof(greeting) - 1);
}
