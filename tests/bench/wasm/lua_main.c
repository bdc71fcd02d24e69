/**
 * lua_main.c - Lua, built from Debian's source, running a script that is compiled in: string
 * building and matching, tables, closures, numbers. Libraries that need an operating system are
 * left out; so is setjmp, which the wasm32 C library lacks: an error would end the program.
 */
#include "bench.h"
#include <lauxlib.h>
#include <lua.h>
#include <lualib.h>

static const char script[] =
    "local rounds = ...\n"
    "local sum = 0\n"
    "local function fib(n) if n < 2 then return n end return fib(n-1) + fib(n-2) end\n"
    "for round = 1, rounds do\n"
    "  sum = (sum * 31 + fib(20)) % 1000000007\n"
    "  local t = {}\n"
    "  for i = 1, 3000 do t[i] = (i * 7919 + round) % 3001 end\n"
    "  table.sort(t)\n"
    "  for i = 1, #t, 7 do sum = (sum * 31 + t[i]) % 1000000007 end\n"
    "  local words = {}\n"
    "  for i = 1, 300 do words[#words + 1] = 'k' .. (i * round % 97) end\n"
    "  local counts = {}\n"
    "  for w in table.concat(words, ' '):gmatch('%a%d+') do\n"
    "    counts[w] = (counts[w] or 0) + 1\n"
    "  end\n"
    "  for i = 0, 96 do sum = (sum + i * (counts['k' .. i] or 0)) % 1000000007 end\n"
    "  local x = 0.5\n"
    "  for i = 1, 5000 do x = 3.7 * x * (1 - x) end\n"
    "  sum = (sum + math.floor(x * 1000000)) % 1000000007\n"
    "  local make = function(k) return function(v) return v * k % 1009 end end\n"
    "  local f = make(round)\n"
    "  for i = 1, 3000 do sum = sum + f(i) end\n"
    "end\n"
    "return sum % 1000000007\n";

int main(void)
{
    static const luaL_Reg libraries[] = {{LUA_GNAME, luaopen_base},
                                         {LUA_TABLIBNAME, luaopen_table},
                                         {LUA_STRLIBNAME, luaopen_string},
                                         {LUA_MATHLIBNAME, luaopen_math},
                                         {NULL, NULL}};
    lua_State *lua = luaL_newstate();

    for (const luaL_Reg *library = libraries; library->func != NULL; library++) {
        luaL_requiref(lua, library->name, library->func, 1);
        lua_pop(lua, 1);
    }
    if (luaL_loadstring(lua, script) != LUA_OK) {
        return 1;
    }
    lua_pushinteger(lua, 30 * SCALE);
    lua_call(lua, 1, 1);
    return bench_result("lua", (uint32_t)lua_tointeger(lua, -1));
}
