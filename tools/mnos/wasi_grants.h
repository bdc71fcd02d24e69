/**
 * wasi_grants.h - which grant each function of WASI preview 1 can need.
 */
#ifndef MNOS_WASI_GRANTS_H
#define MNOS_WASI_GRANTS_H

#include "wasm/wasm.h"

enum wasi_grant {
    WASI_GRANT_NONE,      /**< served without any: arguments, descriptors, exit */
    WASI_GRANT_DIRECTORY, /**< `dir` for the directory that the path is in */
    WASI_GRANT_CLOCK,     /**< `clock`, or for the time of the day `clock real` */
    WASI_GRANT_RANDOM,    /**< `random` */
    WASI_GRANT_NETWORK,   /**< there is none to grant: the program gets an errno */
    WASI_GRANTS
};

struct wasi_function {
    const char *name;
    const char *signature; /**< as in wasm_linker_define_function() */
};

/** The function that an import of this module, name and type (as
 *  wasm_module_type_print() writes it) gets; NULL: nothing serves it. */
const struct wasi_function *wasi_grants_find(struct wasm_name module,
                                             struct wasm_name name, const char *type);

/** The grant that @p function can need. */
enum wasi_grant wasi_grants_needed(const struct wasi_function *function);

#endif
