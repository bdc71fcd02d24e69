/**
 * for_lua.h - what Lua asks of C and WASI's libc has not: setjmp, processes, temporary names.
 *
 * Without setjmp an error ends the program by a trap. Included by -include.
 */
#include <stdio.h>

#define luai_jmpbuf      int
#define LUAI_THROW(L, c) __builtin_trap()
#define LUAI_TRY(L, c, a) \
    {                     \
        a                 \
    }
#define lua_tmpnam(b, e) \
    {                    \
        (void)(b);       \
        (e) = 1;         \
    }
#define LUA_TMPNAMBUFSIZE 32

static inline int system(const char *command)
{
    (void)command;
    return -1;
}

#define tmpfile() ((FILE *)0)
