/* WASI has no setjmp; this keeps the host's header out. See for_lua.h. */
