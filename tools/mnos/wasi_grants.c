/**
 * wasi_grants.c - see wasi_grants.h.
 */
#include "wasi_grants.h"
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

static const char module_name[] = "wasi_snapshot_preview1";

static const struct wasi_function functions[] = {
#define FUNCTION(name, signature) {#name, signature},
#include "wasi/functions.def"
#undef FUNCTION
};

/** Functions that can need a grant, by the beginning of their names. */
static const struct {
    const char *prefix;
    enum wasi_grant grant;
} grants[] = {{"path_", WASI_GRANT_DIRECTORY},
              {"clock_", WASI_GRANT_CLOCK},
              {"random_", WASI_GRANT_RANDOM},
              {"sock_", WASI_GRANT_NETWORK}};

static bool is_name(struct wasm_name name, const char *text)
{
    return name.size == strlen(text) && memcmp(name.bytes, text, name.size) == 0;
}

static const char *type_of(char letter)
{
    return letter == 'i' ? "i32" : "i64";
}

/** Takes @p word off the beginning of *@p text; false if it is another. */
static bool take(const char **text, const char *word)
{
    size_t length = strlen(word);

    if (strncmp(*text, word, length) != 0) {
        return false;
    }
    *text += length;
    return true;
}

/** Takes `(KIND i32 i64 …)` off *@p type for the letters up to @p end, nothing for none. */
static bool take_list(const char **type, const char *kind, const char *letters,
                      const char *end)
{
    if (letters == end) {
        return true;
    }
    if (!take(type, " (") || !take(type, kind)) {
        return false;
    }
    for (; letters < end; letters++) {
        if (!take(type, " ") || !take(type, type_of(*letters))) {
            return false;
        }
    }
    return take(type, ")");
}

/** Is @p type, as printed, that of @p signature? */
static bool has_type(const char *type, const char *signature)
{
    const char *colon = strchr(signature, ':');

    return take(&type, "(func") && take_list(&type, "param", signature, colon) &&
           take_list(&type, "result", colon + 1, colon + strlen(colon)) &&
           strcmp(type, ")") == 0;
}

enum wasi_grant wasi_grants_needed(const struct wasi_function *function)
{
    for (size_t i = 0; i < sizeof(grants) / sizeof(grants[0]); i++) {
        if (strncmp(function->name, grants[i].prefix, strlen(grants[i].prefix)) == 0) {
            return grants[i].grant;
        }
    }
    return WASI_GRANT_NONE;
}

const struct wasi_function *wasi_grants_find(struct wasm_name module,
                                             struct wasm_name name, const char *type)
{
    if (!is_name(module, module_name)) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(functions) / sizeof(functions[0]); i++) {
        if (is_name(name, functions[i].name)) {
            return has_type(type, functions[i].signature) ? &functions[i] : NULL;
        }
    }
    return NULL;
}
